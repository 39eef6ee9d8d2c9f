"""First messages that get lost: SQS took them, and they never came.

A delivery that is to succeed at once is in no index, which keeps it cheap. What is written down instead, once per merchant and ten minutes,
is that there were deliveries at all; afterwards the sweeper reads those of that stretch and finds the ones that nobody has begun.
"""

from collections.abc import Callable, Iterator
from typing import Final

from paycorex import clock, ids
from paycorex.caching import TimedCache
from paycorex.records.delivery import PENDING, DeliveryItem, due_key, due_shard
from paycorex.records.event import merchant_shards
from webhooks.stores import deliveries as store
from webhooks.stores import dispatch_windows
from webhooks.stores.dispatch_windows import WatchItem

STRETCH_MS: Final = 10 * 60 * 1000
# How much earlier than its dispatch an event may have happened (the stream's delay) or later (another machine's clock) and be found by
# its time. What the stream held up for longer than that is entrusted to the sweeper one by one.
SLACK_MS: Final = 60 * 1000
# Whoever has written a watch down need not ask again. Stretches are part of the key.
_noted: Final = TimedCache[int](lifetime_seconds=STRETCH_MS / 1000, max_entries=10_000)


def cover(delivery: DeliveryItem, event_at_ms: int) -> None:
    """See to it that a delivery which is about to be stored will be looked after. Raises storage's failures."""
    now = clock.now_ms()
    start = now - now % STRETCH_MS
    if start - SLACK_MS <= event_at_ms <= now + SLACK_MS:
        _note(delivery.merchant_id, start)
    else:
        delivery.due_shard, delivery.due_at = due_shard(delivery.delivery_id), due_key(now, delivery.delivery_id)


def forgotten(key: DeliveryItem, *, out_of_time: Callable[[], bool]) -> Iterator[DeliveryItem]:
    """The deliveries of a watch's stretch that nobody has begun, and nobody else looks after. Ends the watch when all have been seen,
    and otherwise remembers where to go on."""
    watch = dispatch_windows.find(key.merchant_shard, key.delivery_id)
    while watch is not None and not out_of_time():
        if int(watch.shards_done) == len(merchant_shards(watch.merchant_id)):
            dispatch_windows.end(watch)
            return
        yield from _next_page(watch)
    if watch is not None:
        dispatch_windows.note_progress(watch)


def _next_page(watch: WatchItem) -> Iterator[DeliveryItem]:
    start, shard = int(watch.start_ms), merchant_shards(watch.merchant_id)[int(watch.shards_done)]
    first, last = (ids.earliest_ordered("whd", moment) for moment in (start - SLACK_MS, start + STRETCH_MS + SLACK_MS))
    page = store.deliveries_between(shard, first, last, after=watch.after)
    for item in page.items:
        if item.status == PENDING and int(item.attempt_count) == 0 and item.due_at is None:
            yield item
    # An empty page may have a successor too.
    if page.next_start is None:
        watch.shards_done, watch.after = int(watch.shards_done) + 1, None
    else:
        watch.after = page.next_start["delivery_id"]["S"]


def _note(merchant_id: str, start_ms: int) -> None:
    key = f"{merchant_id}#{start_ms}"
    if _noted.get(key) is None:
        dispatch_windows.put_once(WatchItem.of(merchant_id, start_ms, due_at_ms=start_ms + STRETCH_MS))
        _noted.put(key, start_ms)
