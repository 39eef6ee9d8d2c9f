"""The calls to SQS: sending, receiving, delaying and deleting messages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from paycorex import aws, settings
from paycorex.storage.failures import translated

_BATCH: Final = 10
# A poll without waiting asks only some of SQS's servers, and may miss the messages of a short queue.
_POLL_SECONDS: Final = 2
# SQS counts its twelve hours from the receive, so this leaves time for the work in between.
MAX_VISIBILITY_SECONDS: Final = 43_200 - 120
MAX_DELAY_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to send. SQS's fair queues share the senders between groups: a group that uses many of them waits for the others."""

    body: str
    group: str


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A received message."""

    body: str
    receipt: str
    message_id: str


def send(messages: Sequence[OutgoingMessage], *, queue_url: str, delay_seconds: int = 0) -> list[int]:
    """Send each message; returns the positions of those that SQS did not accept. Raises storage.Unavailable or OutcomeUnknown."""
    refused: list[int] = []
    for batch in batched(enumerate(messages), _BATCH, strict=False):
        refused += _send_batch(batch, queue_url, delay_seconds)
    return refused


def _send_batch(batch: Sequence[tuple[int, OutgoingMessage]], queue_url: str, delay_seconds: int) -> Iterator[int]:
    entries: list[Any] = [
        {"Id": str(index), "MessageBody": message.body, "MessageGroupId": message.group, "DelaySeconds": delay_seconds}
        for index, message in batch
    ]
    with translated():
        answer = aws.sqs().send_message_batch(QueueUrl=queue_url, Entries=entries)
    return (int(entry["Id"]) for entry in answer.get("Failed", ()))


def send_text(text: str, *, queue_url: str, group: str | None = None) -> None:
    """Send a text as one message. Raises storage.Unavailable or OutcomeUnknown."""
    grouped: Any = {} if group is None else {"MessageGroupId": group}
    with translated():
        aws.sqs().send_message(QueueUrl=queue_url, MessageBody=text, **grouped)


def postpone(queue_url: str, receipt: str, seconds: int) -> None:
    """Make a received message visible again after this time."""
    with translated():
        aws.sqs().change_message_visibility(QueueUrl=queue_url, ReceiptHandle=receipt, VisibilityTimeout=seconds)


def receive(queue_url: str, *, hold_seconds: int) -> list[ReceivedMessage]:
    """Up to ten messages, hidden from other receivers for this time; empty when none is visible."""
    with translated():
        answer = aws.sqs().receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=_BATCH, VisibilityTimeout=hold_seconds, WaitTimeSeconds=_POLL_SECONDS
        )
    return [ReceivedMessage(message["Body"], message["ReceiptHandle"], message["MessageId"]) for message in answer.get("Messages", ())]


def delete(queue_url: str, message: ReceivedMessage) -> None:
    """Remove a received message for good."""
    with translated():
        aws.sqs().delete_message(QueueUrl=queue_url, ReceiptHandle=message.receipt)


def depth(queue_url: str) -> int:
    """About how many messages a queue has, held ones included."""
    names: list[Any] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    with translated():
        found = aws.sqs().get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def queue_of(record: Mapping[str, Any]) -> str:
    """The URL of the queue that a Lambda's SQS record came from: one of the two that senders work on."""
    name = str(record.get("eventSourceARN", "")).rpartition(":")[2]
    current = settings.current()
    slow = current.webhook_slow_queue_url
    return slow if slow and slow.rpartition("/")[2] == name else current.webhook_queue_url
