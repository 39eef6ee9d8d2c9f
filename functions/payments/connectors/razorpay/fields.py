"""Razorpay's own card fields: an order made by us, paid in its checkout.js (https://razorpay.com/docs/payments/payment-gateway/web-integration/standard).

An order takes several tries and one payment. What is on those payments as notes the payer's browser may have written, so the order's own
id is what they are found by.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from payments.connectors import documents, signatures
from payments.connectors.razorpay import documents as reading
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.requests import Attempt
from payments.connectors.results import Begun, Declined, Found, NotFound, Pending

PREFIX: Final = "order_"


def begun(order_id: str | Declined, credentials: Mapping[str, str]) -> Begun | Declined:
    """What checkout.js needs: the key's id, which is public, and the order."""
    if isinstance(order_id, Declined):
        return order_id
    return Begun(order_id, {"publishable_key": credentials.get("key_id", ""), "order_id": order_id})


def look_up(api: RazorpayApi, order_id: str, *, is_manual: bool) -> Found:
    """The money of the order, by its own payments. A try that failed does not use it up. Raises NotSent, OutcomeUnknown, Malformed.

    is_manual: it is held until it is captured.
    """
    payments = documents.objects(api.get(f"/v1/orders/{quote(order_id)}/payments").body(), "items")
    for payment in payments:
        documents.expect(payment, order_id, "order_id")
    found = reading.best_of(payments, is_manual=is_manual)
    # By the order it is asked for until one of its payments holds the money.
    return Pending(order_id) if isinstance(found, NotFound | Declined | Pending) else found


def check_return(secret: str, attempt: Attempt, said: Mapping[str, str]) -> None:
    """Whether Razorpay signed this payment for the order that we stored, not for the one that the browser names. Raises CallbackRefused."""
    message = f"{attempt.provider_reference}|{said.get('razorpay_payment_id', '')}"
    signatures.check_plain(said.get("razorpay_signature"), message.encode(), secret)
