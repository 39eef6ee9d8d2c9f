"""What becomes of a PayPal order that the payer had to confirm (3-D Secure): https://developer.paypal.com/docs/checkout/advanced/customize/3d-secure/.

A confirmed order is paid by a call of its own, captured or held.
"""

from typing import Any, Final

from payments.connectors import documents
from payments.connectors.http_calls import OutcomeUnknown
from payments.connectors.prism import witness
from payments.connectors.prism.facts import ORDER
from payments.connectors.prism.names import Order
from payments.connectors.requests import Attempt
from payments.connectors.results import Approved, Authorized, Declined, Found, Pending

_AUTHENTICATION: Final = ("payment_source", "card", "authentication_result")


def pay(ask: Order, name: str, attempt: Attempt, ours: str) -> Found:
    """Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    order = ask("GET", f"/v2/checkout/orders/{name}", b"", None).body()
    _check(order, name, attempt, ours)
    status = documents.text(order, "status")
    if status == "COMPLETED":
        return _paid(order, name, attempt)
    if status == "VOIDED":
        return Declined("expired", "The order is over.", provider_reference=ORDER + name)
    if status != "APPROVED" or not attempt.is_wanted:
        return Pending(ORDER + name)
    if _is_refused(order):
        return Declined("authentication_failed", "The payer's bank did not confirm the payer.", provider_reference=ORDER + name)
    action = "authorize" if attempt.is_manual else "capture"
    answer = ask("POST", f"/v2/checkout/orders/{name}/{action}", b"{}", f"{attempt.attempt_id}-{action}")
    if answer.is_success:
        _check(answer.document, name, attempt, ours)
        return _paid(answer.document, name, attempt)
    if answer.status == 422 and documents.find(answer.document, "details", 0, "issue") == "INSTRUMENT_DECLINED":
        return Declined("INSTRUMENT_DECLINED", "The payer's bank refused it.", provider_reference=ORDER + name)
    raise OutcomeUnknown(f"PayPal answered {answer.status} to a confirmed order.")


def _check(order: Any, name: str, attempt: Attempt, ours: str) -> None:
    """That it is the order of this payment, of this amount. Raises Malformed, Contradiction."""
    documents.expect(order, name, "id")
    documents.expect(order, ours, "purchase_units", 0, "custom_id")
    stated = documents.find(order, "purchase_units", 0, "amount")
    if stated is not None:
        currency = documents.text(stated, "currency_code")
        amount = witness.decimal_amount(documents.find(stated, "value"), currency, name)
        if amount != attempt.amount:
            raise documents.Contradiction("amount_differs", f"{amount} {amount.currency}", name)


def _is_refused(order: Any) -> bool:
    """A payer who is enrolled and was not confirmed. Who is not enrolled cannot be."""
    result = documents.find(order, *_AUTHENTICATION)
    is_enrolled = documents.find(result, "three_d_secure", "enrollment_status") == "Y"
    return bool(is_enrolled and documents.find(result, "liability_shift") != "POSSIBLE")


def _paid(order: Any, name: str, attempt: Attempt) -> Found:
    """The capture, or the authorization, that the order has. Raises Malformed, Contradiction."""
    kind = "authorizations" if attempt.is_manual else "captures"
    made = documents.find(order, "purchase_units", 0, "payments", kind, 0)
    reference = documents.reference(made, "id")
    amount = witness.decimal_amount(documents.find(made, "amount", "value"), documents.text(made, "amount", "currency_code"), reference)
    match documents.text(made, "status"):
        case "COMPLETED" if not attempt.is_manual:
            return Approved(reference, amount)
        case "CREATED" if attempt.is_manual:
            return Authorized(reference, amount)
        case "PENDING":
            return Pending(ORDER + name)
        case "DECLINED" | "DENIED" | "FAILED" | "VOIDED":
            code = documents.code_or(made, "declined", "processor_response", "response_code")
            return Declined(code, "The payer's bank refused it.", provider_reference=reference)
        case other:
            raise documents.Malformed(f"status {other[:40]}")
