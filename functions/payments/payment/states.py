"""The state machine of a payment: one table of what each outcome means in each status, late, duplicate and out-of-order ones included.

Pure: it decides, `versions` makes the next version of the record, `settlement` writes it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """Where a payment stands. The last two are final. AUTHORIZED: its money is held, and captured by requests of the merchant."""

    PENDING = "pending"
    PROCESSING = "processing"
    AUTHORIZED = "authorized"
    SUCCESS = "success"
    FAILED = "failed"


class Outcome(StrEnum):
    """What an answer, a request or the clock means for a payment.

    STARTED: it is under way (another attempt, a redirect, an answer that did not come). SUPERSEDED: an attempt failed that another one has
    followed. AUTHORIZED: its amount is held for it. PAID: its amount arrived by an attempt of its own. PAID_OTHERWISE: money arrived that
    is not what was asked for: a second payment, or another amount. RETURNED: its amount arrived, and the provider has refunded it since.
    CONTRADICTED: what a provider reports cannot be booked: an amount that is none, or an object that was not asked for. ACCEPTED: the
    merchant accepts money from suspense as the payment's.
    """

    STARTED = "started"
    SUPERSEDED = "superseded"
    AUTHORIZED = "authorized"
    PAID = "paid"
    PAID_OTHERWISE = "paid_otherwise"
    DECLINED = "declined"
    CANCELED = "canceled"
    EXPIRED = "expired"
    RETURNED = "returned"
    CONTRADICTED = "contradicted"
    ACCEPTED = "accepted"


class Transition(StrEnum):
    """What is done with a payment.

    NOTE: record the connector's answer, the payment stays as it is. HOLD: book the money to suspense. CORRECT: book the difference between
    what is held and the amount that is reported now. REVIEW: book nothing, an operator must look. AUTHORIZE: the money is held from now on.
    CAPTURE: what a provider took of a hold is booked as a capture. END: the hold is over, with what was captured of it. RELEASE: nothing
    waits for this hold any more, so the provider is asked to end it. The last three are carried out by `payments.captures`.
    """

    PROCESS = "process"
    SETTLE = "settle"
    FAIL = "fail"
    HOLD = "hold"
    NOTE = "note"
    REFUSE = "refuse"
    CORRECT = "correct"
    REVIEW = "review"
    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    END = "end"
    RELEASE = "release"


_R = Transition
_ROWS: Final[Mapping[Outcome, tuple[Transition, Transition, Transition, Transition, Transition]]] = {
    #                        pending     processing  authorized  success    failed
    Outcome.STARTED: (_R.PROCESS, _R.PROCESS, _R.NOTE, _R.NOTE, _R.NOTE),
    Outcome.SUPERSEDED: (_R.NOTE, _R.NOTE, _R.NOTE, _R.NOTE, _R.NOTE),
    Outcome.AUTHORIZED: (_R.AUTHORIZE, _R.AUTHORIZE, _R.NOTE, _R.NOTE, _R.RELEASE),
    Outcome.PAID: (_R.SETTLE, _R.SETTLE, _R.CAPTURE, _R.NOTE, _R.HOLD),
    Outcome.PAID_OTHERWISE: (_R.HOLD, _R.HOLD, _R.HOLD, _R.HOLD, _R.HOLD),
    Outcome.DECLINED: (_R.FAIL, _R.FAIL, _R.END, _R.NOTE, _R.NOTE),
    Outcome.CANCELED: (_R.FAIL, _R.FAIL, _R.REFUSE, _R.REFUSE, _R.REFUSE),
    Outcome.EXPIRED: (_R.FAIL, _R.FAIL, _R.END, _R.NOTE, _R.NOTE),
    Outcome.RETURNED: (_R.FAIL, _R.FAIL, _R.REVIEW, _R.NOTE, _R.NOTE),
    Outcome.CONTRADICTED: (_R.REVIEW, _R.REVIEW, _R.REVIEW, _R.REVIEW, _R.REVIEW),
    Outcome.ACCEPTED: (_R.REFUSE, _R.REFUSE, _R.REFUSE, _R.REFUSE, _R.SETTLE),
}
TABLE: Final[Mapping[tuple[Status, Outcome], Transition]] = MappingProxyType(
    {(status, outcome): cell for outcome, row in _ROWS.items() for status, cell in zip(Status, row, strict=True)}
)
OPEN: Final = frozenset({Status.PENDING, Status.PROCESSING})


# Carried out by `payments.captures`, which sees the captures beside the payment.
OF_HOLDS: Final = frozenset({Transition.CAPTURE, Transition.END, Transition.RELEASE})


def transition_for(status: str, outcome: Outcome) -> Transition:
    """What an outcome means for a payment in this status."""
    return TABLE[Status(status), outcome]
