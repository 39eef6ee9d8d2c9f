"""What the queue should have brought and did not: put back into it. The delivery rows know when they are due; the queue is only quick.

Only rows that need it are in the index: those waiting for a retry, those sent again on request, those whose message SQS refused, and
the watches, behind which first messages are looked for that SQS accepted and lost.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from paycorex import clock
from paycorex.records.delivery import DUE_SHARDS, FAILED, SENT, DeliveryItem
from paycorex.set_aside import SHARED_TROUBLE, AsideItem, Subject, guarded
from webhooks import messages
from webhooks.recovery import lost_messages
from webhooks.stores import deliveries as store
from webhooks.stores import dispatch_windows
from webhooks.stores import replays as replay_store

# How long after its time a delivery counts as forgotten rather than about to come.
GRACE_MS: Final = 5 * 60 * 1000
# Each sweep doubles the time until the next, so that a long queue is not made longer by copies of what is in it.
_MAX_DOUBLINGS: Final = 8
MAX_PER_RUN: Final = 2_000
LOOP: Final = "webhooks.recovery.sweeper"
# What was set aside is tried again from its row there. This is for the case that the row gets lost.
ASIDE_MS: Final = 24 * 3600 * 1000
# So long a run looks behind one watch; the next goes on where it stopped.
WINDOW_SECONDS: Final = 5.0
_SEPARATOR: Final = "|"


@dataclass(slots=True)
class Swept:
    """What a run found. `left`: there was more than one run takes, or had the time for. failed: could not be looked at, still overdue."""

    enqueued: int = 0
    left: bool = False
    failed: int = 0
    set_aside: int = 0


def sweep(*, seconds: float) -> Swept:
    """Enqueue what is overdue, on the slow queue: it is late already, and may be many. Takes at most about so many seconds."""
    before, end = clock.now_ms() - GRACE_MS, time.monotonic() + seconds
    swept = Swept()

    def is_over() -> bool:
        swept.left = swept.enqueued >= MAX_PER_RUN or time.monotonic() >= end
        return swept.left

    # Each run begins elsewhere, so that no shard waits for another's thousands.
    first = clock.now_ms() // 60_000
    for shard in (number % DUE_SHARDS for number in range(first, first + DUE_SHARDS)):
        for key in store.overdue(f"due#{shard}", before):
            if is_over():
                return swept
            _look(key, swept, is_over)
    return swept


def look_again(row: AsideItem) -> None:
    """At what a run set aside. Raises whatever its row makes happen."""
    merchant_shard, _, identifier = row.item_id.partition(_SEPARATOR)
    key = store.key_of(merchant_shard, identifier)
    if key is not None:
        for delivery in _waiting_behind(key, lambda: False):
            _enqueue(delivery)


def _look(key: DeliveryItem, swept: Swept, is_over: Callable[[], bool]) -> None:
    subject = Subject(LOOP, f"{key.merchant_shard}{_SEPARATOR}{key.delivery_id}", key.merchant_shard.partition("#")[0])
    try:
        with guarded(subject) as guard:
            for delivery in _waiting_behind(key, is_over):
                swept.enqueued += _enqueue(delivery)
                if is_over():
                    return
        if guard.is_aside:
            swept.set_aside += 1
            store.put_off(key, clock.now_ms() + ASIDE_MS)
    except SHARED_TROUBLE:
        swept.failed += 1


def _waiting_behind(key: DeliveryItem, out_of_time: Callable[[], bool]) -> Iterator[DeliveryItem]:
    """What an entry of the index stands for."""
    if dispatch_windows.is_window(key.delivery_id):
        until = time.monotonic() + WINDOW_SECONDS
        yield from lost_messages.find(key, out_of_time=lambda: out_of_time() or time.monotonic() >= until)
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
        messages.enqueue_replay(delivery.merchant_shard.partition("#")[0], delivery.delivery_id)
        return True
    if messages.enqueue([delivery], queue_url=messages.slow_queue()):
        # What a watch has found nobody else knows of.
        store.schedule_sweep(delivery, clock.now_ms(), sweeps=int(delivery.sweeps))
        return False
    sweeps = int(delivery.sweeps) + 1
    store.schedule_sweep(delivery, clock.now_ms() + GRACE_MS * (2 ** min(sweeps, _MAX_DOUBLINGS) - 1), sweeps=sweeps)
    return True
