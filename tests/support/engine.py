"""The webhook engine of a world: streams, queues and schedule move on request; merchants' servers are pretended or real."""

import base64
import hashlib
import hmac
import importlib
import json
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from paycorex import clock, events
from tests.support.world import PREFIX, World
from webhooks.delivery import http_post
from webhooks.delivery.http_post import Outcome

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]
# Which Lambda works on which queue.
WORKERS = {"webhooks": "sender_door", "webhooks-slow": "sender_door", "webhooks-exhausted": "dead_letters_door"}


def handler_of(door: str) -> Handler:
    """A worker's handler. Imported late, because doors make their clients at import and the world replaces those first."""
    handler: Handler = importlib.import_module(f"webhooks.{door}").handler
    return handler


@dataclass(frozen=True, slots=True)
class Received:
    """One POST that a merchant's server got."""

    url: str
    at: float
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The body."""
        content: dict[str, Any] = json.loads(self.body)
        return content


def answer(status: int, *, text: str = "ok", retry_after_seconds: float | None = None) -> Outcome:
    """What a server says."""
    return Outcome(status, 5, None, text, retry_after_seconds)


@dataclass
class Internet:
    """Pretended servers: each URL answers from its script, then for ever with its last word (200 by default)."""

    scripts: dict[str, list[Outcome]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes, *, timeout_seconds: float = 10.0) -> Outcome:
        """Take a POST."""
        self.received.append(Received(url, clock.now_seconds(), dict(headers), body))
        script = self.scripts.get(url) or [answer(200)]
        return script.pop(0) if len(script) > 1 else script[0]

    def at(self, url: str) -> list[Received]:
        """What one URL got."""
        return [received for received in self.received if received.url == url]


class Engine:
    """Moves a world's streams and queues through the real handlers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.internet = Internet()
        self._undispatched: dict[str, list[dict[str, Any]]] = {}

    @contextmanager
    def online(self, post: Callable[..., Outcome] | None = None) -> Any:
        """Answer deliveries from the pretended internet (or another sender)."""
        with patch.object(http_post, "post", post or self.internet.post):
            yield self

    def dispatch(self) -> list[dict[str, Any]]:
        """What Lambda does with the streams: records that fail, and those behind them, come again at the next call."""
        seen: list[dict[str, Any]] = []
        for noun in events.KINDS:
            records = self._undispatched.pop(noun, []) + self.world.dynamo.drain_stream(PREFIX + noun)
            seen += records
            if records:
                self._undispatched[noun] = records  # for a handler that dies
                failed = failures(handler_of("dispatcher_door")({"Records": records}, None))
                numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
                self._undispatched[noun] = records[min(map(numbers.index, failed)) :] if failed else []
        return seen

    def hand_over(self, streams: Mapping[str, list[dict[str, Any]]]) -> None:
        """Records that another process left unread: they come first at the next dispatch."""
        self._undispatched = {noun: list(streams.get(noun, ())) for noun in events.KINDS}

    def receive(self, queue: str, limit: int = 10) -> list[dict[str, Any]]:
        """Lambda's records of what is visible in a queue."""
        got = self.world.sqs.receive_message(QueueUrl=self.url(queue), MaxNumberOfMessages=limit)
        return list(self.world.sqs.event(self.url(queue), got)["Records"]) if got.get("Messages") else []

    def work(self, queue: str = "webhooks") -> int:
        """What Lambda does with a queue, until nothing is visible. Returns how many messages it handled."""
        handled = 0
        while records := self.receive(queue):
            self.handle(queue, records)
            handled += len(records)
        return handled

    def handle(self, queue: str, records: list[dict[str, Any]]) -> list[str]:
        """One invocation: deletes what was not reported. Returns the reported message ids."""
        failed = failures(handler_of(WORKERS[queue])({"Records": records}, None))
        done = [record for record in records if record["messageId"] not in failed]
        if done:
            entries = [{"Id": str(place), "ReceiptHandle": record["receiptHandle"]} for place, record in enumerate(done)]
            self.world.sqs.delete_message_batch(QueueUrl=self.url(queue), Entries=entries)
        return failed

    def settle(self) -> None:
        """Dispatch, deliver and bury what can be now."""
        self.dispatch()
        while sum(self.work(queue) for queue in WORKERS):
            self.dispatch()

    def pass_time(self, seconds: float, *, step: float = 15.0) -> None:
        """Let time go by, working all the while."""
        end = self.world.clock.now + seconds
        while self.world.clock.now < end:
            self.settle()
            self.world.clock.now = min(self.world.clock.now + step, end)
        self.settle()

    def sweep(self) -> dict[str, Any]:
        """The schedule's run."""
        return handler_of("sweeper_door")({}, None)

    def written(self) -> dict[str, Any]:
        """Every item of every table but the keys, which remember when they were last used."""
        return {table: items for table, items in self.world.dump().items() if not table.endswith("api_keys")}

    def url(self, queue: str) -> str:
        """A queue's URL."""
        found: str = self.world.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        return found

    def depth(self, queue: str) -> int:
        """Messages in a queue, seen or not."""
        counts = self._attributes(queue)
        return sum(int(counts[name]) for name in counts if name.startswith("ApproximateNumberOfMessages"))

    def waiting(self, queue: str) -> int:
        """Messages that a worker could have at once."""
        return int(self._attributes(queue)["ApproximateNumberOfMessages"])

    def _attributes(self, queue: str) -> Mapping[str, str]:
        attributes: Mapping[str, str] = self.world.sqs.get_queue_attributes(QueueUrl=self.url(queue), AttributeNames=["All"])["Attributes"]
        return attributes


def failures(answer: Mapping[str, Any]) -> list[str]:
    """The identifiers of a partial batch response."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def verify_by_hand(secret: str, received: Received) -> bool:
    """Standard Webhooks in a few lines of the standard library, independent of the code under test."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = f"{received.headers['webhook-id']}.{received.headers['webhook-timestamp']}.".encode() + received.body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in received.headers["webhook-signature"].split(" ")


def seed_signature(secret: str, body: bytes) -> str:
    """The seed's header, by hand."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
