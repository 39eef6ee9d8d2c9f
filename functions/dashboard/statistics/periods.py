"""Periods of time that statistics are asked for: two instants, a time zone, and the quarters of an hour that lie between them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dashboard.statistics.tallies import QUARTER_MS
from paycorex import clock
from paycorex.errors import InvalidRequest

DEFAULT_DAYS: Final = 30
MAX_DAYS: Final = 400
_OFFSET: Final = re.compile(r"([+-])(0[0-9]|1[0-4]):(00|15|30|45)", re.ASCII)
_DAY_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Period:
    """from ≤ t < to, in milliseconds since the epoch. `zone` decides what a day is."""

    from_ms: int
    to_ms: int
    zone: tzinfo
    # Those that lie in it as a whole. Decided once, when it is asked for: the present moves on while it is counted.
    quarters: range

    @classmethod
    def between(cls, from_ms: int, to_ms: int, zone: tzinfo, *, now_ms: int) -> "Period":
        """With the quarters that lie in it. Of what is not over yet everything there is lies in it."""
        end = -(-to_ms // QUARTER_MS) if to_ms >= now_ms else to_ms // QUARTER_MS
        return cls(from_ms, to_ms, zone, range(-(-from_ms // QUARTER_MS), end))

    def widened(self) -> "Period":
        """The whole quarters that it touches."""
        first, end = self.from_ms // QUARTER_MS, -(-self.to_ms // QUARTER_MS)
        return Period(first * QUARTER_MS, end * QUARTER_MS, self.zone, range(first, end))

    @property
    def edges(self) -> list[tuple[int, int]]:
        """What of it is no whole quarter: at most two intervals of less than a quarter of an hour."""
        first, end = self.quarters.start * QUARTER_MS, self.quarters.stop * QUARTER_MS
        if first > end:
            return [(self.from_ms, self.to_ms)]
        return [(low, high) for low, high in ((self.from_ms, first), (end, self.to_ms)) if low < high]

    def date_of(self, quarter: int) -> date:
        """The day that a quarter belongs to."""
        return datetime.fromtimestamp(quarter * (QUARTER_MS // 1000), self.zone).date()

    def days(self) -> list[date]:
        """Every day that it touches, oldest first."""
        first = datetime.fromtimestamp(self.from_ms // 1000, self.zone).date()
        last = datetime.fromtimestamp((self.to_ms - 1) // 1000, self.zone).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def zone_of(name: str) -> tzinfo:
    """An IANA zone such as Asia/Kolkata, or an offset such as +05:30. Raises ValueError."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    try:
        return UTC if name in {"UTC", "Z"} else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = "a time zone is a name such as Asia/Kolkata or an offset such as +05:30"
        raise ValueError(msg) from None


def period_of(from_: str | None, to: str | None, zone_name: str) -> Period:
    """The period of a request: by default the last thirty days, today included. Raises InvalidRequest."""
    zone = zone_of(zone_name)
    now_ms = clock.now_ms()
    to_ms = clock.parse_rfc3339(to) if to else now_ms
    if from_:
        from_ms = clock.parse_rfc3339(from_)
    else:
        day = datetime.fromtimestamp(to_ms // 1000, zone).date() - timedelta(days=DEFAULT_DAYS - 1)
        from_ms = max(int(datetime.combine(day, time(), zone).timestamp()) * 1000, 0)
    if from_ms >= to_ms:
        raise InvalidRequest("from must be before to.", details={"field": "from"})
    if to_ms - from_ms > MAX_DAYS * _DAY_SECONDS * 1000:
        raise InvalidRequest(f"At most {MAX_DAYS} days at once.", details={"field": "from"})
    return Period.between(from_ms, to_ms, zone, now_ms=now_ms)
