"""Seals the ledger every minute."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from paycorex import aws, redaction
from paycorex.ledger.proof import checkpoints

# What was read must still be signed, stored and indexed.
RESERVE_MS: Final = 10_000
# What the alarm on the age of the newest checkpoint looks for.
TICK: Final = "checkpoint tick"

logger = redaction.logger("checkpoints")
aws.warm("dynamodb", "kms")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """One tick. What is left over is still noted for the next."""
    tick = checkpoints.seal(lambda: context is None or context.get_remaining_time_in_millis() > RESERVE_MS)
    logger.info(TICK, extra=asdict(tick))
    return asdict(tick)
