"""What became of a payment, and what would have become of it on another way, as far as that can be known. Pure.

A connector that the payment tried would have answered the same. Of one that it did not try, only its rate for such payments is known, and
that is an expectation, not an answer. What would have followed a failure there is not guessed at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from payments.payment import attempts
from payments.payment.attempts import AttemptRecord

APPROVED: Final = frozenset({attempts.APPROVED, "authorized"})


class Basis(StrEnum):
    """How the outcome of another way is known."""

    HAPPENED = "happened"
    TRIED = "tried"
    SEGMENT_RATE = "segment_rate"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a way: the connector it ends at, and whether it is approved. approved: None where only a rate could tell."""

    basis: Basis
    connector: str | None
    approved: bool | None


def happened(tried: Sequence[AttemptRecord]) -> Verdict:
    """What became of the payment."""
    paid = next((each.connector for each in tried if each.status in APPROVED), None)
    return Verdict(Basis.HAPPENED, paid or tried[-1].connector, paid is not None)


def on_another_way(tried: Sequence[AttemptRecord], order: Sequence[str]) -> Verdict:
    """What would have become of it with the connectors in this order. order: those that could take it."""
    if [each.connector for each in tried] == list(order[: len(tried)]):
        return happened(tried)
    known = {each.connector: each for each in tried}
    for name in order:
        attempt = known.get(name)
        if attempt is None:
            return Verdict(Basis.SEGMENT_RATE, name, None)
        if attempt.status in APPROVED:
            return Verdict(Basis.TRIED, name, approved=True)
        if attempt is tried[-1]:
            # Whether another one would have been asked after this is not stored: the payment ended here.
            return Verdict(Basis.TRIED, name, approved=False)
    return Verdict(Basis.TRIED, order[-1] if order else None, approved=False)
