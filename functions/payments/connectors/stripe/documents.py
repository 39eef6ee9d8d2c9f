"""Stripe's objects, as results: PaymentIntents, refunds, events and amounts. What it refuses is read by `stripe.errors`."""

from collections.abc import Callable
from typing import Any, Final

from paycorex.money import Money, format_minor
from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.model import Inexpressible
from payments.connectors.notices import Dispute, Notice, ProviderNotice, ProviderRefund, RefundedTotal, Unreadable
from payments.connectors.requests import Attempt, RefundRequest
from payments.connectors.results import Approved, Contradicts, Declined, Found, NotFound, Pending, Redirect
from payments.connectors.stripe.errors import declined

# Where Stripe's smallest unit is not ISO 4217's: two currencies without decimals are still counted in hundredths, one is not any more.
_FACTORS: Final = {"ISK": 100, "UGX": 100}
_DIVISORS: Final = {"MGA": 100}
# Three decimals exist, but the last must be 0. (https://docs.stripe.com/currencies#special-cases)
_STEPS: Final = {"BHD": 10, "JOD": 10, "KWD": 10, "OMR": 10, "TND": 10, "MGA": 100}


def amount_problem(amount: Money) -> str | None:
    """Why Stripe has no number for this amount; None when it has."""
    step = _STEPS.get(amount.currency, 1)
    if amount.minor % step == 0:
        return None
    return f"Stripe takes {amount.currency} in steps of {format_minor(step, amount.currency)} only."


def units(amount: Money) -> int:
    """An amount in Stripe's smallest units. Raises Inexpressible."""
    problem = amount_problem(amount)
    if problem is not None:
        raise Inexpressible(problem)
    return amount.minor * _FACTORS.get(amount.currency, 1) // _DIVISORS.get(amount.currency, 1)


def _minor(document: Any, currency: str, *path: str) -> int:
    """Stripe's units as ISO 4217's minor units. Raises Malformed."""
    return documents.whole(document, *path) * _DIVISORS.get(currency, 1) // _FACTORS.get(currency, 1)


def money(document: Any, *path: str) -> Money:
    """An amount in Stripe's units beside its `currency`. Raises Malformed."""
    currency = documents.text(document, "currency").upper()
    return documents.amount(_minor(document, currency, *path), currency, documents.text_or(document, "", "id") or None)


def result_of(intent: Any) -> Found:
    """What a PaymentIntent says. Raises Malformed."""
    reference, status = documents.reference(intent, "id"), documents.text(intent, "status")
    match status:
        case "succeeded":
            return documents.judged(_received, intent)
        case "requires_action":
            path = ("next_action", "redirect_to_url", "url")
            return Pending(reference) if documents.find(intent, *path) is None else Redirect(documents.url(intent, *path), reference)
        case "processing" | "requires_capture":
            return Pending(reference)
        case "canceled":
            return Declined("canceled", "The payment was canceled at Stripe.", provider_reference=reference)
        case "requires_payment_method" | "requires_confirmation":
            error = documents.find(intent, "last_payment_error")
            # Without an error it was never confirmed: no card was ever seen.
            return NotFound() if error is None else declined(error, reference)
        case _:
            raise Malformed(f"status {status[:40]}")


def _received(intent: Any) -> Approved:
    """The money of an intent, and what of it went back. Raises Malformed, Contradiction."""
    reference, amount = documents.reference(intent, "id"), money(intent, "amount_received")
    charge = documents.find(intent, "latest_charge")
    if not isinstance(charge, dict):
        # Its id alone: its outcome is not in here.
        alias = documents.reference_or_none(intent, "latest_charge")
        return Approved(reference, amount, aliases=() if alias is None else (alias,))
    documents.expect(charge, reference, "payment_intent")
    documents.expect(charge, documents.find(intent, "currency"), "currency")
    given_back = documents.returned(amount, _minor(charge, amount.currency, "amount_refunded"), reference)
    return Approved(reference, amount, given_back, (documents.reference(charge, "id"),))


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
        return documents.judged(lambda found: Approved(reference, money(found, "amount")), refund)
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
        charge_reference=_charge_of(refund),
        amount=money(refund, "amount"),
        result=refund_of(refund),
        refund_id=documents.text_or(refund, "", "metadata", "refund_id") or None,
        payment_id=documents.text_or(refund, "", "metadata", "payment_id") or None,
        reason=documents.code_or(refund, "", "reason") or None,
    )


def _charge_of(subject: Any) -> str:
    """The intent of a refund or dispute; of what has none, its charge. Raises Malformed."""
    return documents.reference_or_none(subject, "payment_intent") or documents.reference_or_none(subject, "charge") or ""


def notice_of(event: Any) -> ProviderNotice | None:
    """What an event says. Raises Malformed."""
    kind, subject = documents.text(event, "type"), documents.find(event, "data", "object")
    if kind.startswith("payment_intent."):
        return _of_intent(subject)
    if kind.startswith("refund.") or kind == "charge.refund.updated":
        return _judged(provider_refund, subject)
    if kind == "charge.refunded":
        return _judged(_given_back, subject)
    return _judged(_dispute, subject) if kind.startswith("charge.dispute.") else None


def _of_intent(intent: Any) -> Notice | None:
    payment_id = documents.text_or(intent, "", "metadata", "payment_id")
    result = result_of(intent) if payment_id else None
    if not isinstance(result, Approved | Declined | Contradicts):
        return None
    return Notice(payment_id, result, attempt_id=documents.text(intent, "metadata", "attempt_id"))


def _given_back(charge: Any) -> RefundedTotal:
    intent = documents.reference_or_none(charge, "payment_intent")
    return RefundedTotal(intent or documents.reference(charge, "id"), money(charge, "amount_refunded"))


def _dispute(dispute: Any) -> Dispute:
    reason = documents.code_or(dispute, "", "reason") or None
    status = documents.code_or(dispute, "", "status")
    return Dispute(documents.reference(dispute, "id"), _charge_of(dispute), money(dispute, "amount"), status, reason)


def _judged[R](read: Callable[[Any], R], subject: Any) -> R | Unreadable:
    reported = documents.judged(read, subject)
    return Unreadable(_charge_of(subject), reported) if isinstance(reported, Contradicts) else reported
