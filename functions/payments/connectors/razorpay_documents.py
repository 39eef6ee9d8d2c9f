"""Razorpay's objects, as results: payments, refunds, errors and webhooks; and instruments as it wants them.

Amounts are in ISO 4217's smallest units.
"""

from collections.abc import Mapping
from typing import Any, Final

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.model import Approved, Declined, Found, GivenBack, NotFound, Notice, Pending
from payments.connectors.provider_calls import shown
from tokens.instruments import Card, Instrument, Upi

# What another acquirer may see differently (`error.reason`).
_RETRYABLE: Final = frozenset({"gateway_technical_error", "bank_technical_error", "server_error", "issuer_technical_error"})


def payment_of(payment: Any) -> Approved | Declined | Pending:
    """What a payment says. Raises Malformed."""
    reference, status = documents.reference(payment, "id"), documents.text(payment, "status")
    if status in {"captured", "refunded"}:
        return Approved(reference, Money(documents.whole(payment, "amount"), documents.text(payment, "currency")))
    if status == "failed":
        code = documents.code_or(payment, documents.code_or(payment, "failed", "error_code"), "error_reason")
        message = shown(documents.text_or(payment, "The payment failed.", "error_description"))
        return Declined(code, message, code in _RETRYABLE, reference)
    if status in {"created", "authorized"}:
        return Pending(reference)
    raise Malformed(f"status {status[:40]}")


def best_of(payments: list[dict[str, Any]]) -> Found:
    """What the tries at one order or code say together: money, when any of them took it. Raises Malformed."""
    results = [payment_of(payment) for payment in payments]
    for kind in (Approved, Pending, Declined):
        for result in results:
            if isinstance(result, kind):
                return result
    return NotFound()


def declined(document: Any) -> Declined:
    """A request that was refused: by the bank when there is a payment in it, else by Razorpay itself."""
    reference = documents.reference_or_none(document, "error", "metadata", "payment_id")
    code = documents.code_or(document, documents.code_or(document, "declined", "error", "code"), "error", "reason")
    if reference is None:
        return Declined(code, "Razorpay refused the request.", retryable=True)
    message = shown(documents.text_or(document, "The payment failed.", "error", "description"))
    return Declined(code, message, code in _RETRYABLE, reference)


def refund_of(refund: Any) -> GivenBack:
    """What a refund says. Raises Malformed."""
    reference, status = documents.reference(refund, "id"), documents.text(refund, "status")
    if status == "processed":
        return Approved(reference)
    if status == "failed":
        return Declined("refund_failed", "Razorpay could not give it back.", provider_reference=reference)
    return Pending(reference)


def notice_of(event: Any) -> Notice | None:
    """What a webhook says. Raises Malformed."""
    kind = documents.text(event, "event")
    if kind in {"refund.processed", "refund.failed"}:
        refund = documents.find(event, "payload", "refund", "entity")
        refund_id, result = documents.text_or(refund, "", "notes", "refund_id"), refund_of(refund)
        payment_id = documents.text_or(refund, "", "notes", "payment_id")
        return Notice(payment_id, result, refund_id=refund_id) if refund_id and isinstance(result, Approved | Declined) else None
    if kind not in {"payment.captured", "payment.failed", "qr_code.credited"}:
        return None
    payment = documents.find(event, "payload", "payment", "entity")
    notes = documents.find(payment, "notes") or documents.find(event, "payload", "qr_code", "entity", "notes")
    payment_id, attempt_id = documents.text_or(notes, "", "payment_id"), documents.text_or(notes, "", "attempt_id")
    result = payment_of(payment)
    if not payment_id or not attempt_id or isinstance(result, Pending):
        return None
    if isinstance(result, Declined) and not documents.find(payment, "order_id"):
        # A scan that failed does not use the code up: the payer may scan again until it closes.
        return None
    return Notice(payment_id, result, attempt_id=attempt_id)


def details(instrument: Instrument) -> Mapping[str, Any] | None:
    """How a payment says what it is paid with; None for what Razorpay does not take."""
    match instrument:
        case Card(number=number, expiry_month=month, expiry_year=year, holder=holder):
            card = {"number": number, "expiry_month": f"{month:02d}", "expiry_year": f"{year % 100:02d}", "name": holder or ""}
            return {"method": "card", "card": card}
        case Upi(vpa=vpa):
            return {"method": "upi", "upi": {"flow": "collect", "vpa": vpa}}
        case _:
            return None
