"""Time, from one place, so that tests and the simulator can move it.

All times inside are integer milliseconds since the Unix epoch, UTC. Outside they are RFC 3339 with milliseconds and `Z`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

Source = Callable[[], float]

Sleeper = Callable[[float], None]

# Sort keys hold thirteen digits, which end in November 2286.
_LATEST_MS: Final = 10**13 - 1

_source: list[Source] = [time.time]
_sleeper: list[Sleeper] = [time.sleep]
# By how much this platform's time is ahead of the world's: only on a local platform whose clock was moved.
_ahead: list[float] = [0.0]


def use(source: Source | None) -> None:
    """Replace the source of seconds since the epoch (None restores the system's)."""
    _source[0] = source or time.time


def move(ahead_seconds: float) -> None:
    """Let this process's time be so much ahead of the source's (behind it, below 0): the clock of a local platform was moved."""
    _ahead[0] = ahead_seconds


def use_sleeper(sleeper: Sleeper | None) -> None:
    """Replace how waiting is done (None restores the system's sleep)."""
    _sleeper[0] = sleeper or time.sleep


def sleep(seconds: float) -> None:
    """Wait."""
    _sleeper[0](seconds)


def system_seconds() -> float:
    """The machine's own time, which neither tests nor the simulator move: for signatures and credentials that AWS compares with its own."""
    return time.time()


def outside_seconds() -> float:
    """The time of those outside, whose clocks are not moved with this platform's: for the times in signatures, theirs and ours."""
    return _source[0]()


def now_seconds() -> float:
    """Seconds since the epoch."""
    return _source[0]() + _ahead[0]


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return int(now_seconds() * 1000)


def rfc3339(milliseconds: int) -> str:
    """`2026-01-31T23:59:59.123Z`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}.{rest:03d}Z"


def parse_rfc3339(text: str) -> int:
    """Milliseconds since the epoch of an RFC 3339 time with an offset, from 1970 to 2286; ValueError for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        # The library's own message quotes the text.
        msg = "a time looks like 2026-01-31T23:59:59Z"
        raise ValueError(msg) from None
    if moment.tzinfo is None:
        msg = "a time needs an offset, such as Z"
        raise ValueError(msg)
    milliseconds = round(moment.timestamp() * 1000)
    if not 0 <= milliseconds <= _LATEST_MS:
        msg = "a time is between 1970 and 2286"
        raise ValueError(msg)
    return milliseconds
