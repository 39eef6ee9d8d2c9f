"""Seals the ledger every minute."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from paycorex import aws, redaction
from paycorex.ledger.proof import checkpoints

# What was read must still be signed, stored and indexed.
RESERVE_MS: Final = 10_000
# The alarm on the age of the newest checkpoint matches this text.
TICK: Final = "checkpoint tick"

logger = redaction.logger("checkpoints")
aws.warm("dynamodb", "kms")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """One tick. Accounts that are left stay recorded for the next tick."""
    tick = checkpoints.seal(lambda: context is None or context.get_remaining_time_in_millis() > RESERVE_MS)
    logger.info(TICK, extra=asdict(tick))
    return asdict(tick)
