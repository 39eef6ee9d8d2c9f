"""The state machine of a payment: one table of what each outcome means in each status, late, duplicate and out-of-order ones included.

Pure: it rules, `transitions` makes the next version of the record, `settle` writes it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """Where a payment stands. The last two are final."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"


class Outcome(StrEnum):
    """What was learnt about a payment.

    STARTED: somebody is busy with it (another attempt, a redirect, an answer that did not come). ASIDE: an attempt that another one has
    followed came to nothing. PAID: its amount arrived by an attempt of its own. PAID_OTHERWISE: money arrived that is not what was asked
    for: a second payment, or another amount. RETURNED: its amount arrived, and the provider has given it back since. CONTRADICTED: what a
    provider says cannot be booked as it says it: an amount that is none, or an object that was not asked for. ACCEPTED: the merchant takes
    money from suspense as the payment's.
    """

    STARTED = "started"
    ASIDE = "aside"
    PAID = "paid"
    PAID_OTHERWISE = "paid_otherwise"
    DECLINED = "declined"
    CANCELED = "canceled"
    EXPIRED = "expired"
    RETURNED = "returned"
    CONTRADICTED = "contradicted"
    ACCEPTED = "accepted"


class Ruling(StrEnum):
    """What is to be done.

    NOTE: remember what the connector said, the payment stays as it is. HOLD: book the money to suspense. CORRECT: book by how much money
    that is held is another amount than was told before. REVIEW: book nothing, an operator must look.
    """

    PROCESS = "process"
    SETTLE = "settle"
    FAIL = "fail"
    HOLD = "hold"
    NOTE = "note"
    REFUSE = "refuse"
    CORRECT = "correct"
    REVIEW = "review"


_R = Ruling
_ROWS: Final[Mapping[Outcome, tuple[Ruling, Ruling, Ruling, Ruling]]] = {
    #                        pending     processing  success    failed
    Outcome.STARTED: (_R.PROCESS, _R.PROCESS, _R.NOTE, _R.NOTE),
    Outcome.ASIDE: (_R.NOTE, _R.NOTE, _R.NOTE, _R.NOTE),
    Outcome.PAID: (_R.SETTLE, _R.SETTLE, _R.NOTE, _R.HOLD),
    Outcome.PAID_OTHERWISE: (_R.HOLD, _R.HOLD, _R.HOLD, _R.HOLD),
    Outcome.DECLINED: (_R.FAIL, _R.FAIL, _R.NOTE, _R.NOTE),
    Outcome.CANCELED: (_R.FAIL, _R.FAIL, _R.REFUSE, _R.REFUSE),
    Outcome.EXPIRED: (_R.FAIL, _R.FAIL, _R.NOTE, _R.NOTE),
    Outcome.RETURNED: (_R.FAIL, _R.FAIL, _R.NOTE, _R.NOTE),
    Outcome.CONTRADICTED: (_R.REVIEW, _R.REVIEW, _R.REVIEW, _R.REVIEW),
    Outcome.ACCEPTED: (_R.REFUSE, _R.REFUSE, _R.REFUSE, _R.SETTLE),
}
TABLE: Final[Mapping[tuple[Status, Outcome], Ruling]] = MappingProxyType(
    {(status, outcome): ruling for outcome, rulings in _ROWS.items() for status, ruling in zip(Status, rulings, strict=True)}
)
OPEN: Final = frozenset({Status.PENDING, Status.PROCESSING})


def rule(status: str, outcome: Outcome) -> Ruling:
    """What an outcome means for a payment in this status."""
    return TABLE[Status(status), outcome]
