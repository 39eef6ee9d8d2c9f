"""Stripe's objects, as results: PaymentIntents, refunds, events and amounts. What it refuses is read by `stripe.errors`."""

from collections.abc import Callable
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.notices import Dispute, Notice, ProviderNotice, ProviderRefund, RefundedTotal, Unreadable
from payments.connectors.requests import Attempt, RefundRequest
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Found, NotFound, Pending, Redirect, Released
from payments.connectors.stripe import amounts, disputes, holds
from payments.connectors.stripe.errors import declined

# In the metadata of an intent that is paid in Stripe's own fields.
FLOW: Final = "flow"
BY_FIELDS: Final = "fields"


def result_of(intent: Any) -> Found:
    """What a PaymentIntent says. Raises Malformed."""
    reference, status = documents.reference(intent, "id"), documents.text(intent, "status")
    match status:
        case "succeeded":
            return documents.judged(_received, intent)
        case "requires_action":
            path = ("next_action", "redirect_to_url", "url")
            return Pending(reference) if documents.find(intent, *path) is None else Redirect(documents.url(intent, *path), reference)
        case "processing":
            return Pending(reference)
        case "requires_capture":
            return documents.judged(holds.held, intent)
        case "canceled":
            return _canceled(intent)
        case "requires_payment_method" | "requires_confirmation":
            return _without_card(intent)
        case _:
            raise Malformed(f"status {status[:40]}")


def _without_card(intent: Any) -> NotFound | Pending | Declined:
    """No card, or one that was refused: in Stripe's fields the payer may try another one."""
    reference, error = documents.reference(intent, "id"), documents.find(intent, "last_payment_error")
    if documents.find(intent, "metadata", FLOW) == BY_FIELDS:
        return Pending(reference)
    # Without an error it was never confirmed: no card was ever seen.
    return NotFound() if error is None else declined(error, reference)


def _canceled(intent: Any) -> Released | Declined | Contradicts:
    """Canceled before anything was held, or after. Raises Malformed."""
    if holds.was_held(intent):
        return documents.judged(holds.released, intent)
    return Declined("canceled", "The payment was canceled at Stripe.", provider_reference=documents.reference(intent, "id"))


def _received(intent: Any) -> Approved:
    """The money of an intent, and what of it went back. Raises Malformed, Contradiction."""
    reference, amount = documents.reference(intent, "id"), amounts.money(intent, "amount_received")
    charge, aliases = holds.charge_of(intent), holds.aliases_of(intent)
    if charge is None:
        # Its id alone: its outcome is not in here.
        return Approved(reference, amount, aliases=aliases)
    given_back = documents.returned(amount, amounts.minor(charge, amount.currency, "amount_refunded"), reference)
    is_disputed = documents.find(charge, "disputed") is True
    return Approved(reference, amount, given_back, aliases, holds.network_transaction_id(charge), is_disputed)


def identify(intent: Any, reference: str, attempt: Attempt) -> None:
    """The intent is the one that was asked for, and it is this attempt's. Raises Contradiction."""
    documents.expect(intent, reference, "id")
    documents.expect(intent, attempt.attempt_id, "metadata", "attempt_id")
    documents.expect(intent, attempt.amount.currency.lower(), "currency")


def refund_of(refund: Any, asked: RefundRequest | None = None) -> Approved | Declined | Pending | Contradicts:
    """What a refund says. Raises Malformed; Contradiction when it is not the one that was asked for."""
    if asked is not None:
        documents.expect(refund, asked.charge_reference, "payment_intent")
        if asked.provider_reference is None:
            documents.expect(refund, asked.refund_id, "metadata", "refund_id")
    reference, status = documents.reference(refund, "id"), documents.text(refund, "status")
    if status == "succeeded":
        return documents.judged(lambda found: Approved(reference, amounts.money(found, "amount")), refund)
    if status in {"failed", "canceled"}:
        reason = documents.code_or(refund, status, "failure_reason")
        return Declined(reason, "Stripe could not give it back.", provider_reference=reference)
    return Pending(reference)


