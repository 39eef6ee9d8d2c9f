"""The scheduled Lambda that runs the sweeper and tries again what the loops of this room set aside."""

from typing import Any, Final

from paycorex import aws, set_aside
from webhooks.delivery import set_aside_deliveries, worker_pool
from webhooks.events import set_aside_records
from webhooks.recovery import clock_moves, dead_letters, replays, sweeper
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_sweeper")
_SET_ASIDE: Final = {
    sweeper.LOOP: sweeper.process_again,
    set_aside_records.LOOP: set_aside_records.dispatch_again,
    set_aside_deliveries.LOOP: set_aside_deliveries.look_again,
    dead_letters.LOOP: dead_letters.move_again,
    replays.LOOP: replays.send_one_again,
}
# Reserved before Lambda's deadline for the current step.
_MARGIN_SECONDS: Final = 5.0


def handler(_event: object, context: Any) -> dict[str, Any]:
    """One run. Two runs in parallel are safe: a delivery then has two messages, and one attempt."""
    # First: what a test clock moved may be due now.
    clock_moves.run(lambda: worker_pool.remaining_seconds(context) > _MARGIN_SECONDS)
    swept = sweeper.sweep(seconds=max(worker_pool.remaining_seconds(context) - _MARGIN_SECONDS, 0.0))
    for loop, try_again in _SET_ASIDE.items():
        set_aside.retry_due(loop, try_again, lambda: worker_pool.remaining_seconds(context) > _MARGIN_SECONDS)
    counts = {"enqueued": swept.enqueued, "failed": swept.failed, "set_aside": swept.set_aside}
    # Nearly every run finds nothing. That is a line and no metric: CloudWatch charges a metric for each hour in which it has data.
    write = _log.counted if any(counts.values()) else _log.note
    write("swept", **counts)
    return {"enqueued": swept.enqueued, "left": swept.left}


aws.warm("dynamodb", "sqs")
