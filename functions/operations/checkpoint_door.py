"""Seals the ledger every minute, and the audit logs beside it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from paycorex import aws, redaction
from paycorex.audit import sealing
from paycorex.ledger.proof import checkpoints

# What was read must still be signed, stored and indexed.
RESERVE_MS: Final = 10_000
# The alarm on the age of the newest checkpoint matches this text.
TICK: Final = "checkpoint tick"

logger = redaction.logger("checkpoints")
aws.warm("dynamodb", "kms")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """One tick. Accounts that are left stay recorded for the next tick."""

    def has_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() > RESERVE_MS

    tick = checkpoints.seal(has_time)
    audit_chains = sealing.seal(has_time)
    logger.info(TICK, extra={**asdict(tick), "audit_chains": audit_chains})
    return {**asdict(tick), "audit_chains": audit_chains}
