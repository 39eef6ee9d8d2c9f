"""A merchant's test clock: how much time was let pass for what waits, and which rooms still have to move records. Never in production.

The clock moves no time: it makes the deadlines of one merchant's waiting records earlier by what was asked for. Each room moves its own
records, in steps that a later run goes on with; a record notes the number of the advance that it has been through.
Table `test_clocks`: `clock`, merchant · `part#<name>`, merchant, while the part has work.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, settings, storage
from paycorex.errors import Forbidden, InvalidState

KEYS: Final = "keys"
PAYMENTS: Final = "payments"
WEBHOOKS: Final = "webhooks"
SETTLEMENTS: Final = "settlements"
PARTS: Final = (KEYS, PAYMENTS, SETTLEMENTS, WEBHOOKS)
# One advance lets so many days pass at most: longer than any deadline of a contract lasts.
MAX_DAYS: Final = 366
# So many merchants a run of a loop works for, and so many steps it takes for all of them together; the next run goes on.
MERCHANTS_PER_RUN: Final = 20
STEPS_PER_RUN: Final = 20
# So many records a step looks at.
STEP_RECORDS: Final = 100
# What a place is made of: the page's beginning, and how many records were moved before.
PLACE_FIELDS: Final = frozenset({"kind", "shard", "start", "moved", "passes"})
_CLOCK: Final = "clock"
_PART: Final = "part#"
_DAY_SECONDS: Final = 86_400
# ISO 8601's durations in units of one length each.
PATTERN: Final = r"^P(?=[0-9T])([0-9]{1,9}W)?([0-9]{1,9}D)?(T(?=[0-9])([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}S)?)?$"
_DURATION: Final = re.compile(PATTERN, re.ASCII)
_NUMBER: Final = re.compile(r"(T?)([0-9]+)([WDHMS])")
_UNIT_SECONDS: Final = {"W": 7 * _DAY_SECONDS, "D": _DAY_SECONDS, "H": 3600, "M": 60, "S": 1}


class ClockItem(storage.Item):
    """A merchant's clock, or what one room still has to move for it. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "test_clocks"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    # How many advances there were; of the newest: how far, and when it was asked for.
    number = NumberAttribute()
    by_ms = NumberAttribute()
    asked_at = NumberAttribute()
    # Of a clock: all advances together.
    total_ms = NumberAttribute(default=0)
    # Of a part: where the next step begins, and from when on.
    place = JSONAttribute(default=dict)
    not_before = NumberAttribute(default=0)

    @property
    def advance(self) -> "Advance":
        """The newest advance."""
        return Advance(self.position, int(self.number), int(self.by_ms), int(self.asked_at))


@dataclass(frozen=True, slots=True)
class Advance:
    """Time that is let pass for a merchant: the how manieth advance, how far, and when it was asked for, in milliseconds."""

    merchant_id: str
    number: int
    by_ms: int
    asked_at: int

    def moves(self, record: Any) -> bool:
        """Whether a record waited when the advance was asked for, and has not been through it. It has `created_at` and `clock_moves`."""
        return int(record.clock_moves or 0) < self.number and int(record.created_at) <= self.asked_at

    def earlier(self, moment: Any) -> int | None:
        """A deadline after the advance; None stays so."""
        return None if moment is None else int(moment) - self.by_ms


def is_there() -> bool:
    """Whether merchants have test clocks here."""
    return settings.current().stage != "prod"


def refuse_in_production() -> None:
    """Raises Forbidden in production."""
    if not is_there():
        raise Forbidden("There is no test clock in production: nothing that waits there can be made to wait less. Use a sandbox.")


def seconds_of(text: str) -> int:
    """Of an ISO 8601 duration in weeks, days, hours, minutes and seconds, such as `P7D` or `PT90M`.

    Raises ValueError for another text, for nothing, and for more than MAX_DAYS.
    """
    if text.startswith("-"):
        raise ValueError("time moves forward only: leave the minus sign out")
    if not _DURATION.fullmatch(text):
        if re.match(r"P[0-9]+[YM]", text):
            raise ValueError("years and months differ in length: say it in days, such as P30D")
        raise ValueError("an ISO 8601 duration, such as P7D, PT36H or P1DT12H")
    seconds = sum(int(number) * _UNIT_SECONDS[unit] for _time, number, unit in _NUMBER.findall(text))
    if seconds == 0:
        raise ValueError("an ISO 8601 duration of a second at least, such as P7D")
    if seconds > MAX_DAYS * _DAY_SECONDS:
        raise ValueError(f"at most {MAX_DAYS} days at once (P{MAX_DAYS}D)")
    return seconds


