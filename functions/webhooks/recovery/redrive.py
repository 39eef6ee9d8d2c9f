"""The redrive: deliveries are taken out of the dead letter queue and sent again, with all their retries.

A message is received, sent and deleted, in this order. A run that is killed at any point loses nothing, and the next run continues.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from paycorex import settings, storage
from paycorex.records.delivery import FAILED, SENT
from paycorex.set_aside import SHARED_TROUBLE
from webhooks import messages, queues
from webhooks.messages import DeliveryMessage, Unreadable
from webhooks.queues import ReceivedMessage
from webhooks.stores import deliveries as store

TRIGGER: Final = "redrive"
# Longer than a batch takes. The next run sees the messages that are left.
HOLD_SECONDS: Final = 120
RESENT: Final = "sent again"
DELIVERED_MEANWHILE: Final = "delivered meanwhile"
# What one request of the operators' page does, well within the 25 seconds of its function.
MAX_BY_REQUEST: Final = 100
SECONDS_BY_REQUEST: Final = 12


@dataclass(slots=True)
class Progress:
    """The results so far. `total`: the approximate number of messages at the start."""

    total: int
    results: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> int:
        """The number of messages processed."""
        return self.results.total()

    @property
    def resent(self) -> int:
        """The number of messages that are in the queue no longer."""
        return self.results[RESENT] + self.results[DELIVERED_MEANWHILE]


def redrive(
    *, merchant_id: str | None, limit: int | None, report: Callable[[Progress], None], may_go_on: Callable[[], bool] = lambda: True
) -> Progress:
    """Send dead letters again: all, or one merchant's, about `limit` at most and while it may go on. Reports after every ten.

    Messages whose endpoint is gone or inactive, and unreadable ones, stay in the queue. Raises storage's failures.
    """
    current = settings.current()
    progress = Progress(queues.depth(current.webhook_dead_letter_queue_url))
    seen: set[str] = set()
    while (limit is None or progress.results[RESENT] < limit) and may_go_on():
        received = queues.receive(current.webhook_dead_letter_queue_url, hold_seconds=HOLD_SECONDS)
        if not received:
            break
        for message in received:
            if message.message_id in seen:
                # This run left the message earlier and sees it again, so it has seen all others too.
                return progress
            seen.add(message.message_id)
            progress.results[_one(message, merchant_id)] += 1
        report(progress)
    return progress


def _one(received: ReceivedMessage, merchant_id: str | None) -> str:
    try:
        message = DeliveryMessage.parse(received.body)
    except Unreadable:
        return "unreadable, left"
    if merchant_id is not None and message.merchant_id != merchant_id:
        return "another merchant's, left"
    try:
        result = _send_again(message)
    except SHARED_TROUBLE:
        raise
    except Exception:  # noqa: BLE001 - one message must not block the others; it stays in the queue, and is counted
        return "cannot be handled, left"
    if result in {RESENT, DELIVERED_MEANWHILE}:
        queues.delete(settings.current().webhook_dead_letter_queue_url, received)
    return result


def _send_again(message: DeliveryMessage) -> str:
    delivery = store.find_delivery(message.merchant_id, message.delivery_id)
    if delivery is None:
        return "unknown, left"
    if delivery.status == SENT:
        return DELIVERED_MEANWHILE
    endpoint = store.find_endpoint(message.merchant_id, delivery.endpoint_id)
    if endpoint is None or not endpoint.is_active:
        return "endpoint inactive, left"
    if delivery.status == FAILED:
        try:
            storage.run(store.begin_round(delivery, TRIGGER))
        except storage.ConditionRefused:
            return "changed meanwhile, left"
        delivery.round_start = delivery.attempt_count
    if messages.enqueue([delivery], queue_url=messages.queue_for(endpoint)):
        return "not taken by the queue, left"
    return RESENT
