"""Stripe's objects, as results: PaymentIntents, refunds, errors, events and amounts."""

from typing import Any, Final

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.model import Approved, Attempt, Contradicts, Declined, Found, Giveback, NotFound, Notice, Pending, Redirect
from payments.connectors.provider_calls import shown

# Where Stripe's smallest unit is not ISO 4217's: two currencies without decimals are still counted in hundredths, one is not any more.
_FACTORS: Final = {"ISK": 100, "UGX": 100}
_DIVISORS: Final = {"MGA": 100}
# Three decimals exist, but the last must be 0.
_STEPS: Final = {"BHD": 10, "JOD": 10, "KWD": 10, "OMR": 10, "TND": 10, "MGA": 100}
# What another acquirer may see differently.
_RETRYABLE: Final = frozenset({"processing_error", "issuer_not_available", "try_again_later", "reenter_transaction"})


def units(amount: Money) -> int | None:
    """An amount in Stripe's smallest units; None when Stripe cannot take it."""
    if amount.minor % _STEPS.get(amount.currency, 1):
        return None
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
            url = documents.find(intent, "next_action", "redirect_to_url", "url")
            return Redirect(url, reference) if isinstance(url, str) else Pending(reference)
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
        # Its id alone: what became of it is not said here.
        return Approved(reference, amount)
    documents.expect(charge, reference, "payment_intent")
    documents.expect(charge, documents.find(intent, "currency"), "currency")
    return Approved(reference, amount, documents.returned(amount, _minor(charge, amount.currency, "amount_refunded"), reference))


def declined(error: Any, reference: str | None = None) -> Declined:
    """A card error, or a request that Stripe refused."""
    code = documents.code_or(error, documents.code_or(error, "declined", "code"), "decline_code")
    refused_request = documents.find(error, "type") != "card_error"
    message = shown(documents.text_or(error, "The card was declined.", "message"))
    if refused_request and reference is None:
        # Nothing of ours was wrong with the card; another provider may take it.
        return Declined(code, "Stripe refused the request.", retryable=True)
    return Declined(code, message, retryable=code in _RETRYABLE, provider_reference=reference)


def identify(intent: Any, reference: str, attempt: Attempt) -> None:
    """The intent is the one that was asked for, and it is this attempt's. Raises Contradiction."""
    documents.expect(intent, reference, "id")
    documents.expect(intent, attempt.attempt_id, "metadata", "attempt_id")
    documents.expect(intent, attempt.amount.currency.lower(), "currency")


def refund_of(refund: Any, asked: Giveback | None = None) -> Approved | Declined | Pending | Contradicts:
    """What a refund says. Raises Malformed; Contradiction when it is not the one that was asked for."""
    if asked is not None:
        documents.expect(refund, asked.charge_reference, "payment_intent")
        documents.expect(refund, asked.refund_id, "metadata", "refund_id")
    reference, status = documents.reference(refund, "id"), documents.text(refund, "status")
    if status == "succeeded":
        return documents.judged(lambda found: Approved(reference, money(found, "amount")), refund)
    if status in {"failed", "canceled"}:
        reason = documents.code_or(refund, status, "failure_reason")
        return Declined(reason, "Stripe could not give it back.", provider_reference=reference)
    return Pending(reference)


def notice_of(event: Any) -> Notice | None:
    """What an event says. Raises Malformed."""
    kind, subject = documents.text(event, "type"), documents.find(event, "data", "object")
    payment_id = documents.text_or(subject, "", "metadata", "payment_id")
    if kind in {"refund.updated", "refund.failed", "charge.refund.updated"}:
        refund_id, refund = documents.text_or(subject, "", "metadata", "refund_id"), refund_of(subject)
        return Notice(payment_id, refund, refund_id=refund_id) if refund_id else None
    if not kind.startswith("payment_intent.") or not payment_id:
        return None
    result = result_of(subject)
    if not isinstance(result, Approved | Declined | Contradicts):
        return None
    return Notice(payment_id, result, attempt_id=documents.text(subject, "metadata", "attempt_id"))
