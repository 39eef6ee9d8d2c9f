"""What the queue should have brought and did not: put back into it. The delivery rows know when they are due; the queue is only quick.

Only rows that need it are in the index: those waiting for a retry, those sent again on request, and those whose message SQS refused.
"""

from dataclasses import dataclass
from typing import Final

from paycorex import clock, settings
from paycorex.records.delivery import DUE_SHARDS, FAILED, SENT, DeliveryItem
from webhooks import dispatcher, replays, store

# How long after its time a delivery counts as forgotten rather than about to come.
GRACE_MS: Final = 5 * 60 * 1000
# Each sweep doubles the time until the next, so that a long queue is not made longer by copies of what is in it.
_MAX_DOUBLINGS: Final = 8
MAX_PER_RUN: Final = 2_000


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run found. `left`: there was more than one run takes."""

    enqueued: int
    left: bool


def sweep() -> Swept:
    """Enqueue what is overdue, on the slow queue: it is late already, and may be many."""
    before = clock.now_ms() - GRACE_MS
    enqueued = 0
    for shard in range(DUE_SHARDS):
        for key in store.overdue(f"due#{shard}", before):
            if enqueued >= MAX_PER_RUN:
                return Swept(enqueued, left=True)
            enqueued += _enqueue(key)
    return Swept(enqueued, left=False)


def _enqueue(key: DeliveryItem) -> bool:
    merchant_id = key.merchant_shard.partition("#")[0]
    if key.delivery_id.startswith("rpl_"):
        replays.send(merchant_id, key.delivery_id, delay_seconds=0)
        return True
    delivery = store.load_delivery(key)
    if delivery is None or delivery.status in {SENT, FAILED} or delivery.due_at != key.due_at:
        # The index was a moment behind.
        return False
    current = settings.current()
    if dispatcher.enqueue([delivery], queue_url=current.webhook_slow_queue_url or current.webhook_queue_url):
        return False
    sweeps = int(delivery.sweeps) + 1
    store.entrust_to_sweeper(delivery, clock.now_ms() + GRACE_MS * (2 ** min(sweeps, _MAX_DOUBLINGS) - 1), sweeps=sweeps)
    return True