def begin(merchant_id: str, seconds: int, claims: list[storage.Write]) -> Advance:
    """Ask for an advance, with the claims of its request.

    Raises Forbidden in production, InvalidState while one is under way, storage.TransactionRefused when a claim is taken.
    """
    refuse_in_production()
    known, now = of(merchant_id), clock.now_ms()
    number = 1 if known is None else int(known.number) + 1
    about: dict[str, Any] = {"position": merchant_id, "number": number, "by_ms": seconds * 1000, "asked_at": now}
    total = (0 if known is None else int(known.total_ms)) + seconds * 1000
    unchanged = ClockItem.position.does_not_exist() if known is None else ClockItem.number == int(known.number)
    heads = [storage.put(ClockItem(scope=_CLOCK, total_ms=total, **about), unchanged)]
    heads += [storage.put(ClockItem(scope=_PART + part, **about), ClockItem.position.does_not_exist()) for part in PARTS]
    if left(merchant_id):
        raise _is_moving(merchant_id)
    try:
        storage.transact([*heads, *claims])
    except storage.TransactionRefused as refused:
        if any(reason.is_condition for reason in refused.reasons[: len(heads)]):
            raise _is_moving(merchant_id) from refused
        raise
    return Advance(merchant_id, number, seconds * 1000, now)


def _is_moving(merchant_id: str) -> InvalidState:
    return InvalidState(
        "The clock is still moving: ask for it (GET /v1/test/clock) until its status is still, then advance it again.",
        details={"moving": left(merchant_id)},
    )


def of(merchant_id: str) -> ClockItem | None:
    """A merchant's clock; None where it was never advanced. Raises storage.Unavailable."""
    return storage.get(ClockItem, _CLOCK, merchant_id)


def left(merchant_id: str) -> list[str]:
    """The parts that still have work for a merchant. Raises storage.Unavailable."""
    return [part for part in PARTS if part_of(part, merchant_id) is not None]


def part_of(part: str, merchant_id: str) -> ClockItem | None:
    """What a part still has to do for a merchant. Raises storage.Unavailable."""
    return storage.get(ClockItem, _PART + part, merchant_id)


def work(part: str) -> list[ClockItem]:
    """For which merchants a part has work, at most MERCHANTS_PER_RUN; none in production, without asking. Raises storage.Unavailable."""
    if not is_there():
        return []
    return storage.query(ClockItem, ClockItem.scope == _PART + part, limit=MERCHANTS_PER_RUN, consistent=True).items


def take_steps(part: str, step: Callable[[ClockItem], tuple[int, ClockItem | None]], may_go_on: Callable[[], bool]) -> tuple[int, bool]:
    """Take a part's steps in turns, one for each merchant, at most STEPS_PER_RUN; how many records were moved, and whether none is left.

    step: moves one page; how many records it moved, and the work that is left. Raises what it raises, and storage.Unavailable.
    """
    rows, moved, steps = work(part), 0, 0
    while rows:
        following: list[ClockItem] = []
        for row in rows:
            if steps >= STEPS_PER_RUN or not may_go_on():
                return moved, False
            steps += 1
            count, after = step(row)
            moved += count
            following += [after] if after is not None else []
        rows = following
    return moved, True


def gone_on(row: ClockItem, place: dict[str, Any]) -> ClockItem | None:
    """A part's work after a step; None when another run has gone on with it. Raises storage.Unavailable."""
    if not place.keys() <= PLACE_FIELDS:
        raise AssertionError("a place with a field that has no bound")
    after = storage.copy_of(row)
    after.place = place
    return after if _is_stored(storage.update(ClockItem, _key(row), [ClockItem.place.set(place)], _is_as_read(row))) else None


def wait(part: str, advance: Advance, until_ms: int) -> None:
    """Let a part begin not before this. Raises storage.Unavailable."""
    key = ClockItem.wire_key(_PART + part, advance.merchant_id)
    _is_stored(storage.update(ClockItem, key, [ClockItem.not_before.set(until_ms)], ClockItem.number == advance.number))


def done(row: ClockItem) -> None:
    """A part has nothing left to move for this advance; no effect when another run has gone on. Raises storage.Unavailable."""
    _is_stored(storage.delete(ClockItem, _key(row), _is_as_read(row)))


def _key(row: ClockItem) -> dict[str, Any]:
    return ClockItem.wire_key(row.scope, row.position)


def _is_as_read(row: ClockItem) -> Any:
    return (ClockItem.number == int(row.number)) & (ClockItem.place == row.place)


def _is_stored(write: storage.Write) -> bool:
    try:
        storage.run(write)
    except storage.ConditionRefused:
        return False
    return True
