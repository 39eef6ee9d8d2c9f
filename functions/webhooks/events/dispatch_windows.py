"""Dispatch windows: a note, once per merchant and ten minutes, that deliveries were made. The sweeper reads those deliveries afterwards."""

from typing import Final

from paycorex import clock
from paycorex.caching import TimedCache
from paycorex.records.delivery import DeliveryItem, due_key, due_shard
from webhooks.stores import dispatch_windows
from webhooks.stores.dispatch_windows import SLACK_MS, WINDOW_MS, DispatchWindowItem

# Windows that this process has stored already. The window's start is part of the key.
_stored: Final = TimedCache[int](lifetime_seconds=WINDOW_MS / 1000, max_entries=10_000)


def record_window(delivery: DeliveryItem, event_at_ms: int) -> None:
    """Make sure that the sweeper will check a delivery which is about to be stored. Raises storage's failures."""
    now = clock.now_ms()
    start = now - now % WINDOW_MS
    if start - SLACK_MS <= event_at_ms <= now + SLACK_MS:
        _store(delivery.merchant_id, start)
    else:
        # The stream held the event back for so long that the window would not find it by its time.
        delivery.due_shard, delivery.due_at = due_shard(delivery.delivery_id), due_key(now, delivery.delivery_id)


def _store(merchant_id: str, start_ms: int) -> None:
    key = f"{merchant_id}#{start_ms}"
    if _stored.get(key) is None:
        dispatch_windows.put_once(DispatchWindowItem.of(merchant_id, start_ms, due_at_ms=start_ms + WINDOW_MS))
        _stored.put(key, start_ms)
