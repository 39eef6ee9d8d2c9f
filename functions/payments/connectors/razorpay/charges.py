"""How Razorpay is asked for money: an order, which moves none, then a payment of it (https://razorpay.com/docs/api/payments/s2s)."""

from collections.abc import Mapping
from typing import Any, Final

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.razorpay import documents as reading
from payments.connectors.razorpay import errors, holds
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.request_bodies import if_given
from payments.connectors.requests import Attempt
from payments.connectors.results import Charged, Declined, Pending, Redirect

CREATE_SECONDS: Final = 4
WITH_PAYER: Final = "/v1/payments/create/json"
WITH_KEPT_CARD: Final = "/v1/payments/create/recurring"


def order(api: RazorpayApi, attempt: Attempt) -> str | Declined:
    """The id of a new order. Raises NotSent, OutcomeUnknown, Malformed."""
    content = {**_amount(attempt), "receipt": attempt.attempt_id, "notes": notes(attempt), **holds.of_order(attempt)}
    response = api.post("/v1/orders", content, timeout_seconds=CREATE_SECONDS)
    return documents.reference(response.document, "id") if response.is_success else errors.refusal(response.document, api.hidden)


@calls.errors_as_results
@calls.refusable
def pay(
    api: RazorpayApi, attempt: Attempt, order_id: str, payer: Mapping[str, str], details: Mapping[str, Any], path: str = WITH_PAYER
) -> Charged:
    """Pay an order. payer: what Razorpay wants to know of one. details: what is paid with. path: with the payer there, or without."""
    payment = {
        **_amount(attempt),
        "order_id": order_id,
        **payer,
        "notes": notes(attempt),
        **if_given("callback_url", attempt.return_url),
        **details,
    }
    response = api.post(path, payment)
    if not response.is_success:
        card = (documents.text_or(details, "", "card", name) for name in ("number", "cvv"))
        return errors.refusal(response.document, (*api.hidden, *card))
    reference = documents.reference(response.document, "razorpay_payment_id")
    for step in documents.find(response.document, "next") or ():
        if documents.find(step, "action") == "redirect":
            return Redirect(documents.url(step, "url"), reference)
    return Pending(reference)


def notes(attempt: Attempt) -> dict[str, str]:
    """By what a payment is known to be this attempt's."""
    return {"payment_id": attempt.payment_id, "attempt_id": attempt.attempt_id, **holds.notes_of(attempt)}


def _amount(attempt: Attempt) -> dict[str, Any]:
    return {"amount": reading.units(attempt.amount), "currency": attempt.amount.currency}
