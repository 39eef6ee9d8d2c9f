"""The Lambda on the queue of exhausted messages; partial batch response."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws
from webhooks import dead_letters
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_dead_letters")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Park and mark a batch of exhausted deliveries."""
    counts: Counter[str] = Counter()
    again: list[str] = []
    for record in event["Records"]:
        try:
            counts[dead_letters.bury(record["body"])] += 1
        except Exception as error:  # noqa: BLE001 - one message's trouble is not the others'; it comes back
            _log.failure("not buried", error, message_id=record["messageId"])
            again.append(record["messageId"])
    _log.counted("dead letters", **counts)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


aws.warm("dynamodb", "sqs")
