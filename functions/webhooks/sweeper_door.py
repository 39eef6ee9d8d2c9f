"""The scheduled Lambda that looks for forgotten deliveries."""

from typing import Any, Final

from paycorex import aws
from webhooks import batches, sweeper
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_sweeper")
# Kept from Lambda's own deadline for the step that is being made.
_MARGIN_SECONDS: Final = 5.0


def handler(_event: object, context: Any) -> dict[str, Any]:
    """One run. Safe to run twice at once: a delivery then gets two messages, and one attempt."""
    swept = sweeper.sweep(seconds=max(batches.remaining_seconds(context) - _MARGIN_SECONDS, 0.0))
    _log.counted("swept", enqueued=swept.enqueued)
    return {"enqueued": swept.enqueued, "left": swept.left}


aws.warm("dynamodb", "sqs")
