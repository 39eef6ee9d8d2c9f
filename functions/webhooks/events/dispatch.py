"""From stream records to messages: one event row, one delivery row per subscribed endpoint, one message each.

Every step can be repeated: rows have derived ids and are written once, and the sender drops a message for a finished delivery.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from paycorex import clock, events, storage
from paycorex.events import Event
from paycorex.records.delivery import PENDING, DeliveryItem
from paycorex.records.endpoint import EndpointItem, wants
from webhooks import messages
from webhooks.events import dispatch_windows
from webhooks.stores import deliveries as store
from webhooks.stores import events as event_store


@dataclass(slots=True)
class Batch:
    """What one invocation has found so far. Endpoints are read once per merchant and batch and not cached longer: a new endpoint must
    receive the next event."""

    endpoints: dict[str, list[EndpointItem]] = field(default_factory=dict)
    # Deliveries by queue URL.
    outgoing: dict[str, list[DeliveryItem]] = field(default_factory=dict)

    def endpoints_for(self, event: Event) -> list[EndpointItem]:
        """The endpoints that are subscribed to this event."""
        if event.merchant_id not in self.endpoints:
            self.endpoints[event.merchant_id] = store.endpoints_of(event.merchant_id)
        return [endpoint for endpoint in self.endpoints[event.merchant_id] if wants(endpoint, event.event)]

    def enqueue(self, delivery: DeliveryItem, endpoint: EndpointItem) -> None:
        """Add a delivery to those that are sent at the end of the batch."""
        self.outgoing.setdefault(messages.queue_for(endpoint), []).append(delivery)


def dispatch(record: Mapping[str, Any], batch: Batch) -> Event | None:
    """Store a stream record's event and its deliveries. Raises storage's failures and any error of a damaged record."""
    event = events.from_stream(record)
    if event is not None:
        _once(event_store.new_event(event))
        for endpoint in batch.endpoints_for(event):
            delivery = store.pending_delivery(event.merchant_id, event.event_id, event.event, endpoint.endpoint_id)
            # First, so that after a crash at any later point the sweeper still finds the delivery.
            dispatch_windows.record_window(delivery, event.event_at)
            earlier = _once(store.new_delivery(delivery))
            # A delivery with an attempt had its message. One without may have lost it in a crash at this point.
            if earlier is None or (earlier["status"]["S"] == PENDING and earlier["attempt_count"]["N"] == "0"):
                batch.enqueue(delivery, endpoint)
    return event


def flush(batch: Batch) -> None:
    """Send all messages. Deliveries whose message SQS does not accept are left to the sweeper.

    Raises storage's failures when that cannot be stored either: then the stream delivers the batch again.
    """
    for queue_url, deliveries in batch.outgoing.items():
        for delivery in messages.enqueue(deliveries, queue_url=queue_url):
            store.schedule_sweep(delivery, clock.now_ms(), sweeps=0)


def _once(write: storage.Write) -> Mapping[str, Any] | None:
    """Run a conditional put. Returns the existing row if there is one, else None."""
    try:
        storage.run(write)
    except storage.ConditionRefused as refused:
        return refused.item or {}
    return None
