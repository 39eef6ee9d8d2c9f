"""The queues of the engine: what a message says, and sending, delaying and parking it. What a message means is the sender's."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import batched
from typing import Any, Final, Self

from paycorex import aws, settings
from paycorex.storage.failures import translated

_BATCH: Final = 10
# A poll that does not wait asks some of SQS's servers only, and may miss the few messages that there are.
_POLL_SECONDS: Final = 2
# SQS counts its twelve hours from the receive, so a little must be left for the work in between.
MAX_VISIBILITY_SECONDS: Final = 43_200 - 120
MAX_DELAY_SECONDS: Final = 900


class Unreadable(Exception):
    """A message that is none of ours. It stays in the queue until SQS moves it aside; nobody else waits for it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message names: a merchant's delivery, and the round of attempts that it is for."""

    merchant_id: str
    delivery_id: str
    # The delivery's `round_start`: a letter of an older round gives no newer one up.
    round: int = 0

    def text(self) -> str:
        """The message's body."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises Unreadable."""
        try:
            content: Any = json.loads(text)
            return cls(str(content["merchant_id"]), str(content["delivery_id"]), int(content["round"]))
        except (ValueError, TypeError, KeyError) as error:
            raise Unreadable from error


@dataclass(frozen=True, slots=True)
class Message:
    """A received message."""

    body: str
    receipt: str
    message_id: str


def send(letters: Mapping[Letter, str], *, queue_url: str, delay_seconds: int = 0) -> list[Letter]:
    """Send each letter in one message; those that SQS did not take.

    letters: each with its group, by which SQS's fair queues share the senders: whose messages take up many lets the others' go first.
    """
    refused: list[Letter] = []
    for batch in batched(letters.items(), _BATCH, strict=False):
        refused += _send_batch(batch, queue_url, delay_seconds)
    return refused


def _send_batch(batch: Sequence[tuple[Letter, str]], queue_url: str, delay_seconds: int) -> Iterator[Letter]:
    entries: list[Any] = [
        {"Id": str(place), "MessageBody": letter.text(), "MessageGroupId": group, "DelaySeconds": delay_seconds}
        for place, (letter, group) in enumerate(batch)
    ]
    with translated():
        answer = aws.sqs().send_message_batch(QueueUrl=queue_url, Entries=entries)
    return (batch[int(entry["Id"])][0] for entry in answer.get("Failed", ()))


def send_text(text: str, *, queue_url: str, group: str | None = None) -> None:
    """Send a body as it is. Raises storage.Unavailable or OutcomeUnknown."""
    grouped: Any = {} if group is None else {"MessageGroupId": group}
    with translated():
        aws.sqs().send_message(QueueUrl=queue_url, MessageBody=text, **grouped)


def postpone(queue_url: str, receipt: str, seconds: int) -> None:
    """Let a received message be seen again after this time."""
    with translated():
        aws.sqs().change_message_visibility(QueueUrl=queue_url, ReceiptHandle=receipt, VisibilityTimeout=seconds)


def receive(queue_url: str, *, hold_seconds: int) -> list[Message]:
    """Up to ten messages, kept from everybody else for this time; empty when none is visible."""
    with translated():
        answer = aws.sqs().receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=_BATCH, VisibilityTimeout=hold_seconds, WaitTimeSeconds=_POLL_SECONDS
        )
    return [Message(message["Body"], message["ReceiptHandle"], message["MessageId"]) for message in answer.get("Messages", ())]


def delete(queue_url: str, message: Message) -> None:
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
