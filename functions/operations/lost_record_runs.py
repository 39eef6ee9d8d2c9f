"""Runs that hand lost records over again: an operator asks for one, and a function of its own carries it out, tick by tick.

The operators' door calls no function: it leaves a row in `operator_work`, and the only role that may call functions on streams takes it.
"""

from collections.abc import Callable
from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from operations import failed_stream_records
from operations.running_views import LostRecordRun
from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable

RUNNING: Final = "running"
DONE: Final = "done"
SCOPE: Final = "lost_records"
# After so many notes, or so long, a run is over: what fails again would else come back to it for ever.
MAX_NOTES: Final = 1000
MAX_MS: Final = 3600_000
SHOWN: Final = 5
# Two ticks at once count into the same row.
_TRIES: Final = 8


class RunItem(storage.Item):
    """One run. Times in milliseconds; results: how many notes had each result, of which there are a few."""

    class Meta:
        """Which table."""

        table_name = "operator_work"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    status = UnicodeAttribute()
    version = NumberAttribute(default=0)
    started_at = NumberAttribute()
    updated_at = NumberAttribute()
    results = JSONAttribute()


def newest(limit: int = 1) -> list[RunItem]:
    """The last runs, newest first. Raises storage.Unavailable."""
    return storage.query(RunItem, RunItem.scope == SCOPE, newest_first=True, limit=limit, consistent=True).items


def start() -> tuple[LostRecordRun, bool]:
    """Ask for a run, or find the one that is not over; and whether it is new. Raises storage.Unavailable or OutcomeUnknown."""
    last = newest()
    if last and last[0].status == RUNNING:
        return view(last[0]), False
    # One after the last, so that of two that start at once one is refused and finds the other's.
    position, now = f"{int(last[0].position) + 1 if last else 1:012d}", clock.now_ms()
    item = RunItem(scope=SCOPE, position=position, status=RUNNING, started_at=now, updated_at=now, results={})
    try:
        storage.run(storage.put(item, RunItem.position.does_not_exist()))
    except storage.ConditionRefused:
        return view(newest()[0]), False
    return view(item), True


def work(may_go_on: Callable[[], bool]) -> RunItem | None:
    """Go on with the run that is not over, if there is one, for as long as it may.

    Raises storage.Unavailable, TemporarilyUnavailable, and botocore's errors when AWS cannot be reached: the next tick goes on.
    """
    last = newest()
    if not last or last[0].status != RUNNING:
        return None
    item = last[0]
    for result in failed_stream_records.results():
        item = _noted(item, result)
        if item.status != RUNNING or not may_go_on():
            return item
    return _noted(item, None)


def view(item: RunItem) -> LostRecordRun:
    """The contract's object."""
    return LostRecordRun(
        number=int(item.position),
        status=item.status,
        started_at=clock.rfc3339(int(item.started_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
        results={name: int(count) for name, count in item.results.items()},
    )


def _noted(item: RunItem, result: str | None) -> RunItem:
    """The run with one more note that had this result; None when there is none left, and it is over."""
    for _attempt in range(_TRIES):
        version, now = int(item.version), clock.now_ms()
        if item.status != RUNNING and result is None:
            return item
        if result is not None:
            item.results = {**item.results, result: int(item.results.get(result, 0)) + 1}
        is_over = result is None or sum(map(int, item.results.values())) >= MAX_NOTES or now - int(item.started_at) > MAX_MS
        item.status, item.version, item.updated_at = DONE if is_over else item.status, version + 1, now
        try:
            storage.run(storage.put(item, RunItem.version == version))
        except storage.ConditionRefused:
            item = _fresh(item)
        else:
            return item
    raise TemporarilyUnavailable


def _fresh(item: RunItem) -> RunItem:
    found = storage.get(RunItem, SCOPE, item.position)
    if found is None:
        raise AssertionError("a run vanished")
    return found
