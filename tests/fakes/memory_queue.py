"""One standard SQS queue: its messages, when they are visible, who holds them, and whose turn it is (fair queues)."""

import json
from dataclasses import dataclass, field
from hashlib import md5
from heapq import heappop, heappush
from typing import Any

from tests.fakes.memory_client import RefusalError

type Request = dict[str, Any]
type Response = dict[str, Any]

_MAX_BODY_BYTES = 1024 * 1024
_MAX_DELAY_SECONDS = 900
_MAX_VISIBILITY_SECONDS = 43_200
_DEFAULTS = {"VisibilityTimeout": "30", "DelaySeconds": "0", "MessageRetentionPeriod": "345600"}
# From when a group of messages counts as a noisy neighbour: such a part of all that are in flight, and so many; or such a part of the time
# for which consumers have held messages lately.
_NOISY_PART = 0.1
_NOISY_IN_FLIGHT = 30
_LATELY_SECONDS = 60.0


@dataclass(slots=True, eq=False)
class Message:
    message_id: str
    body: str
    attributes: Response
    sent_at: float
    visible_at: float
    group: str | None = None
    receive_count: int = 0
    first_received_at: float = 0.0
    handle: str | None = None
    in_flight: bool = False
    received_at: float = 0.0
    is_ready: bool = False


@dataclass(slots=True)
class Queue:
    url: str
    arn: str
    settings: dict[str, str]
    # By message id. The heaps may hold leftovers: what is not in here any more, or waits for another time by now.
    messages: dict[str, Message] = field(default_factory=dict)
    _held: dict[str, Message] = field(default_factory=dict)
    _pushed: int = 0
    _waiting: list[tuple[float, int, Message]] = field(default_factory=list)
    _ready: dict[str | None, list[tuple[float, int, Message]]] = field(default_factory=dict)
    _in_flight: dict[str | None, int] = field(default_factory=dict)
    _held_seconds: dict[str | None, float] = field(default_factory=dict)
    _counted_at: float = 0.0

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
        limit = self._redrive.get("maxReceiveCount")
        return None if limit is None else int(limit)

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
        self.add(Message(message_id, body, attributes, now, now + delay, entry.get("MessageGroupId")))
        return {"MessageId": message_id, "MD5OfMessageBody": _md5(body)}

    def add(self, message: Message) -> None:
        self.messages[message.message_id] = message
        self._await(message)

    def remove(self, message: Message) -> None:
        del self.messages[message.message_id]
        self._held.pop(message.handle or "", None)
        self._lands(message)
        message.handle = None

    def next_visible(self, now: float) -> Message | None:
        """The oldest message of a quiet group, or else the oldest of a noisy one; it is the caller's to receive or remove."""
        self._wake(now)
        self._forget_before(now - self._seconds("MessageRetentionPeriod"))
        heads = [(self._is_noisy(group), *heap[0]) for group, heap in self._ready.items() if heap]
        if not heads:
            return None
        message = min(heads)[3]
        heappop(self._ready[message.group])
        message.is_ready = False
        return message

    def receive(self, message: Message, handle: str, now: float, visibility_seconds: float) -> Response:
        self._held.pop(message.handle or "", None)
        self._held[handle] = message
        self._in_flight[message.group] = self._in_flight.get(message.group, 0) + 1
        message.handle, message.in_flight, message.received_at = handle, True, now
        message.visible_at = now + visibility_seconds
        message.receive_count += 1
        message.first_received_at = message.first_received_at or now
        self._await(message)
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
                **({"MessageGroupId": message.group} if message.group else {}),
            },
            **({"MessageAttributes": message.attributes} if message.attributes else {}),
        }

    def delete(self, handle: str, now: float) -> Response:
        """Delete what was received under `handle`; an outdated handle succeeds and deletes nothing."""
        if held := self._held.get(handle):
            self._count(held, now)
            self.remove(held)
        return {}

    def change_visibility(self, handle: str, now: float, seconds: float) -> Response:
        if not 0 <= seconds <= _MAX_VISIBILITY_SECONDS:
            raise RefusalError("InvalidParameterValue", f"Value {seconds} for parameter VisibilityTimeout is invalid.")
        held = self._held.get(handle)
        if held is None:
            raise RefusalError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        if held.visible_at <= now:
            raise RefusalError("AWS.SimpleQueueService.MessageNotInflight", "The message is not in flight.")
        self._count(held, now)
        held.visible_at = now + seconds
        self._await(held)
        return {}

    def attributes(self, now: float) -> dict[str, str]:
        self._wake(now)
        self._forget_before(now - self._seconds("MessageRetentionPeriod"))
        visible = sum(message.visible_at <= now for message in self.messages.values())
        held = sum(message.visible_at > now and message.receive_count > 0 for message in self.messages.values())
        return {
            **_DEFAULTS,
            **self.settings,
            "QueueArn": self.arn,
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(held),
            "ApproximateNumberOfMessagesDelayed": str(len(self.messages) - visible - held),
        }

    def clear(self) -> None:
        for message in list(self.messages.values()):
            self.remove(message)
        self._waiting.clear()
        self._ready.clear()

    def _await(self, message: Message) -> None:
        heappush(self._waiting, (message.visible_at, self._next(), message))

    def _wake(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            due, _, message = heappop(self._waiting)
            if self.messages.get(message.message_id) is message and message.visible_at == due and not message.is_ready:
                self._lands(message)
                message.is_ready = True
                heappush(self._ready.setdefault(message.group, []), (message.sent_at, self._next(), message))

    def _forget_before(self, oldest: float) -> None:
        for heap in self._ready.values():
            while heap and (heap[0][0] <= oldest or self.messages.get(heap[0][2].message_id) is not heap[0][2]):
                message = heappop(heap)[2]
                if self.messages.get(message.message_id) is message:
                    self.remove(message)

    def _lands(self, message: Message) -> None:
        if message.in_flight:
            self._in_flight[message.group] -= 1
        message.in_flight = False

    def _is_noisy(self, group: str | None) -> bool:
        if group is None:
            return False
        mine = self._in_flight.get(group, 0)
        if mine >= _NOISY_IN_FLIGHT and mine > _NOISY_PART * sum(self._in_flight.values()):
            return True
        lately = sum(self._held_seconds.values())
        return lately > 0 and self._held_seconds.get(group, 0.0) > _NOISY_PART * lately

    def _next(self) -> int:
        """A number of its own for what is put into a heap, so that no two messages are compared."""
        self._pushed += 1
        return self._pushed

    def _count(self, message: Message, now: float) -> None:
        """Add the time for which a consumer has held this message; what is long ago fades."""
        # A test may set its clock back.
        fading = 0.5 ** (max(now - self._counted_at, 0) / _LATELY_SECONDS)
        self._counted_at = now
        self._held_seconds = {group: seconds * fading for group, seconds in self._held_seconds.items()}
        self._held_seconds[message.group] = self._held_seconds.get(message.group, 0.0) + now - message.received_at


def _md5(body: str) -> str:
    return md5(body.encode(), usedforsecurity=False).hexdigest()
