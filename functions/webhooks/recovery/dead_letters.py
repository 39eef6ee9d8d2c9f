"""Deliveries without retries left: moved to the dead letter queue for operators, then marked `failed`.

They come from the queue of exhausted messages: the sender sends a message there after the last retry, and SQS moves a message there
that no sender could finish.
"""

from typing import Final

from paycorex import set_aside, settings
from paycorex.records.delivery import FAILED, SENT
from paycorex.set_aside import AsideItem, Subject
from webhooks import queues
from webhooks.endpoints import health
from webhooks.messages import DeliveryMessage, Unreadable
from webhooks.stores import deliveries as store

LOOP: Final = "webhooks.recovery.dead_letters"
GAVE_UP: Final = "failed"


def move_to_dead_letter(text: str) -> str:
    """Move one message to the dead letters, then mark its delivery. A crash in between can move it twice, but loses nothing.

    Returns a label for the metrics.

    Raises storage's failures: then the message comes back.
    """
    try:
        message = DeliveryMessage.parse(text)
    except Unreadable:
        return _park(text, "unreadable")
    if message.is_of_replay:
        # No delivery failed: the replay's row says how far it is, and the sweeper goes on with it.
        return "replay"
    delivery = store.find_delivery(message.merchant_id, message.delivery_id)
    if delivery is None:
        return _park(text, "unknown")
    if delivery.status in {SENT, FAILED} or int(delivery.round_start) != message.round:
        return "dropped"
    _park(text, GAVE_UP)
    if not store.mark_failed(delivery):
        return "dropped"
    endpoint = store.find_endpoint(message.merchant_id, delivery.endpoint_id)
    if endpoint is not None:
        health.gave_up(endpoint)
    return GAVE_UP


def subject_of(text: str, message_id: str) -> Subject:
    """A message as an item of this loop."""
    try:
        message = DeliveryMessage.parse(text)
    except Unreadable:
        return Subject(LOOP, message_id, payload=text)
    return Subject(LOOP, f"{message.merchant_id}#{message.delivery_id}", message.merchant_id, payload=text)


def move_again(row: AsideItem) -> None:
    """Move the message of a row. Raises as move_to_dead_letter does."""
    move_to_dead_letter(set_aside.payload_of(row))


def _park(text: str, result: str) -> str:
    queues.send_text(text, queue_url=settings.current().webhook_dead_letter_queue_url)
    return result
