"""What Stripe refuses (https://docs.stripe.com/api/errors): the card, the request as it was made, or nothing that can be relied upon."""

from collections.abc import Collection
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.http_calls import OutcomeUnknown, shown
from payments.connectors.results import Declined, Fault

# What another acquirer may see differently.
_RETRYABLE: Final = frozenset({"processing_error", "issuer_not_available", "try_again_later", "reenter_transaction"})
_AMOUNTS: Final = frozenset({"amount_too_small", "amount_too_large"})
# The idempotency key was used for another request, or the intent is past being confirmed: an earlier request may have taken the money.
_EARLIER_TYPE: Final = "idempotency_error"
_EARLIER_CODE: Final = "payment_intent_unexpected_state"
_DECLINED: Final = "The card was declined."
_REFUSED: Final = "Stripe refused the request."


class AskedBefore(OutcomeUnknown):
    """Something was asked for under this key, or of this object, already."""


def refusal(document: Any, reference: str | None = None, hidden: Collection[str] = ()) -> Declined:
    """What an answer that is no success says. Raises OutcomeUnknown where it does not say that nothing happened."""
    error = documents.find(document, "error")
    if documents.find(error, "type") == _EARLIER_TYPE or documents.find(error, "code") == _EARLIER_CODE:
        raise AskedBefore("Stripe has been asked for this before.")
    return declined(error, reference, hidden)


def declined(error: Any, reference: str | None = None, hidden: Collection[str] = ()) -> Declined:
    """A refusal by its type: `card_error` is the card's, every other one is about the request or the account."""
    words = documents.text_or(error, "", "message")
    if documents.find(error, "type") == "card_error":
        code = shown(documents.code_or(error, documents.code_or(error, "declined", "code"), "decline_code"), hidden)
        return Declined(code, shown(words or _DECLINED, hidden), code in _RETRYABLE, reference)
    code = shown(documents.code_or(error, documents.code_or(error, "request_refused", "type"), "code"), hidden)
    fault = Fault.AMOUNT if code in _AMOUNTS else Fault.SETUP
    return Declined(code, shown(words or _REFUSED, hidden), retryable=True, provider_reference=reference, fault=fault)


def refund_refusal(document: Any, hidden: Collection[str] = ()) -> Declined:
    """A refund that Stripe refused. Raises OutcomeUnknown where it does not say that nothing was given back."""
    refused = refusal(document, None, hidden)
    return Declined(refused.code, refused.reason, fault=refused.fault)
