"""What the queue should have brought and did not: put back into it. The delivery rows know when they are due; the queue is only quick.

Only rows that need it are in the index: those waiting for a retry, those sent again on request, those whose message SQS refused, and
the watches, behind which first messages are looked for that SQS accepted and lost.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from paycorex import clock, settings
from paycorex.records.delivery import DUE_SHARDS, FAILED, SENT, DeliveryItem
from webhooks import dispatcher, replay_store, replays, store, watch_store, watches

# How long after its time a delivery counts as forgotten rather than about to come.
GRACE_MS: Final = 5 * 60 * 1000
# Each sweep doubles the time until the next, so that a long queue is not made longer by copies of what is in it.
_MAX_DOUBLINGS: Final = 8
MAX_PER_RUN: Final = 2_000


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run found. `left`: there was more than one run takes, or had the time for."""

    enqueued: int
    left: bool


def sweep(*, seconds: float) -> Swept:
    """Enqueue what is overdue, on the slow queue: it is late already, and may be many. Takes at most about so many seconds."""
    before, end = clock.now_ms() - GRACE_MS, time.monotonic() + seconds
    enqueued = 0

    def out_of_time() -> bool:
        return time.monotonic() >= end

    # Each run begins elsewhere, so that no shard waits for another's thousands.
    first = clock.now_ms() // 60_000
    for shard in (number % DUE_SHARDS for number in range(first, first + DUE_SHARDS)):
        for key in store.overdue(f"due#{shard}", before):
            for delivery in _waiting_behind(key, out_of_time):
                if enqueued >= MAX_PER_RUN or out_of_time():
                    return Swept(enqueued, left=True)
                enqueued += _enqueue(delivery)
            if out_of_time():
                return Swept(enqueued, left=True)
    return Swept(enqueued, left=False)


def _waiting_behind(key: DeliveryItem, out_of_time: Callable[[], bool]) -> Iterator[DeliveryItem]:
    """What an entry of the index stands for."""
    if watch_store.is_watch(key.delivery_id):
        yield from watches.forgotten(key, out_of_time=out_of_time)
    elif key.delivery_id.startswith("rpl_"):
        yield key
    else:
        delivery = store.load_delivery(key)
        # Or else the index was a moment behind.
        if delivery is not None and delivery.status not in {SENT, FAILED} and delivery.due_at == key.due_at:
            yield delivery


def _enqueue(delivery: DeliveryItem) -> bool:
    if delivery.delivery_id.startswith("rpl_"):
        replay_store.put_off(delivery.merchant_shard, delivery.delivery_id)
        replays.send(delivery.merchant_shard.partition("#")[0], delivery.delivery_id, delay_seconds=0)
        return True
    current = settings.current()
    if dispatcher.enqueue([delivery], queue_url=current.webhook_slow_queue_url or current.webhook_queue_url):
        # What a watch has found nobody else knows of.
        store.entrust_to_sweeper(delivery, clock.now_ms(), sweeps=int(delivery.sweeps))
        return False
    sweeps = int(delivery.sweeps) + 1
    store.entrust_to_sweeper(delivery, clock.now_ms() + GRACE_MS * (2 ** min(sweeps, _MAX_DOUBLINGS) - 1), sweeps=sweeps)
    return True
