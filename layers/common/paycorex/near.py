"""The word that was probably meant: near misses, and what other providers call the same. Only words of the contract are answered."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

# How alike a word is at least to be named as the one that was meant, of 1.
_ALIKE: Final = 0.7
_MAX_CHARACTERS: Final = 64
# Stripe's and Razorpay's words.
_OF_OTHERS: Final = {
    "card": "tokenized",
    "cards": "tokenized",
    "upi": "upi_intent",
    "succeeded": "success",
    "paid": "success",
    "captured": "success",
    "canceled": "failed",
    "cancelled": "failed",
    "requires_capture": "authorized",
    "payment_intent.succeeded": "payment.success",
    "payment_intent.payment_failed": "payment.failed",
    "charge.succeeded": "payment.success",
    "charge.refunded": "refund.success",
    "charge.dispute.created": "dispute.created",
    "refund.processed": "refund.success",
    "order.paid": "payment.success",
}


def meant(asked: str, known: Iterable[str]) -> str | None:
    """One of the known words, or None where none is near. Capitals, underscores and hyphens make no difference."""
    words = list(known)
    of_others = _OF_OTHERS.get(asked[:_MAX_CHARACTERS].lower())
    if of_others in words:
        return of_others
    plain = {_plain(word): word for word in words}
    close = get_close_matches(_plain(asked[:_MAX_CHARACTERS]), plain, n=1, cutoff=_ALIKE)
    return plain[close[0]] if close else None


def question(asked: str, known: Iterable[str]) -> str:
    """` Did you mean payment.success?`, or nothing."""
    found = meant(asked, known)
    return f" Did you mean {found}?" if found else ""


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
