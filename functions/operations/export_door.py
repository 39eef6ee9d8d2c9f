"""Has DynamoDB export what changed, into a bucket that may be in another region; runs when the stack has such a bucket."""

from collections.abc import Mapping
from typing import Any, Final

from operations.recovery import export_schedule, places
from paycorex import aws, clock, redaction, settings

# The alarm on exports that do not start matches this text.
TICK: Final = "exports asked for"

logger = redaction.logger("exports")
aws.warm("dynamodb")


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, int]:
    """One run. What it asks for again is one export."""
    current = settings.current()
    bucket = places.Bucket(current.export_bucket, current.export_prefix)
    names = [current.table(noun) for noun in current.export_tables.split()]
    count = export_schedule.run(names, bucket, current.export_hours, clock.now_ms())
    logger.info(TICK, extra={"count": count})
    return {"asked": count}
