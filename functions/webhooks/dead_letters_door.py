"""The Lambda on the queue of exhausted messages; partial batch response."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws
from paycorex.set_aside import SHARED_TROUBLE, guarded
from webhooks.recovery import dead_letters
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_dead_letters")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Move a batch of exhausted deliveries to the dead letter queue. One that cannot be moved is set aside for the sweeper."""
    counts: Counter[str] = Counter()
    again: list[str] = []
    for record in event["Records"]:
        try:
            with guarded(dead_letters.subject_of(record["body"], record["messageId"])) as guard:
                counts[dead_letters.move_to_dead_letter(record["body"])] += 1
            if guard.is_aside:
                counts["set_aside"] += 1
        except SHARED_TROUBLE as failure:
            _log.failure("not moved to the dead letters", failure, message_id=record["messageId"])
            again.append(record["messageId"])
    _log.counted("dead letters", **counts)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


aws.warm("dynamodb", "sqs")
