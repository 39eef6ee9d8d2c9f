"""First messages that SQS accepted and lost: the deliveries of a dispatch window that have not been attempted.

A delivery that succeeds at its first attempt is in no index, which keeps it cheap. So after each window the sweeper reads the deliveries
that were made in it and finds those whose first message never came.
"""

from collections.abc import Callable, Iterator

from paycorex import ids
from paycorex.records.delivery import PENDING, DeliveryItem
from paycorex.records.event import merchant_shards
from webhooks.stores import deliveries as store
from webhooks.stores import dispatch_windows
from webhooks.stores.dispatch_windows import SLACK_MS, WINDOW_MS, DispatchWindowItem


def find(key: DeliveryItem, *, out_of_time: Callable[[], bool]) -> Iterator[DeliveryItem]:
    """The deliveries of a window that were never attempted and are not in the sweeper's index.

    Deletes the window's row when all deliveries have been read; otherwise stores how far it came, and the next run goes on there.
    """
    window = dispatch_windows.find(key.merchant_shard, key.delivery_id)
    while window is not None and not out_of_time():
        if int(window.shards_done) == len(merchant_shards(window.merchant_id)):
            dispatch_windows.delete(window)
            return
        yield from _next_page(window)
    if window is not None:
        dispatch_windows.record_progress(window)


def _next_page(window: DispatchWindowItem) -> Iterator[DeliveryItem]:
    start, shard = int(window.start_ms), merchant_shards(window.merchant_id)[int(window.shards_done)]
    first, last = (ids.earliest_ordered("whd", moment) for moment in (start - SLACK_MS, start + WINDOW_MS + SLACK_MS))
    page = store.deliveries_between(shard, first, last, after=window.after)
    for item in page.items:
        if item.status == PENDING and int(item.attempt_count) == 0 and item.due_at is None:
            yield item
    # An empty page may have a next page too.
    if page.next_start is None:
        window.shards_done, window.after = int(window.shards_done) + 1, None
    else:
        window.after = page.next_start["delivery_id"]["S"]
