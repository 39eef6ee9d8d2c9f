"""The Lambda on the delivery queues: a batch at once, one deadline, partial batch response."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws
from webhooks.delivery import attempt, http_post
from webhooks.delivery.endpoint_reads import EndpointReads
from webhooks.delivery.worker_pool import Work, WorkerPool, remaining_seconds
from webhooks.messages import DeliveryMessage
from webhooks.recovery import replays
from webhooks.work_log import WorkLog

_log: Final = WorkLog("webhook_sender")
_pool: Final = WorkerPool(_log)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Deliver a batch of messages; answers which of them must come back."""
    again, tally = _pool.work(event["Records"], delivering(EndpointReads()), remaining_seconds=remaining_seconds(context))
    _log.counted("deliveries", **tally.results, oldest_seconds=tally.oldest_seconds)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}


def delivering(endpoints: EndpointReads) -> Work:
    """The work for each message of a batch."""

    def deliver_one(message: DeliveryMessage, queue_url: str, timeout_seconds: float) -> attempt.Verdict:
        if message.is_of_replay:
            return _replay(message)
        # Looked up at each call, so that a test can replace the network.
        return attempt.deliver(message, queue_url=queue_url, timeout_seconds=timeout_seconds, endpoints=endpoints, post=http_post.post)

    return deliver_one


def _replay(message: DeliveryMessage) -> attempt.Verdict:
    replays.run_step(message.merchant_id, message.delivery_id, message.round)
    return attempt.Done("replay_steps")


aws.warm("dynamodb", "sqs", "kms")
