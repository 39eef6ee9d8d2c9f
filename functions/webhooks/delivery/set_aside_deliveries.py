"""Deliveries that the sender could not process and set aside: their name, and how the sweeper tries them again."""

from typing import Final

from paycorex.records.delivery import FAILED, SENT
from paycorex.set_aside import AsideItem, Subject
from webhooks import messages
from webhooks.messages import DeliveryMessage
from webhooks.stores import deliveries as store
from webhooks.stores import replays as replay_store

LOOP: Final = "webhooks.delivery.attempt"
# Between merchant and delivery. Ids do not contain it.
_SEPARATOR: Final = "#"


class StillOpen(Exception):
    """Another message for the delivery was sent. The next run sees whether it was delivered."""


def subject_of(message: DeliveryMessage) -> Subject:
    """A message as an item of the sender's loop."""
    return Subject(LOOP, f"{message.merchant_id}{_SEPARATOR}{message.delivery_id}", message.merchant_id)


def look_again(row: AsideItem) -> None:
    """Send another message for an unfinished delivery or replay. Raises StillOpen then, and any error of a damaged row."""
    merchant_id, _, identifier = row.item_id.partition(_SEPARATOR)
    if identifier.startswith("rpl_"):
        replay = replay_store.find(merchant_id, identifier)
        if replay is None or replay.status == replay_store.DONE:
            return
        messages.enqueue_replay(merchant_id, identifier)
        raise StillOpen
    delivery = store.find_delivery(merchant_id, identifier)
    if delivery is None or delivery.status in {SENT, FAILED}:
        return
    messages.enqueue([delivery], queue_url=messages.slow_queue())
    raise StillOpen
