"""The Lambda on the delivery queues: a batch at once, one deadline, partial batch response."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws
from webhooks.delivery import attempt as sender
from webhooks.delivery import http_post
from webhooks.delivery.worker_pool import Crew, remaining_seconds
from webhooks.queues import Letter
from webhooks.recovery import replays
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_sender")
_crew: Final = Crew(_log)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Deliver a batch of messages; answers which of them must come back."""
    again, tally = _crew.work(event["Records"], deliver_one, remaining_seconds=remaining_seconds(context))
    _log.counted("deliveries", **tally.results, oldest_seconds=tally.oldest_seconds)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def deliver_one(letter: Letter, queue_url: str, timeout_seconds: float) -> sender.Verdict:
    if letter.delivery_id.startswith("rpl_"):
        return _replay(letter)
    # Looked up at each call, so that a test may stand in for the network.
    return sender.deliver(letter, queue_url=queue_url, timeout_seconds=timeout_seconds, post=http_post.post)


def _replay(letter: Letter) -> sender.Verdict:
    step = replays.advance(letter.merchant_id, letter.delivery_id)
    if step.again_in_seconds is not None:
        replays.send(letter.merchant_id, letter.delivery_id, delay_seconds=step.again_in_seconds)
    return sender.Finished("replay_steps")


aws.warm("dynamodb", "sqs", "kms")
