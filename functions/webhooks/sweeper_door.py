"""The scheduled Lambda that looks for forgotten deliveries, and again at what any loop of the engine set aside."""

from typing import Any, Final

from paycorex import aws, set_aside
from webhooks.delivery import set_aside_deliveries, worker_pool
from webhooks.events import set_aside_records
from webhooks.recovery import dead_letters, replays, sweeper
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_sweeper")
_SET_ASIDE: Final = {
    sweeper.LOOP: sweeper.look_again,
    set_aside_records.LOOP: set_aside_records.dispatch_again,
    set_aside_deliveries.LOOP: set_aside_deliveries.look_again,
    dead_letters.LOOP: dead_letters.move_again,
    replays.LOOP: replays.send_one_again,
}
# Kept from Lambda's own deadline for the step that is being made.
_MARGIN_SECONDS: Final = 5.0


def handler(_event: object, context: Any) -> dict[str, Any]:
    """One run. Safe to run twice at once: a delivery then gets two messages, and one attempt."""
    swept = sweeper.sweep(seconds=max(worker_pool.remaining_seconds(context) - _MARGIN_SECONDS, 0.0))
    for loop, look_again in _SET_ASIDE.items():
        set_aside.retry_due(loop, look_again, lambda: worker_pool.remaining_seconds(context) > _MARGIN_SECONDS)
    counts = {"enqueued": swept.enqueued, "failed": swept.failed, "set_aside": swept.set_aside}
    # Nearly every run finds nothing. That is a line and no metric: CloudWatch charges a metric for each hour in which it has data.
    write = _log.counted if any(counts.values()) else _log.note
    write("swept", **counts)
    return {"enqueued": swept.enqueued, "left": swept.left}


aws.warm("dynamodb", "sqs")
