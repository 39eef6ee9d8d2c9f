"""One standard SQS queue: its messages, when they are visible, and who holds them."""

import json
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any

from tests.support.memory_client import RefusalError

type Request = dict[str, Any]
type Response = dict[str, Any]

_MAX_BODY_BYTES = 1024 * 1024
_MAX_DELAY_SECONDS = 900
_MAX_VISIBILITY_SECONDS = 43_200
_DEFAULTS = {"VisibilityTimeout": "30", "DelaySeconds": "0", "MessageRetentionPeriod": "345600"}


@dataclass(slots=True, eq=False)
class Message:
    message_id: str
    body: str
    attributes: Response
    sent_at: float
    visible_at: float
    receive_count: int = 0
    first_received_at: float = 0.0
    handle: str | None = None


@dataclass(slots=True)
class Queue:
    url: str
    arn: str
    settings: dict[str, str]
    messages: list[Message] = field(default_factory=list)

    def _seconds(self, name: str) -> float:
        return float(self.settings.get(name, _DEFAULTS[name]))

    @property
    def visibility_seconds(self) -> float:
        return self._seconds("VisibilityTimeout")

    @property
    def _redrive(self) -> dict[str, Any]:
        policy: dict[str, Any] = json.loads(self.settings.get("RedrivePolicy", "{}"))
        return policy

    @property
    def max_receive_count(self) -> int | None:
        count = self._redrive.get("maxReceiveCount")
        return None if count is None else int(count)

    @property
    def dead_letter_arn(self) -> str | None:
        return self._redrive.get("deadLetterTargetArn")

    def send(self, entry: Request, message_id: str, now: float) -> Response:
        body = entry["MessageBody"]
        if not body:
            raise RefusalError("MissingParameter", "The request must contain the parameter MessageBody.")
        if len(body.encode()) > _MAX_BODY_BYTES:
            raise RefusalError("InvalidParameterValue", "One or more parameters are invalid. Reason: Message too long.")
        delay = entry.get("DelaySeconds", self._seconds("DelaySeconds"))
        if not 0 <= delay <= _MAX_DELAY_SECONDS:
            raise RefusalError("InvalidParameterValue", f"Value {delay} for parameter DelaySeconds is invalid.")
        attributes = dict(entry.get("MessageAttributes", {}))
        self.messages.append(Message(message_id, body, attributes, now, now + delay))
        return {"MessageId": message_id, "MD5OfMessageBody": _md5(body)}

    def visible(self, now: float) -> list[Message]:
        """What may be received, oldest first; what is past its retention is gone."""
        oldest = now - self._seconds("MessageRetentionPeriod")
        self.messages = [message for message in self.messages if message.sent_at > oldest]
        return [message for message in self.messages if message.visible_at <= now]

    def receive(self, message: Message, handle: str, now: float, visibility_seconds: float) -> Response:
        message.handle = handle
        message.visible_at = now + visibility_seconds
        message.receive_count += 1
        message.first_received_at = message.first_received_at or now
        return {
            "MessageId": message.message_id,
            "ReceiptHandle": handle,
            "MD5OfBody": _md5(message.body),
            "Body": message.body,
            "Attributes": {
                "ApproximateReceiveCount": str(message.receive_count),
                "SentTimestamp": str(int(message.sent_at * 1000)),
                "ApproximateFirstReceiveTimestamp": str(int(message.first_received_at * 1000)),
                "SenderId": "000000000000",
            },
            **({"MessageAttributes": message.attributes} if message.attributes else {}),
        }

    def delete(self, handle: str) -> Response:
        """Delete what was received under `handle`; an outdated handle succeeds and deletes nothing."""
        self.messages = [message for message in self.messages if message.handle != handle]
        return {}

    def change_visibility(self, handle: str, now: float, seconds: float) -> Response:
        if not 0 <= seconds <= _MAX_VISIBILITY_SECONDS:
            raise RefusalError("InvalidParameterValue", f"Value {seconds} for parameter VisibilityTimeout is invalid.")
        held = next((message for message in self.messages if message.handle == handle), None)
        if held is None:
            raise RefusalError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        if held.visible_at <= now:
            raise RefusalError("AWS.SimpleQueueService.MessageNotInflight", "The message is not in flight.")
        held.visible_at = now + seconds
        return {}

    def attributes(self, now: float) -> dict[str, str]:
        visible = len(self.visible(now))
        held = sum(message.visible_at > now and message.receive_count > 0 for message in self.messages)
        return {
            **_DEFAULTS,
            **self.settings,
            "QueueArn": self.arn,
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(held),
            "ApproximateNumberOfMessagesDelayed": str(len(self.messages) - visible - held),
        }


def _md5(body: str) -> str:
    return md5(body.encode(), usedforsecurity=False).hexdigest()
