"""Hands lost records over again where an operator asked for it, every five minutes until it is done."""

from collections.abc import Mapping
from typing import Any, Final

from operations import lost_record_runs
from paycorex import aws, redaction

# The time for one note: its records are read, and its function answers within a minute.
RESERVE_MS: Final = 75_000

logger = redaction.logger("lost_records")
aws.warm("dynamodb", "sqs")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """One tick. The next tick continues."""
    item = lost_record_runs.work(lambda: context is None or context.get_remaining_time_in_millis() > RESERVE_MS)
    if item is None:
        return {}
    tick = {"number": int(item.position), "status": item.status, "results": {name: int(count) for name, count in item.results.items()}}
    logger.info("lost records tick", extra=tick)
    return tick
