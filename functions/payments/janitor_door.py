"""Runs the janitor every minute."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from paycorex import aws, redaction
from payments import janitor

# A provider may take this long for one answer, and what it says must still be written down.
RESERVE_MS: Final = 8_000

logger = redaction.logger("janitor")
aws.warm("dynamodb", "kms")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """One tick. What is left over is still due at the next."""
    tick = janitor.run(may_go_on=lambda: context is None or context.get_remaining_time_in_millis() > RESERVE_MS)
    logger.info("tick", extra=asdict(tick))
    return asdict(tick)
