"""When which exports are started: periods of a fixed length without a gap, and a full export once a week.

Nothing is remembered: a run asks for the last three periods, and DynamoDB answers with the same export when it has it already. So two runs
may be missed without a gap. The first full export is started when the tables have none.
"""

from collections.abc import Sequence
from typing import Final

from operations.recovery import exports
from operations.recovery.exports import CannotExport
from operations.recovery.places import Bucket

HOUR_MS: Final = 3600 * 1000
FULL_EVERY_MS: Final = 7 * 24 * HOUR_MS
PERIODS_ASKED: Final = 3

# From when, for an incremental export, to when; milliseconds.
type Period = tuple[int | None, int]


def due(now_ms: int, hours: int, *, has_full: bool) -> list[Period]:
    """What to ask for now. hours: the length of a period, a divisor of 24."""
    length = hours * HOUR_MS
    newest = (now_ms - exports.SHOWN_AFTER_MS) // length * length
    ends = [newest - number * length for number in reversed(range(PERIODS_ASKED))]
    changes: list[Period] = [(end - length, end) for end in ends]
    full: list[Period] = [(None, end) for end in ends if end % FULL_EVERY_MS == 0]
    if not has_full:
        return [(None, newest)]
    return full + changes


def run(names: Sequence[str], bucket: Bucket, hours: int, now_ms: int) -> int:
    """Start what is due for these tables. Returns how many exports were asked for. Raises CannotExport when any was refused, at the end."""
    count, refused = 0, []
    for since, until in due(now_ms, hours, has_full=exports.have_full(names)):
        try:
            count += len(exports.start(names, bucket, since, until))
        except CannotExport as reason:
            refused.append(str(reason))
    if refused:
        raise CannotExport("; ".join(refused))
    return count
