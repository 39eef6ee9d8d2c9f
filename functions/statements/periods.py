"""Months and other periods that exports and statements are about. Times are UTC, as the ledger's are."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from paycorex import clock
from paycorex.errors import InvalidRequest
from paycorex.ledger import account_list

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """from ≤ t < to, in milliseconds since the epoch. is_whole: it is over, and everything that was booked in it can be read."""

    from_ms: int
    to_ms: int
    is_whole: bool


def month(text: str) -> Period:
    """A calendar month such as 2026-11, up to what is certain now. Raises InvalidRequest."""
    match = _MONTH.fullmatch(text)
    year, number = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1970 <= year <= 2285:
        raise InvalidRequest("A month looks like 2026-11.", details={"field": "month"})
    return _up_to_now(_start_of(year, number), _start_of(year + number // 12, number % 12 + 1), "month")


def between(from_: str | None, to: str | None) -> Period:
    """A period of a request: without `from` from the beginning, without `to` up to what is certain now. Raises InvalidRequest."""
    from_ms = clock.parse_rfc3339(from_) if from_ else 0
    to_ms = clock.parse_rfc3339(to) if to else certain_until_ms()
    if from_ms >= to_ms:
        raise InvalidRequest("from must be before to.", details={"field": "from"})
    return _up_to_now(from_ms, to_ms, "from")


def certain_until_ms() -> int:
    """Until when everything that was booked is in the list of accounts."""
    return clock.now_ms() - account_list.LAG_MS


def _up_to_now(from_ms: int, to_ms: int, field: str) -> Period:
    certain_ms = certain_until_ms()
    if from_ms >= certain_ms:
        raise InvalidRequest("The period has not begun, or began less than ten minutes ago.", details={"field": field})
    return Period(from_ms, min(to_ms, certain_ms), to_ms <= certain_ms)


def _start_of(year: int, number: int) -> int:
    return int(datetime(year, number, 1, tzinfo=UTC).timestamp()) * 1000
