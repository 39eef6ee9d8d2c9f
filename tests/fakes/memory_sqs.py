"""`MemorySqs`: standard queues in memory with botocore's interface: visibility, delays, receive counts, dead letters."""

import json
import time
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from tests.fakes.memory_client import MemoryClient, RefusalError, Request, Response
from tests.fakes.memory_queue import Message, Queue

_MAX_BATCH = 10
_MAX_RECEIVED = 10
_BATCH_CODE = "AWS.SimpleQueueService."


class MemorySqs(MemoryClient):
    """The client's create_queue, get_queue_url, send_message(_batch), receive_message, delete_message(_batch),
    change_message_visibility, get_queue_attributes and purge_queue.

    `clock` gives epoch seconds; receiving never waits. Ids and handles come from `seed`. `calls` counts operations.
    What has been received maxReceiveCount times moves to the dead-letter queue when it would be received again. As in fair queues,
    messages of a group that takes up the consumers come after the others'. FIFO queues are not modelled. Raises ClientError with SQS's
    codes.
    """

    service = "sqs"

    def __init__(self, *, clock: Callable[[], float] = time.time, seed: int = 0, region: str = "ap-south-1") -> None:
        super().__init__(region)
        self._clock = clock
        self._dice = Random(seed)
        self._queues: dict[str, Queue] = {}

    def event(self, queue_url: str, received: Response) -> Response:
        """The Lambda event for what `receive_message` returned: {"Records": [...]}."""
        queue = self._queue({"QueueUrl": queue_url})
        return {"Records": [_record(message, queue, self.meta.region_name) for message in received["Messages"]]}

    def messages(self, queue_url: str) -> list[dict[str, Any]]:
        """Every message of a queue as plain values, none of them received: what `put` takes."""
        kept = ("message_id", "body", "attributes", "sent_at", "visible_at", "group", "receive_count", "first_received_at")
        return [{name: getattr(message, name) for name in kept} for message in self._queues[queue_url].messages.values()]

    def put(self, queue_url: str, message: Message) -> None:
        """Add a message as another process left it."""
        self._queues[queue_url].add(message)

    def _create_queue(self, request: Request) -> Response:
        name = request["QueueName"]
        if name.endswith(".fifo"):
            raise NotImplementedError("MemorySqs has no FIFO queues")
        arn = f"arn:aws:sqs:{self.meta.region_name}:000000000000:{name}"
        url = f"https://sqs.{self.meta.region_name}.amazonaws.com/000000000000/{name}"
        self._queues.setdefault(url, Queue(url, arn, dict(request.get("Attributes", {}))))
        return {"QueueUrl": url}

    def _get_queue_url(self, request: Request) -> Response:
        for url in self._queues:
            if url.endswith(f"/{request['QueueName']}"):
                return {"QueueUrl": url}
        raise _no_queue()

    def _queue(self, request: Request) -> Queue:
        queue = self._queues.get(request["QueueUrl"])
        if queue is None:
            raise _no_queue()
        return queue

    def _new_id(self) -> str:
        return str(UUID(bytes=self._dice.randbytes(16), version=4))

    def _send_message(self, request: Request) -> Response:
        return self._queue(request).send(request, self._new_id(), self._clock())

    def _send_message_batch(self, request: Request) -> Response:
        queue = self._queue(request)
        return _each(request, lambda entry: queue.send(entry, self._new_id(), self._clock()))

    def _receive_message(self, request: Request) -> Response:
        queue, now = self._queue(request), self._clock()
        limit = request.get("MaxNumberOfMessages", 1)
        if not 1 <= limit <= _MAX_RECEIVED:
            raise RefusalError("InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10")
        taken: list[Message] = []
        while len(taken) < limit and (message := queue.next_visible(now)) is not None:
            if queue.max_receive_count is not None and message.receive_count >= queue.max_receive_count:
                self._bury(queue, message)
            else:
                taken.append(message)
        visibility = request.get("VisibilityTimeout", queue.visibility_seconds)
        received = [queue.receive(message, self._new_id(), now, visibility) for message in taken]
        return {"Messages": received} if received else {}

    def _bury(self, queue: Queue, message: Message) -> None:
        target = next(found for found in self._queues.values() if found.arn == queue.dead_letter_arn)
        queue.remove(message)
        target.add(message)

    def _delete_message(self, request: Request) -> Response:
        return self._queue(request).delete(request["ReceiptHandle"], self._clock())

    def _delete_message_batch(self, request: Request) -> Response:
        queue = self._queue(request)
        return _each(request, lambda entry: queue.delete(entry["ReceiptHandle"], self._clock()))

    def _change_message_visibility(self, request: Request) -> Response:
        now = self._clock()
        return self._queue(request).change_visibility(request["ReceiptHandle"], now, request["VisibilityTimeout"])

    def _get_queue_attributes(self, request: Request) -> Response:
        attributes = self._queue(request).attributes(self._clock())
        wanted = request.get("AttributeNames", [])
        return {"Attributes": {name: text for name, text in attributes.items() if "All" in wanted or name in wanted}}

    def _purge_queue(self, request: Request) -> Response:
        self._queue(request).clear()
        return {}


def _no_queue() -> RefusalError:
    return RefusalError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")


def _each(request: Request, act: Callable[[Request], Response]) -> Response:
    """Carry out a batch entry by entry: {"Successful": [...]} and, if there are any, {"Failed": [...]}."""
    entries = request["Entries"]
    if not entries:
        raise RefusalError(f"{_BATCH_CODE}EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > _MAX_BATCH:
        raise RefusalError(f"{_BATCH_CODE}TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.")
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise RefusalError(f"{_BATCH_CODE}BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.")
    successful: list[Response] = []
    failed: list[Response] = []
    for entry in entries:
        try:
            successful.append({"Id": entry["Id"], **act(entry)})
        except RefusalError as refused:
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": refused.code, "Message": refused.message})
    return {"Successful": successful, **({"Failed": failed} if failed else {})}


def _record(message: Response, queue: Queue, region: str) -> dict[str, Any]:
    """One received message in the shape of a Lambda event, whose keys start in lower case."""
    lowered = {field[0].lower() + field[1:]: value for field, value in message.items()}
    attributes = {
        name: {field[0].lower() + field[1:]: value for field, value in attribute.items()}
        for name, attribute in message.get("MessageAttributes", {}).items()
    }
    lowered["md5OfBody"] = lowered.pop("mD5OfBody")
    source = {"eventSource": "aws:sqs", "eventSourceARN": queue.arn, "awsRegion": region}
    return {**lowered, "messageAttributes": attributes, **source}


def redrive_policy(dead_letter_arn: str, max_receive_count: int) -> dict[str, str]:
    """Queue attributes that send to a dead-letter queue what was received `max_receive_count` times."""
    policy = {"deadLetterTargetArn": dead_letter_arn, "maxReceiveCount": max_receive_count}
    return {"RedrivePolicy": json.dumps(policy)}
