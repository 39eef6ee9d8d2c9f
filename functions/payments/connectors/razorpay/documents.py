"""Razorpay's objects, as results: payments, refunds and webhooks; and instruments as it wants them.

Amounts are in ISO 4217's smallest units. What it refuses is read by `razorpay.errors`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from paycorex.money import Money, format_minor
from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.model import Inexpressible
from payments.connectors.notices import Dispute, Notice, ProviderNotice, ProviderRefund, Unreadable
from payments.connectors.razorpay import disputes, holds, settlements
from payments.connectors.razorpay.errors import failed
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Found, Kept, NotFound, Pending, Released
from tokens.instruments import Card, Instrument, Upi

# Of currencies with three decimals the last must be 0 (https://razorpay.com/docs/api/orders/create, `amount`).
_STEPS: Final = dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 10)


def amount_problem(amount: Money) -> str | None:
    """Why Razorpay has no number for this amount; None when it has."""
    step = _STEPS.get(amount.currency, 1)
    if amount.minor % step == 0:
        return None
    return f"Razorpay takes {amount.currency} in steps of {format_minor(step, amount.currency)} only."


def units(amount: Money) -> int:
    """An amount in Razorpay's units. Raises Inexpressible."""
    problem = amount_problem(amount)
    if problem is not None:
        raise Inexpressible(problem)
    return amount.minor


_OF_PAYMENTS: Final = frozenset({"payment.authorized", "payment.captured", "payment.failed", "order.paid", "qr_code.credited"})
DocumentResult = Approved | Declined | Pending | Contradicts
PaymentResult = DocumentResult | Authorized | Released


def payment_of(payment: Any, *, is_manual: bool = False) -> PaymentResult:
    """What a payment says: what was received, and what of it was given back; of one that we hold, that it is held. Raises Malformed.

    is_manual: it is one that we hold, whatever its notes say.
    """
    reference, status = documents.reference(payment, "id"), documents.text(payment, "status")
    if is_manual or holds.is_manual(payment):
        held = documents.judged(_held, payment)
        if held is not None:
            return held
    if status in {"captured", "refunded"}:
        return documents.judged(_received, payment)
    if status == "failed":
        return failed(payment)
    if status in {"created", "authorized"}:
        return Pending(reference)
    raise Malformed(f"status {status[:40]}")


def _held(payment: Any) -> Authorized | Released | None:
    """A hold, or one that ended without a capture; None for what was captured, or never held. Raises Malformed, Contradiction."""
    if documents.find(payment, "status") == "authorized":
        return holds.held(payment, _amount(payment, documents.reference(payment, "id")))
    return holds.expired(payment)


def _received(payment: Any) -> Approved:
    """The money of a payment. Raises Malformed, Contradiction."""
    reference, status = documents.reference(payment, "id"), documents.text(payment, "status")
    amount = _amount(payment, reference)
    if status == "captured" and documents.find(payment, "captured") is False:
        raise documents.Contradiction("another_object", "captured, and not captured", reference)
    if status == "refunded" or documents.find(payment, "refund_status") == "full":
        return Approved(reference, amount, amount.minor)
    given_back = 0 if documents.find(payment, "amount_refunded") is None else documents.whole(payment, "amount_refunded")
    return Approved(reference, amount, documents.returned(amount, given_back, reference), kept=_kept(payment, reference))


def _kept(payment: Any, reference: str) -> Kept | None:
    """The payment's fee. One that cannot be read says nothing about the money: the payment goes on, and the report names the fee."""
    try:
        found = settlements.fee(payment, reference)
    except (Malformed, documents.Contradiction):
        return None
    return None if found is None else Kept(found.fee, found.tax, found.currency)


def best_of(payments: list[dict[str, Any]], *, is_manual: bool = False) -> Found:
    """What the tries at one order or code say together: the money of the one that still holds it, if any does. Raises Malformed."""
    results: list[PaymentResult] = [payment_of(payment, is_manual=is_manual) for payment in payments]
    return min(results, key=_rank, default=NotFound())


def _rank(result: PaymentResult) -> int:
    """What counts most comes first; money that went back says less than a try that is not decided."""
    match result:
        case Approved():
            return 3 if result.is_returned else 0
        case Authorized() | Contradicts():
            return 1
        case Pending():
            return 2
        case Released():
            return 3
        case Declined():
            return 4


def _amount(entity: Any, reference: str) -> Money:
    """An entity's amount. Raises Malformed, Contradiction."""
    return documents.amount(documents.whole(entity, "amount"), documents.text(entity, "currency"), reference)


