"""The guard around one item of a loop, and the retry of items that were set aside."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Final, Self

from paycorex import clock, redaction, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.set_aside import items
from paycorex.set_aside.items import AsideItem

# What the alarm looks for.
SET_ASIDE: Final = "set aside"
HANDED_OVER: Final = "handed over"
# Trouble of the store or of a provider, which no item is to blame for.
SHARED_TROUBLE: Final = (storage.Unavailable, storage.OutcomeUnknown, TemporarilyUnavailable)
FIRST_WAIT_MS: Final = 60_000
# What a commit could not write for so long, while the rest of the store answers, is the item's own trouble.
PATIENCE_MS: Final = 10 * 60_000
MAX_WAIT_MS: Final = 6 * 3600_000
# A run tries so many again, so that they take no time from the others.
RETRIES_PER_RUN: Final = 20
MAX_PROBLEM: Final = 500

logger: Final = redaction.logger("set_aside")


@dataclass(frozen=True, slots=True)
class Subject:
    """An item of a loop. payload: JSON that is needed to try again, where the id is not enough. since_ms: when a stream brought it first
    (milliseconds since the epoch), for an item that keeps those behind it waiting; None for one that keeps none.
    """

    loop: str
    item_id: str
    merchant_id: str | None = None
    payload: Any = None
    since_ms: int | None = None

    @property
    def is_late(self) -> bool:
        """True when those behind it have waited for long enough."""
        return self.since_ms is not None and clock.now_ms() - self.since_ms > PATIENCE_MS


class guarded:  # noqa: N801 - used as a statement: `with guarded(subject) as guard:`
    """Run the block for one item; an error of its own sets the item aside, and the code after the block goes on.

    Afterwards `is_aside` says whether that happened, and `next_try_at` when it may be tried again (milliseconds since the epoch). The block
    may say whose the item is (`merchant_id`) once it knows. Lets SHARED_TROUBLE through, and everything that is no Exception; raises
    storage's failures when not even the row can be written. Of an item that is late, only what the store itself says is shared trouble.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject: Final = subject
        self.merchant_id = subject.merchant_id
        self.next_try_at: int | None = None

    @property
    def is_aside(self) -> bool:
        """True when the block failed by the item's own fault."""
        return self.next_try_at is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, Exception) or (isinstance(error, SHARED_TROUBLE) and not self._is_given_up(error)):
            return False
        self.next_try_at = _note(replace(self.subject, merchant_id=self.merchant_id), error)
        return True

    def _is_given_up(self, error: Exception) -> bool:
        return isinstance(error, TemporarilyUnavailable) and self.subject.is_late


def stream_moment_ms(record: Mapping[str, Any]) -> int | None:
    """When a record of DynamoDB Streams came into being, to the second; None where it does not say."""
    moment = record.get("dynamodb", {}).get("ApproximateCreationDateTime")
    return None if moment is None else int(moment) * 1000


def hand_over(subject: Subject, why: str) -> None:
    """Have a loop handle an item with its next run which it should have handled before; no effect when it is waiting already.

    Raises storage's failures.
    """
    if items.find(subject.loop, subject.item_id) is not None:
        return
    now, payload = clock.now_ms(), items.packed(subject.payload)
    at = {"first_at": now, "last_at": now, "next_try_at": now}
    row = AsideItem(loop=subject.loop, item_id=subject.item_id, error=HANDED_OVER, problem=why, tries=0, payload=payload, **at)
    row.merchant_id = subject.merchant_id
    items.save(row)
    logger.warning(HANDED_OVER, extra={"loop": subject.loop, "item": subject.item_id, "merchant_id": subject.merchant_id})


def retry_due(loop: str, handle: Callable[[AsideItem], object], may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Try again what a loop set aside and what is due, at most RETRIES_PER_RUN; how many of them are done with.

    One that meets shared trouble is left for a minute. Raises storage's failures when nothing can be listed.
    """
    done = 0
    for row in items.due(loop, clock.now_ms(), RETRIES_PER_RUN):
        if not may_go_on():
            break
        try:
            with guarded(Subject(row.loop, row.item_id, row.merchant_id)) as guard:
                handle(row)
            if not guard.is_aside:
                items.clear(row)
                done += 1
        except SHARED_TROUBLE:
            items.put_off(row, clock.now_ms() + FIRST_WAIT_MS)
    return done


def _note(subject: Subject, error: Exception) -> int:
    """Write the row and the line; when to try again. The error's text is in the row alone, masked: texts of libraries quote their input."""
    known, now = items.find(subject.loop, subject.item_id), clock.now_ms()
    tries = int(known.tries) + 1 if known else 1
    next_try_at = now + min(FIRST_WAIT_MS << min(tries - 1, 10), MAX_WAIT_MS)
    payload = items.packed(subject.payload)
    items.save(
        AsideItem(
            loop=subject.loop,
            item_id=subject.item_id,
            merchant_id=subject.merchant_id or None,
            error=type(error).__name__,
            problem=redaction.mask(str(error))[:MAX_PROBLEM] or None,
            first_at=int(known.first_at) if known else now,
            last_at=now,
            tries=tries,
            next_try_at=next_try_at,
            payload=payload or (known.payload if known else None),
        )
    )
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    facts = {"loop": subject.loop, "item": subject.item_id, "merchant_id": subject.merchant_id, "tries": tries}
    logger.error(SET_ASIDE, extra={**facts, "exception": type(error).__name__, "stack": frames})
    return next_try_at
