"""Attempts: every try at a connector, as the payment remembers it. The n-th attempt's id is the connector's idempotency key."""

from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, ids
from paycorex.records.payment import PaymentItem

STARTED: Final = "started"
APPROVED: Final = "approved"
DECLINED: Final = "declined"
PENDING: Final = "pending"
UNAVAILABLE: Final = "unavailable"
UNKNOWN: Final = "unknown"
# The provider took the money and gave it back.
RETURNED: Final = "returned"
# A request that began an attempt has ended by then, one way or the other (the Lambda's own limit is 25 seconds).
RUNNING_SECONDS: Final = 30
# Statuses after which the connector may still come to hold the money.
OPEN: Final = frozenset({STARTED, PENDING, UNKNOWN})


@dataclass(frozen=True, slots=True)
class Note:
    """What was learnt about the attempt with this number (from 0). What is None stays as it was."""

    number: int
    connector: str
    status: str
    code: str | None = None
    reason: str | None = None
    provider_reference: str | None = None
    started_ms: int | None = None
    duration_ms: int | None = None


def attempt_id(payment_id: str, number: int) -> str:
    """The id that a payment's attempt always has."""
    return ids.derive("att", payment_id, str(number))


def noted(attempts: list[dict[str, Any]] | None, note: Note) -> list[dict[str, Any]]:
    """The attempts with this note. An attempt that was approved stays so: nothing that is said later takes money back."""
    result = [dict(attempt) for attempt in attempts or ()]
    if note.number == len(result):
        started = clock.rfc3339(clock.now_ms() if note.started_ms is None else note.started_ms)
        result.append(dict.fromkeys(("status", "code", "reason", "provider_reference")) | {"started_at": started, "duration_ms": 0})
    attempt = result[note.number]
    if attempt["status"] == APPROVED:
        return result
    attempt |= {"connector": note.connector, "status": note.status, "code": note.code, "reason": note.reason}
    if note.provider_reference is not None:
        attempt["provider_reference"] = note.provider_reference
    if note.duration_ms is not None:
        attempt["duration_ms"] = note.duration_ms
    return result


def number_of(payment: PaymentItem, wanted: str | None) -> int | None:
    """The number of the attempt with this id; None when the payment has no such attempt."""
    for number in range(len(payment.attempts or ())):
        if attempt_id(payment.payment_id, number) == wanted:
            return number
    return None


def last(payment: PaymentItem) -> tuple[int, dict[str, Any]] | None:
    """The latest attempt with its number."""
    found: list[dict[str, Any]] = list(payment.attempts or ())
    return (len(found) - 1, found[-1]) if found else None


def is_running(payment: PaymentItem, number: int) -> bool:
    """True while the request that made this attempt may still be waiting for its answer."""
    attempt = list(payment.attempts or ())[number]
    return attempt["status"] == STARTED and clock.now_ms() - clock.parse_rfc3339(attempt["started_at"]) < RUNNING_SECONDS * 1000


def is_open(payment: PaymentItem) -> bool:
    """True while a connector may still come to hold money for this payment."""
    return any(attempt["status"] in OPEN for attempt in payment.attempts or ())
