"""What a merchant's test clock makes earlier of the webhooks: deliveries that wait for their next attempt. The sweep after it sends them.

The times in signatures stay the world's: a receiver compares them with its own clock.
"""

from collections.abc import Callable
from typing import Any, Final

from paycorex import test_clock
from paycorex.records.delivery import DUE_SHARDS, DeliveryItem, due_key
from paycorex.set_aside import AsideItem, Subject, guarded, payload_of, retry_due
from paycorex.test_clock import STEP_RECORDS, Advance, ClockItem
from webhooks.stores import deliveries as store

LOOP: Final = "webhooks.recovery.clock_moves"
_SEPARATOR: Final = "|"


def run(may_go_on: Callable[[], bool]) -> int:
    """Move what waits, some pages of it; how many deliveries were moved. Raises storage.Unavailable."""
    moved, all_done = test_clock.take_steps(test_clock.WEBHOOKS, _step, may_go_on)
    if all_done and test_clock.is_there():
        retry_due(LOOP, move_again, may_go_on)
    return moved


def move_again(row: AsideItem) -> None:
    """A delivery that could not be moved: by the advance that was the newest then."""
    merchant_shard, _, delivery_id = row.item_id.partition(_SEPARATOR)
    key = store.key_of(merchant_shard, delivery_id)
    if key is not None:
        _move(Advance(str(row.merchant_id), *(int(number) for number in payload_of(row))), key)


def _step(row: ClockItem) -> tuple[int, ClockItem | None]:
    """Move one page of a partition of the sweeper's index; how many were moved, and the work that is left."""
    advance, place = row.advance, dict(row.place)
    shard, moved = int(place.get("shard", 0)), 0
    page = store.waiting(f"due#{shard}", start=place.get("start"), limit=STEP_RECORDS)
    for key in page.items:
        if key.merchant_shard.partition("#")[0] == advance.merchant_id:
            numbers = [advance.number, advance.by_ms, advance.asked_at]
            with guarded(Subject(LOOP, f"{key.merchant_shard}{_SEPARATOR}{key.delivery_id}", advance.merchant_id, numbers)):
                moved += _move(advance, key)
    seen = int(place.get("moved", 0)) + moved
    if page.next_start is not None:
        return moved, test_clock.gone_on(row, {"shard": shard, "start": dict(page.next_start), "moved": seen})
    if shard + 1 < DUE_SHARDS:
        return moved, test_clock.gone_on(row, {"shard": shard + 1, "moved": seen})
    if seen:
        # A delivery that changed at the same moment is found by another pass.
        return moved, test_clock.gone_on(row, {"shard": 0, "passes": int(place.get("passes", 0)) + 1})
    test_clock.done(row)
    return moved, None


def _move(advance: Advance, key: DeliveryItem) -> bool:
    """True when it was moved, or changed at this very moment. What is no delivery (a replay, a window) waits for nothing."""
    found = store.load_delivery(key) if key.delivery_id.startswith("whd_") else None
    if found is None or found.due_at is None or found.next_attempt_at is None or not advance.moves(found):
        return False
    due_ms = max(int(str(found.due_at).partition("#")[0]) - advance.by_ms, 0)
    changes: list[Any] = [
        DeliveryItem.next_attempt_at.set(int(found.next_attempt_at) - advance.by_ms),
        DeliveryItem.due_at.set(due_key(due_ms, found.delivery_id)),
        DeliveryItem.clock_moves.set(advance.number),
    ]
    store.move(found, changes)
    return True