def is_it(refund: Any, asked: RefundRequest) -> bool:
    """True for the refund that was asked for: by its name when that is known, else by ours."""
    if asked.provider_reference is not None:
        return bool(documents.find(refund, "id") == asked.provider_reference)
    return bool(documents.find(refund, "metadata", "refund_id") == asked.refund_id)


def provider_refund(refund: Any) -> ProviderRefund:
    """A refund, by whatever way it was made. Raises Malformed, Contradiction."""
    return ProviderRefund(
        reference=documents.reference(refund, "id"),
        charge_reference=charge_of(refund),
        amount=amounts.money(refund, "amount"),
        result=refund_of(refund),
        refund_id=documents.text_or(refund, "", "metadata", "refund_id") or None,
        payment_id=documents.text_or(refund, "", "metadata", "payment_id") or None,
        reason=documents.code_or(refund, "", "reason") or None,
    )


def charge_of(subject: Any) -> str:
    """The intent of a refund or dispute; of what has none, its charge. Raises Malformed."""
    return documents.reference_or_none(subject, "payment_intent") or documents.reference_or_none(subject, "charge") or ""


def notice_of(event: Any) -> ProviderNotice | None:
    """What an event says. Raises Malformed."""
    kind, subject = documents.text(event, "type"), documents.find(event, "data", "object")
    if kind.startswith("payment_intent."):
        return _of_intent(subject)
    if kind in {"charge.captured", "charge.expired"}:
        return _of_hold(subject, is_expired=kind == "charge.expired")
    if kind.startswith("refund.") or kind == "charge.refund.updated":
        return _judged(provider_refund, subject)
    if kind == "charge.refunded":
        return _judged(_given_back, subject)
    if not kind.startswith("charge.dispute."):
        return None
    said_ms = documents.moment_ms(event, "created")
    return _judged(lambda found: dispute_of(found, kind, said_ms), subject)


def _of_intent(intent: Any) -> Notice | None:
    payment_id = documents.text_or(intent, "", "metadata", "payment_id")
    result = result_of(intent) if payment_id else None
    if not isinstance(result, Approved | Authorized | Released | Declined | Contradicts):
        return None
    return Notice(payment_id, result, attempt_id=documents.text(intent, "metadata", "attempt_id"))


def _of_hold(charge: Any, *, is_expired: bool) -> Notice | None:
    """A charge whose hold has ended, by its last capture or by its time. Its names are those of its intent, from when it was made."""
    payment_id = documents.text_or(charge, "", "metadata", "payment_id")
    if not payment_id or documents.find(charge, "payment_intent") is None:
        return None
    result = documents.judged(_expired, charge) if is_expired else documents.judged(_captured, charge)
    return Notice(payment_id, result, attempt_id=documents.text(charge, "metadata", "attempt_id"))


def _captured(charge: Any) -> Approved:
    """All captures of a charge together. Raises Malformed, Contradiction."""
    reference, amount = documents.reference(charge, "payment_intent"), amounts.money(charge, "amount_captured")
    given_back = documents.returned(amount, amounts.minor(charge, amount.currency, "amount_refunded"), reference)
    names = (documents.reference(charge, "id"),)
    return Approved(reference, amount, given_back, names, holds.network_transaction_id(charge))


def _expired(charge: Any) -> Released:
    """A charge that was not captured in time. Raises Malformed."""
    return Released(documents.reference(charge, "payment_intent"), amounts.taken_minor(charge, "amount_captured"), is_expired=True)


def _given_back(charge: Any) -> RefundedTotal:
    intent = documents.reference_or_none(charge, "payment_intent")
    return RefundedTotal(intent or documents.reference(charge, "id"), amounts.money(charge, "amount_refunded"))


def dispute_of(dispute: Any, kind: str = "", said_ms: int | None = None) -> Dispute:
    """A dispute, as an event of this kind or the answer to a look-up shows it. Raises Malformed, Contradiction."""
    return disputes.read(dispute, charge_of(dispute), amounts.money(dispute, "amount"), kind=kind, said_ms=said_ms)


def _judged[R](read: Callable[[Any], R], subject: Any) -> R | Unreadable:
    reported = documents.judged(read, subject)
    return Unreadable(charge_of(subject), reported) if isinstance(reported, Contradicts) else reported
