"""The Lambda that reconciles every few minutes: each merchant's clearing accounts are read into items, judged by the clock, and proved."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from paycorex import aws, redaction, set_aside, storage
from paycorex.records.reconciliation_position import ReconciliationPosition
from paycorex.set_aside import SHARED_TROUBLE, Subject, guarded
from settlements.matching import working

LOOP: Final = "settlements.reconciliation"
# What was read must still be written.
RESERVE_MS: Final = 10_000
# What the alarm looks for.
UNEXPLAINED: Final = "clearing account is not explained"

logger = redaction.logger("reconciliation")
aws.warm("dynamodb", "kms")


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """One tick. What is left for want of time is done by the next one."""

    def may_go_on() -> bool:
        return context is None or context.get_remaining_time_in_millis() > RESERVE_MS

    tick = {"merchants": 0, "entries": 0, "accounts": 0, "unexplained": 0, "failed": 0}
    for merchant_id in _merchants():
        if not may_go_on():
            break
        tick["merchants"] += 1
        try:
            with guarded(Subject(LOOP, merchant_id, merchant_id)):
                _reconcile(merchant_id, may_go_on, tick)
        except SHARED_TROUBLE as failure:
            tick["failed"] += 1
            logger.warning("a merchant was not reconciled", extra={"merchant": merchant_id, "exception": type(failure).__name__})
    set_aside.retry_due(LOOP, lambda row: _reconcile(row.item_id, may_go_on, tick), may_go_on)
    logger.info("tick", extra=tick)
    return tick


def _merchants() -> list[str]:
    """Those that have a clearing account, the one that was looked at longest ago first."""
    looked: dict[str, int] = {}
    for wire in storage.scan_wire(ReconciliationPosition):
        # Of each row no more is read than these two: one that cannot be read must not hold up the others.
        merchant_id, read_at = wire["merchant_id"]["S"], int(wire.get("updated_at", {}).get("N", "0"))
        looked[merchant_id] = min(read_at, looked.get(merchant_id, read_at))
    return sorted(looked, key=lambda merchant_id: (looked[merchant_id], merchant_id))


def _reconcile(merchant_id: str, may_go_on: Callable[[], bool], tick: dict[str, int]) -> None:
    done = working.run(merchant_id, may_go_on=may_go_on)
    tick["entries"] += done.entries
    tick["accounts"] += len(done.accounts)
    for account in done.accounts if done.is_done else ():
        if not account.is_proved:
            tick["unexplained"] += 1
            where = {"merchant": merchant_id, "source": account.source, "currency": account.currency}
            logger.critical(UNEXPLAINED, extra={**where, "minor_units": account.unexplained})
