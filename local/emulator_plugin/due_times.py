"""What is due next in the emulator: of the rows that wait under an index by their due time, of delayed messages, and of the schedules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

# The platform's name for an index in the order in which rows fall due; its sort key begins with thirteen digits of milliseconds.
_BY_DUE: Final = "by_due"
_DIGITS: Final = 13


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds since the epoch at which the next row or message falls due, and how many rows are due already."""

    next_at: float | None
    overdue: int


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a schedule that is due. `key`: the emulator's own of that schedule."""

    at: float
    key: Any
    schedule: dict[str, Any]


def waiting(dynamodb: Any, sqs: Any, now: float) -> Waiting:
    """Of all tables and queues."""
    with dynamodb._lock:
        rows = list(_rows(dynamodb))
    moments = [moment for moment in (*rows, *_messages(sqs)) if moment > now]
    return Waiting(min(moments, default=None), sum(moment <= now for moment in rows))


def _rows(dynamodb: Any) -> Iterator[float]:
    for table in dynamodb._tables._data.values():
        for index in table.get("GlobalSecondaryIndexes", ()):
            if index["IndexName"] != _BY_DUE:
                continue
            sort_key = next(key["AttributeName"] for key in index["KeySchema"] if key["KeyType"] == "RANGE")
            for partition in table["items"].values():
                for item in partition.values():
                    moment = item.get(sort_key, {}).get("S", "")[:_DIGITS]
                    if moment.isdigit():
                        yield int(moment) / 1000


def _messages(sqs: Any) -> Iterator[float]:
    for queue in list(sqs._queues._data.values()):
        yield from (message["visible_at"] for message in list(queue["messages"]) if "visible_at" in message)


def runs(scheduler: Any, rules: Any, now: float) -> list[Run]:
    """The schedules that are due, in the order of their due times; one that is due several times is run once, as after an outage.

    scheduler, rules: the emulator's modules `scheduler` and `eventbridge`.
    """
    found = [
        Run(at, key, schedule)
        for key, schedule in list(scheduler._schedules._data.items())
        if schedule.get("State") == "ENABLED" and (at := _due(scheduler, rules, key, schedule, now)) is not None and at <= now
    ]
    return sorted(found, key=lambda run: (run.at, str(run.key)))


def _due(scheduler: Any, rules: Any, key: Any, schedule: dict[str, Any], now: float) -> float | None:
    fired, expression = scheduler._schedule_last_fired, schedule["ScheduleExpression"]
    seconds = rules._parse_rate_seconds(expression)
    if seconds is not None:
        last: float = fired.setdefault(key, min(schedule.get("CreationDate", now), now))
        return last + float(seconds)
    fields = rules._parse_cron_fields(expression)
    if fields is None:
        return None
    last = fired.setdefault(key, now)
    following: datetime | None = rules._cron_next_fire(fields, datetime.fromtimestamp(last, UTC))
    return None if following is None else following.timestamp()
