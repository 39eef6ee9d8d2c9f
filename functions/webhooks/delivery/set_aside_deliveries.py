"""Deliveries that the sender could not work on and set aside: under which name, and how the sweeper looks at them again."""

from typing import Final

from paycorex.records.delivery import FAILED, SENT
from paycorex.set_aside import AsideItem, Subject
from webhooks import messages
from webhooks.messages import DeliveryMessage
from webhooks.stores import deliveries as store
from webhooks.stores import replays as replay_store

LOOP: Final = "webhooks.delivery.attempt"
# Between merchant and delivery; no id has one.
_SEPARATOR: Final = "#"


class StillOpen(Exception):
    """A message for it is on its way once more: whether it was delivered is seen the next time."""


def subject_of(message: DeliveryMessage) -> Subject:
    """A message as an item of the sender's loop."""
    return Subject(LOOP, f"{message.merchant_id}{_SEPARATOR}{message.delivery_id}", message.merchant_id)


def look_again(row: AsideItem) -> None:
    """Send another message for what is not at its end yet. Raises StillOpen then, and whatever a broken row makes happen."""
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
