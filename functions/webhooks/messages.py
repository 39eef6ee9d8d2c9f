"""The messages of deliveries and replays: what they say, which queue they go to, and sending them. `queues` has the calls to SQS."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from paycorex import settings, storage
from paycorex.records.delivery import DeliveryItem
from paycorex.records.endpoint import EndpointItem
from webhooks import queues
from webhooks.queues import OutgoingMessage


class Unreadable(Exception):
    """A message of another format. It stays in its queue until SQS moves it to the exhausted messages; no other message waits for it."""


@dataclass(frozen=True, slots=True)
class DeliveryMessage:
    """What a message names: a merchant's delivery, and the round of attempts that it is for; or a replay, and how many steps led here."""

    merchant_id: str
    delivery_id: str
    # The delivery's `round_start`: a message of an older round does not end a newer one.
    round: int = 0

    @property
    def is_of_replay(self) -> bool:
        """True for the next step of a replay; `round` then counts the steps before it."""
        return self.delivery_id.startswith("rpl_")

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


def enqueue(deliveries: Sequence[DeliveryItem], *, queue_url: str, delay_seconds: int = 0) -> list[DeliveryItem]:
    """Send one message for each delivery. Returns the deliveries whose message SQS did not accept."""
    outgoing = [OutgoingMessage(message_of(delivery).text(), delivery.endpoint_id) for delivery in deliveries]
    try:
        refused = queues.send(outgoing, queue_url=queue_url, delay_seconds=delay_seconds)
    except (storage.Unavailable, storage.OutcomeUnknown):
        # Some messages may have been sent. A second message for a delivery does no harm.
        return list(deliveries)
    return [deliveries[index] for index in refused]


def enqueue_replay(merchant_id: str, replay_id: str, *, steps: int = 0, delay_seconds: int = 0) -> None:
    """Send the message for the next step of a replay. If SQS does not accept it, the sweeper sends another."""
    message = OutgoingMessage(DeliveryMessage(merchant_id, replay_id, steps).text(), replay_id)
    try:
        queues.send([message], queue_url=slow_queue(), delay_seconds=delay_seconds)
    except (storage.Unavailable, storage.OutcomeUnknown):
        return


def message_of(delivery: DeliveryItem) -> DeliveryMessage:
    """The message for a delivery's current round."""
    return DeliveryMessage(delivery.merchant_id, delivery.delivery_id, int(delivery.round_start))


def queue_for(endpoint: EndpointItem) -> str:
    """The queue's URL. Slow or failing endpoints have a queue of their own, so that other deliveries do not wait for them."""
    return slow_queue() if is_degraded(endpoint) else settings.current().webhook_queue_url


def slow_queue() -> str:
    """The URL of the slow queue, or of the only queue in a stack without one."""
    current = settings.current()
    return current.webhook_slow_queue_url or current.webhook_queue_url


def is_degraded(endpoint: EndpointItem) -> bool:
    """True for an endpoint that is slow, failing, or both."""
    return endpoint.failing_since is not None or endpoint.slow_since is not None
