"""PayPal's webhooks (https://developer.paypal.com/api/rest/webhooks/event-names/). PayPal itself says whether it sent one
(https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post).

What is about a payment wakes a question; an order that the payer approved is paid, whether or not the payer's browser still says so
(https://developer.paypal.com/docs/checkout/apm/reference/subscribe-to-webhooks/). Refunds and disputes say all of themselves.
"""

import json
import re
from typing import Any, Final

from payments.connectors import documents, signatures
from payments.connectors.documents import Malformed
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import ProviderNotice, ProviderRefund, Woken
from payments.connectors.prism import witness
from payments.connectors.prism.known import paypal_disputes
from payments.connectors.prism.ways import Incoming
from payments.connectors.results import Approved, Declined, Pending

# What is given to PayPal of the headers, by its names for them.
_HEADERS: Final = {
    "auth_algo": "paypal-auth-algo",
    "cert_url": "paypal-cert-url",
    "transmission_id": "paypal-transmission-id",
    "transmission_sig": "paypal-transmission-sig",
    "transmission_time": "paypal-transmission-time",
}
_MAX_HEADER_CHARACTERS: Final = 500
_ALGORITHM: Final = "SHA256withRSA"
# Where PayPal's certificates are: https://developer.paypal.com/api/rest/webhooks/rest/#link-messageformat
_CERTIFICATES: Final = re.compile(r"https://api(-m)?(\.sandbox)?\.paypal\.com/[!-~]*", re.ASCII)
_REFUNDED: Final = "PAYMENT.CAPTURE.REFUNDED"
_ABOUT_PAYMENTS: Final = ("PAYMENT.AUTHORIZATION.", "PAYMENT.CAPTURE.")
_ABOUT_ORDERS: Final = "CHECKOUT.ORDER."
_APPROVED: Final = "CHECKOUT.ORDER.APPROVED"
_ABOUT_DISPUTES: Final = "CUSTOMER.DISPUTE."


def read(incoming: Incoming) -> ProviderNotice | None:
    """Raises CallbackRefused, Malformed, Contradiction, NotSent, OutcomeUnknown."""
    _check(incoming)
    event = documents.parse(incoming.body)
    kind, resource = documents.text(event, "event_type"), documents.find(event, "resource")
    if kind.startswith(_ABOUT_DISPUTES):
        return paypal_disputes.read(resource, said_ms=paypal_disputes.moment_ms(event, "create_time"))
    if kind == _REFUNDED:
        return _refund(resource)
    if kind.startswith(_ABOUT_ORDERS):
        approved = documents.reference_or_none(resource, "id") if kind == _APPROVED else None
        return Woken(documents.text_or(resource, "", "purchase_units", 0, "custom_id"), approved=approved)
    if kind.startswith(_ABOUT_PAYMENTS):
        # A capture of what was held is about the hold, by which the payment is known.
        held = documents.reference_or_none(resource, "supplementary_data", "related_ids", "authorization_id")
        return Woken(documents.text_or(resource, "", "custom_id"), reference=held or documents.reference(resource, "id"))
    return None


def _check(incoming: Incoming) -> None:
    """PayPal says that it sent this. Raises CallbackRefused, Malformed, NotSent, OutcomeUnknown."""
    if not incoming.secret:
        raise CallbackRefused("no webhook secret is configured")
    given = {name: signatures.only(incoming.headers, header) or "" for name, header in _HEADERS.items()}
    if not all(0 < len(value) <= _MAX_HEADER_CHARACTERS for value in given.values()):
        raise CallbackRefused("no signature")
    if given["auth_algo"] != _ALGORITHM or not _CERTIFICATES.fullmatch(given["cert_url"]):
        # Each question costs the merchant's account one of its own.
        raise CallbackRefused("no signature of PayPal's")
    try:
        documents.parse(incoming.body)
    except Malformed as error:
        # Before its signature could be judged, so nothing in it is believed.
        raise CallbackRefused("the callback could not be read") from error
    # The event goes back as it came: written anew, its checksum would be another one.
    asked = json.dumps({**given, "webhook_id": incoming.secret}).encode()[:-1] + b', "webhook_event": ' + incoming.body + b"}"
    answer = incoming.ask("POST", "/v1/notifications/verify-webhook-signature", asked)
    if documents.find(answer.document, "verification_status") != "SUCCESS" or not answer.is_success:
        raise CallbackRefused("signature does not match")


def _refund(refund: Any) -> ProviderRefund:
    """https://developer.paypal.com/docs/api/payments/v2/#refunds_get. The capture is what its link `up` leads to."""
    reference = documents.reference(refund, "id")
    ups = [link for link in documents.objects(refund, "links") if link.get("rel") == "up"]
    charge = documents.text(ups, 0, "href").rpartition("/")[2]
    amount = witness.decimal_amount(documents.find(refund, "amount", "value"), documents.text(refund, "amount", "currency_code"), reference)
    ours = next((text for name in ("custom_id", "invoice_id") if (text := documents.text_or(refund, "", name)).startswith("ref_")), None)
    result: Approved | Pending | Declined
    match documents.text(refund, "status"):
        case "COMPLETED":
            result = Approved(reference, amount)
        case "PENDING":
            result = Pending(reference)
        case "FAILED" | "CANCELLED" as status:
            result = Declined(status.lower(), "PayPal did not make the refund.", provider_reference=reference)
        case other:
            raise Malformed(f"status {other[:40]}")
    made_ms = paypal_disputes.moment_ms(refund, "create_time")
    return ProviderRefund(reference, charge, amount, result, ours, made_ms=made_ms)