def refund_of(refund: Any, asked: RefundRequest | None = None) -> DocumentResult:
    """What a refund says. Raises Malformed; Contradiction when it is not the one that was asked for."""
    if asked is not None:
        documents.expect(refund, asked.charge_reference, "payment_id")
        if asked.provider_reference is None:
            documents.expect(refund, asked.refund_id, "notes", "refund_id")
    reference, status = documents.reference(refund, "id"), documents.text(refund, "status")
    if status == "processed":
        return documents.judged(lambda found: Approved(reference, _amount(found, reference)), refund)
    if status == "failed":
        return Declined("refund_failed", "Razorpay could not give it back.", provider_reference=reference)
    return Pending(reference)


def is_it(refund: Any, asked: RefundRequest) -> bool:
    """True for the refund that was asked for: by its name when that is known, else by ours."""
    if asked.provider_reference is not None:
        return bool(documents.find(refund, "id") == asked.provider_reference)
    return asked.refund_id in {documents.find(refund, "receipt"), documents.find(refund, "notes", "refund_id")}


def provider_refund(refund: Any) -> ProviderRefund:
    """A refund, by whatever way it was made. Raises Malformed, Contradiction."""
    reference = documents.reference(refund, "id")
    return ProviderRefund(
        reference=reference,
        charge_reference=documents.reference(refund, "payment_id"),
        amount=_amount(refund, reference),
        result=refund_of(refund),
        refund_id=documents.text_or(refund, documents.text_or(refund, "", "receipt"), "notes", "refund_id") or None,
        payment_id=documents.text_or(refund, "", "notes", "payment_id") or None,
    )


def notice_of(event: Any) -> ProviderNotice | None:
    """What a webhook says. Raises Malformed."""
    kind = documents.text(event, "event")
    if kind.startswith("refund."):
        return _judged(provider_refund, documents.find(event, "payload", "refund", "entity"))
    if kind.startswith("payment.dispute."):
        said_ms = documents.moment_ms(event, "created_at")
        return _judged(lambda found: dispute_of(found, said_ms), documents.find(event, "payload", "dispute", "entity"))
    return _of_payment(kind, event) if kind in _OF_PAYMENTS else None


def _of_payment(kind: str, event: Any) -> Notice | None:
    """The payment of an event. Who paid may have written its notes, in the browser; those of an order and of a code are ours alone."""
    payment, order = (documents.find(event, "payload", name, "entity") for name in ("payment", "order"))
    container = order if kind == "order.paid" else documents.find(event, "payload", "qr_code", "entity")
    of_payment = documents.find(payment, "notes")
    notes = documents.find(container, "notes") if kind == "order.paid" else of_payment or documents.find(container, "notes")
    payment_id, attempt_id = documents.text_or(notes, "", "payment_id"), documents.text_or(notes, "", "attempt_id")
    result = payment_of(payment)
    if not payment_id or not attempt_id or isinstance(result, Pending):
        return None
    if isinstance(result, Declined) and not documents.find(payment, "order_id"):
        # A scan that failed does not use the code up: the payer may scan again until it closes.
        return None
    if kind == "order.paid" and documents.find(payment, "order_id") != documents.reference(order, "id"):
        raise Malformed("a payment of another order")
    paid = documents.reference_or_none(payment, "order_id") or documents.reference_or_none(container, "id")
    return Notice(payment_id, result, attempt_id=attempt_id, container=paid, names_may_be_the_payers=kind.startswith("payment."))


def dispute_of(dispute: Any, said_ms: int | None = None) -> Dispute:
    """A dispute, as an event or the answer to a look-up shows it. Raises Malformed, Contradiction."""
    return disputes.read(dispute, _amount(dispute, documents.reference(dispute, "id")), said_ms)


def _judged[R](read: Callable[[Any], R], entity: Any) -> R | Unreadable:
    reported = documents.judged(read, entity)
    return Unreadable(documents.reference(entity, "payment_id"), reported) if isinstance(reported, Contradicts) else reported


def details(instrument: Instrument, security_code: str | None = None) -> Mapping[str, Any] | None:
    """How a payment says what it is paid with; None for what Razorpay does not take."""
    match instrument:
        case Card(number=number, expiry_month=month, expiry_year=year, holder=holder):
            card = {"number": number, "expiry_month": f"{month:02d}", "expiry_year": f"{year % 100:02d}", "name": holder or ""}
            return {"method": "card", "card": card if security_code is None else {**card, "cvv": security_code}}
        case Upi(vpa=vpa):
            return {"method": "upi", "upi": {"flow": "collect", "vpa": vpa}}
        case _:
            return None
