"""The scheduled Lambda that looks for forgotten deliveries."""

from typing import Any, Final

from paycorex import aws
from webhooks import sweeper
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_sweeper")


def handler(_event: object, _context: object) -> dict[str, Any]:
    """One run. Safe to run twice at once: a delivery then gets two messages, and one attempt."""
    swept = sweeper.sweep()
    _log.counted("swept", enqueued=swept.enqueued)
    return {"enqueued": swept.enqueued, "left": swept.left}


aws.warm("dynamodb", "sqs")
