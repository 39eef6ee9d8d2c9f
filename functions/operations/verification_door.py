"""Continues the verification of the ledger, or of an audit log, that an operator started, every minute until it is done."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from paycorex import aws, redaction, settings
from paycorex.audit import verification
from paycorex.ledger.proof import proof_key, verification_runs

# The time for one batch of runs, read in eight threads.
RESERVE_MS: Final = 8_000

logger = redaction.logger("verification")
aws.warm("dynamodb", "kms")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """One tick. The next tick continues."""
    try:
        item = verification_runs.work(
            proof_key.only(settings.current().proof_key_id),
            lambda: context is None or context.get_remaining_time_in_millis() > RESERVE_MS,
            _audit_step,
        )
    except verification_runs.Overtaken:
        logger.info("another tick goes on with it")
        return {}
    tick = (
        {}
        if item is None
        else {"status": item.status, "entries": int(item.entries), "of": int(item.total_entries), "found": int(item.found)}
    )
    if tick:
        logger.info("verification tick", extra=tick)
    return tick


def _audit_step(audit_log: str, after: int) -> tuple[int, Sequence[str], bool]:
    found = verification.step(audit_log, settings.current().proof_key_id, after)
    return found.entries, found.wrong, found.is_whole
