"""Which lines of a provider's report count for one record of ours. Pure.

One record may be paid by one line or by several, and a line may come twice. Which of them count follows from the set of lines alone and
never from the order in which they came, so that reports read in any order end in the same books.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a line is to its record. COUNTS: pays it, or a part of it; DUPLICATE: the same once more; EXCESS: more than it can be."""

    COUNTS = "counts"
    DUPLICATE = "duplicate"
    EXCESS = "excess"


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """A line of a report as a record sees it. Ordered by what the provider says of it, so that all readers have one order.

    occurred_at: milliseconds since the epoch, 0 when the report has no time. key: of the stored line. gross: minor units, signed, + to the
    merchant. settlement_id: of the payout that it is in.
    """

    occurred_at: int
    key: str
    kind: str
    gross: int
    currency: str
    settlement_id: str


def assign(amount: int, currency: str, shares: Iterable[Share]) -> dict[str, Part]:
    """What each line is to a record of this amount (signed minor units), by the line's key."""
    ordered = sorted(set(shares))
    fitting = [share for share in ordered if share.currency == currency]
    counted = _counted(amount, fitting)
    return {share.key: _part(share, counted) for share in ordered}


def _part(share: Share, counted: Collection[Share]) -> Part:
    if share in counted:
        return Part.COUNTS
    is_same = any((share.kind, share.gross, share.currency) == (other.kind, other.gross, other.currency) for other in counted)
    return Part.DUPLICATE if is_same else Part.EXCESS


def _counted(amount: int, shares: list[Share]) -> list[Share]:
    """All of them where they add up, else the one that is the amount, else as many as stay within it; the first one at least."""
    if sum(share.gross for share in shares) == amount:
        return shares
    exact = [share for share in shares if share.gross == amount]
    if exact:
        return exact[:1]
    taken: list[Share] = []
    total = 0
    for share in shares:
        if min(0, amount) <= total + share.gross <= max(0, amount):
            taken.append(share)
            total += share.gross
    return taken or shares[:1]
