"""The sweeper: deliveries whose message did not come are put into the queue again. Rows store when they are due; the queue is only faster.

The index holds only the rows that need it: deliveries that wait for a retry, that were sent again on request or whose message SQS refused,
replays, and dispatch windows, in which first messages are searched that SQS accepted and lost.
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

# A delivery that is overdue for this long is put into the queue again; before, its message may still come.
GRACE_MS: Final = 5 * 60 * 1000
# Each sweep doubles the time until the next, so that a long queue does not fill with duplicates.
_MAX_DOUBLINGS: Final = 8
MAX_PER_RUN: Final = 2_000
LOOP: Final = "webhooks.recovery.sweeper"
# A row that was set aside is tried again from the table of set-aside items. This due time is for the case that it is lost there.
ASIDE_MS: Final = 24 * 3600 * 1000
# How long a run reads one dispatch window; the next run continues.
WINDOW_SECONDS: Final = 5.0
_SEPARATOR: Final = "|"


@dataclass(slots=True)
class Swept:
    """The results of a run. left: some rows remain for the next run. failed: rows that could not be processed and are still overdue."""

    enqueued: int = 0
    left: bool = False
    failed: int = 0
    set_aside: int = 0


def sweep(*, seconds: float) -> Swept:
    """Enqueue overdue rows on the slow queue: they are late already, and may be many. Takes about `seconds` at most."""
    before, end = clock.now_ms() - GRACE_MS, time.monotonic() + seconds
    swept = Swept()

    def is_over() -> bool:
        swept.left = swept.enqueued >= MAX_PER_RUN or time.monotonic() >= end
        return swept.left

    # Each run begins with another shard, so that no shard waits for thousands of rows of another.
    first = clock.now_ms() // 60_000
    for shard in (number % DUE_SHARDS for number in range(first, first + DUE_SHARDS)):
        for key in store.overdue(f"due#{shard}", before):
            if is_over():
                return swept
            _process(key, swept, is_over)
    return swept


def process_again(row: AsideItem) -> None:
    """Process again a row that a run set aside. Raises any error of the row."""
    merchant_shard, _, identifier = row.item_id.partition(_SEPARATOR)
    key = store.key_of(merchant_shard, identifier)
    if key is not None:
        for delivery in _rows_behind(key, lambda: False):
            _enqueue(delivery)


def _process(key: DeliveryItem, swept: Swept, is_over: Callable[[], bool]) -> None:
    subject = Subject(LOOP, f"{key.merchant_shard}{_SEPARATOR}{key.delivery_id}", key.merchant_shard.partition("#")[0])
    try:
        with guarded(subject) as guard:
            for delivery in _rows_behind(key, is_over):
                swept.enqueued += _enqueue(delivery)
                if is_over():
                    return
        if guard.is_aside:
            swept.set_aside += 1
            store.put_off(key, clock.now_ms() + ASIDE_MS)
    except SHARED_TROUBLE:
        swept.failed += 1


def _rows_behind(key: DeliveryItem, out_of_time: Callable[[], bool]) -> Iterator[DeliveryItem]:
    """The deliveries and replays behind an entry of the index."""
    if dispatch_windows.is_window(key.delivery_id):
        until = time.monotonic() + WINDOW_SECONDS
        yield from lost_messages.find(key, out_of_time=lambda: out_of_time() or time.monotonic() >= until)
    elif key.delivery_id.startswith("rpl_"):
        yield key
    else:
        delivery = store.load_delivery(key)
        # Otherwise the index was stale.
        if delivery is not None and delivery.status not in {SENT, FAILED} and delivery.due_at == key.due_at:
            yield delivery


def _enqueue(delivery: DeliveryItem) -> bool:
    if delivery.delivery_id.startswith("rpl_"):
        replay_store.put_off(delivery.merchant_shard, delivery.delivery_id)
        messages.enqueue_replay(delivery.merchant_shard.partition("#")[0], delivery.delivery_id)
        return True
    if messages.enqueue([delivery], queue_url=messages.slow_queue()):
        # A delivery found in a window is not in the index yet.
        store.schedule_sweep(delivery, clock.now_ms(), sweeps=int(delivery.sweeps))
        return False
    sweeps = int(delivery.sweeps) + 1
    store.schedule_sweep(delivery, clock.now_ms() + GRACE_MS * (2 ** min(sweeps, _MAX_DOUBLINGS) - 1), sweeps=sweeps)
    return True
