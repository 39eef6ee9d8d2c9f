"""Attempts: every try at a connector, as the payment remembers it. The n-th attempt's id is the connector's idempotency key."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from paycorex import clock, ids
from paycorex.records.payment import PaymentItem

STARTED: Final = "started"
APPROVED: Final = "approved"
DECLINED: Final = "declined"
PENDING: Final = "pending"
UNAVAILABLE: Final = "unavailable"
UNKNOWN: Final = "unknown"
# The connector holds the money, and takes it when it is captured.
AUTHORIZED: Final = "authorized"
# What it held is the payer's again, without a capture.
RELEASED: Final = "released"
# The provider took the money and gave it back.
RETURNED: Final = "returned"
# A request that began an attempt has ended by then, one way or the other (the Lambda's own limit is 25 seconds).
RUNNING_SECONDS: Final = 30
# Statuses after which the connector may still come to hold the money.
OPEN: Final = frozenset({STARTED, PENDING, UNKNOWN, AUTHORIZED})


@dataclass(frozen=True, slots=True)
class Note:
    """What is known now about the attempt with this number (from 0). What is None stays as it was."""

    number: int
    connector: str
    status: str
    code: str | None = None
    reason: str | None = None
    provider_reference: str | None = None
    started_ms: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt as its payment stores it, in the contract's shape (`paycorex.records.payment.Attempt`).

    number: from 0, its place in the payment's list. started_at: RFC 3339. duration_ms: of the call that began it.
    """

    number: int
    connector: str
    status: str
    code: str | None
    reason: str | None
    provider_reference: str | None
    started_at: str
    duration_ms: int

    @property
    def started_ms(self) -> int:
        """When it began, milliseconds since the epoch."""
        return clock.parse_rfc3339(self.started_at)

    @property
    def is_open(self) -> bool:
        """True while its connector may still come to hold the money."""
        return self.status in OPEN

    @property
    def is_running(self) -> bool:
        """True while the request that began it may still wait for the connector's answer."""
        return self.status == STARTED and clock.now_ms() - self.started_ms < RUNNING_SECONDS * 1000

    def stored(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: value for name, value in asdict(self).items() if name != "number"}

    def noted(self, note: Note) -> Self:
        """After this note. One that was approved stays so: no later answer takes its money back."""
        if self.status == APPROVED:
            return self
        return replace(
            self,
            # A charge that begins after its payer typed the card has the time of the charge.
            started_at=_started_at(note) if note.status == STARTED and note.started_ms is not None else self.started_at,
            connector=note.connector,
            status=note.status,
            code=note.code,
            reason=note.reason,
            provider_reference=self.provider_reference if note.provider_reference is None else note.provider_reference,
            duration_ms=self.duration_ms if note.duration_ms is None else note.duration_ms,
        )


def attempt_id(payment_id: str, number: int) -> str:
    """The id that a payment's attempt always has."""
    return ids.derive("att", payment_id, str(number))


def noted(stored: list[dict[str, Any]] | None, note: Note) -> list[dict[str, Any]]:
    """The stored attempts with this note: a new one when its number is the next."""
    known = [AttemptRecord(number, **attempt) for number, attempt in enumerate(stored or ())]
    if note.number == len(known):
        known.append(_begun(note))
    known[note.number] = known[note.number].noted(note)
    return [attempt.stored() for attempt in known]


def _begun(note: Note) -> AttemptRecord:
    return AttemptRecord(note.number, note.connector, STARTED, None, None, None, _started_at(note), 0)


def _started_at(note: Note) -> str:
    return clock.rfc3339(clock.now_ms() if note.started_ms is None else note.started_ms)


def of(payment: PaymentItem) -> tuple[AttemptRecord, ...]:
    """The payment's attempts, the first first."""
    return tuple(AttemptRecord(number, **attempt) for number, attempt in enumerate(payment.attempts or ()))


def at(payment: PaymentItem, number: int) -> AttemptRecord | None:
    """The attempt with this number; None when there is none yet."""
    return next((attempt for attempt in of(payment) if attempt.number == number), None)


def named(payment: PaymentItem, wanted: str | None) -> AttemptRecord | None:
    """The attempt with this id; None when the payment has no such attempt."""
    return next((attempt for attempt in of(payment) if attempt_id(payment.payment_id, attempt.number) == wanted), None)


def at_connector(payment: PaymentItem, connector: str) -> AttemptRecord | None:
    """The latest attempt at this connector."""
    return next((attempt for attempt in reversed(of(payment)) if attempt.connector == connector), None)


def holder(payment: PaymentItem) -> AttemptRecord | None:
    """The attempt whose connector holds the payment's money, or took it; None while none does."""
    return None if payment.provider is None else at_connector(payment, payment.provider)


def last(payment: PaymentItem) -> AttemptRecord | None:
    """The latest attempt."""
    return next(reversed(of(payment)), None)


def is_open(payment: PaymentItem) -> bool:
    """True while a connector may still come to hold money for this payment."""
    return any(attempt.is_open for attempt in of(payment))
