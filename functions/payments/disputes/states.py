"""The state machine of a dispute: one table of what each piece of news means in each status, late and crossed ones included. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """Where a dispute stands. The first two are open; EXPIRED is ours, from the clock, until the provider decides."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    CLOSED = "closed"


class News(StrEnum):
    """What is new: the provider's five rulings, and what the merchant or the clock did.

    SUBMITTED: the provider has the evidence. GAVE_IN: the provider took the merchant's acceptance. TIME_OVER: the time to answer is over.
    """

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    SUBMITTED = "submitted"
    GAVE_IN = "gave_in"
    TIME_OVER = "time_over"


class Transition(StrEnum):
    """What news does to a status.

    MOVE: it becomes that of the news. KEEP: nothing, it is known or older. ASK: it contradicts what is known and may be older, so the
    provider is asked, and its answer counts. REFUSE: the merchant comes too late.
    """

    MOVE = "move"
    KEEP = "keep"
    ASK = "ask"
    REFUSE = "refuse"


_T = Transition
_ROWS: Final[Mapping[News, tuple[Transition, ...]]] = {
    #                     needs_response  under_review  won        lost       accepted   expired    closed
    News.NEEDS_RESPONSE: (_T.KEEP, _T.ASK, _T.ASK, _T.ASK, _T.ASK, _T.KEEP, _T.ASK),
    News.UNDER_REVIEW: (_T.MOVE, _T.KEEP, _T.ASK, _T.ASK, _T.ASK, _T.MOVE, _T.ASK),
    News.WON: (_T.MOVE, _T.MOVE, _T.KEEP, _T.ASK, _T.ASK, _T.MOVE, _T.ASK),
    News.LOST: (_T.MOVE, _T.MOVE, _T.ASK, _T.KEEP, _T.KEEP, _T.MOVE, _T.ASK),
    News.CLOSED: (_T.MOVE, _T.MOVE, _T.ASK, _T.ASK, _T.ASK, _T.MOVE, _T.KEEP),
    News.SUBMITTED: (_T.MOVE, _T.KEEP, _T.KEEP, _T.KEEP, _T.KEEP, _T.MOVE, _T.KEEP),
    News.GAVE_IN: (_T.MOVE, _T.MOVE, _T.KEEP, _T.MOVE, _T.KEEP, _T.MOVE, _T.KEEP),
    News.TIME_OVER: (_T.MOVE, _T.KEEP, _T.KEEP, _T.KEEP, _T.KEEP, _T.KEEP, _T.KEEP),
}
TABLE: Final[Mapping[tuple[Status, News], Transition]] = MappingProxyType(
    {(status, news): cell for news, row in _ROWS.items() for status, cell in zip(Status, row, strict=True)}
)
# The status that news leads to.
_BECOMES: Final = MappingProxyType(
    {News.SUBMITTED: Status.UNDER_REVIEW, News.GAVE_IN: Status.ACCEPTED, News.TIME_OVER: Status.EXPIRED}
    | {news: Status(news.value) for news in News if news.value in set(Status)}
)
OPEN: Final = frozenset({Status.NEEDS_RESPONSE, Status.UNDER_REVIEW})
# In these the merchant may still answer.
ANSWERABLE: Final = frozenset({Status.NEEDS_RESPONSE})
# The merchant has its money.
_WITH_MERCHANT: Final = frozenset({Status.WON, Status.CLOSED})
_WITH_BANK: Final = frozenset({Status.LOST, Status.ACCEPTED})


def transition_for(status: str, news: News) -> Transition:
    """What news means for a dispute in this status."""
    return TABLE[Status(status), news]


def status_after(news: News) -> Status:
    """The status that news leads to."""
    return _BECOMES[news]


def is_final(status: str) -> bool:
    """True when nothing more is expected of the provider."""
    return status in _WITH_MERCHANT or status in _WITH_BANK


def merchant_has_it(status: str) -> bool:
    """True when it ended in the merchant's favour."""
    return status in _WITH_MERCHANT


def bank_has_it(status: str) -> bool:
    """True when it ended in favour of the payer's bank."""
    return status in _WITH_BANK
