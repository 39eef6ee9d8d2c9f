"""Dispatch windows as they are stored: one row per merchant and period of ten minutes in which deliveries were made. In the table
`webhook_deliveries`, where the sweeper's index finds them too."""

from typing import Any, Final, Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import storage
from paycorex.records.delivery import due_key, due_shard
from paycorex.storage import Item

WINDOW_MS: Final = 10 * 60 * 1000
# An event may be this much earlier than its dispatch (delay of the stream) or later (clock of another machine) and still be found by
# its time. A delivery whose event is further away is put into the sweeper's index by itself.
SLACK_MS: Final = 60 * 1000
# Stored names, from a time when a window was called a watch.
_PARTITION: Final = "watches"
_PREFIX: Final = "watch_"


class DispatchWindowItem(Item):
    """A window as it is stored. `start_ms`: its beginning, milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "webhook_deliveries"

    merchant_shard = UnicodeAttribute(hash_key=True)
    window_id = UnicodeAttribute(range_key=True, attr_name="delivery_id")
    merchant_id = UnicodeAttribute()
    start_ms = NumberAttribute()
    # How far a check that took more than one run has come: partitions that are done, and the last delivery read of the next one.
    shards_done = NumberAttribute(default=0)
    after = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute()
    due_at = UnicodeAttribute()

    @classmethod
    def of(cls, merchant_id: str, start_ms: int, *, due_at_ms: int) -> Self:
        """A merchant's window that begins at `start_ms`, to be checked from `due_at_ms` on."""
        # Beside the deliveries' partitions, so that lists of deliveries contain no windows.
        partition, window_id = f"{merchant_id}#{_PARTITION}", f"{_PREFIX}{start_ms}"
        shard, due_at = due_shard(f"{merchant_id}{window_id}"), due_key(due_at_ms, merchant_id)
        return cls(
            merchant_shard=partition, window_id=window_id, merchant_id=merchant_id, start_ms=start_ms, due_shard=shard, due_at=due_at
        )


def is_window(identifier: str) -> bool:
    """True when a row of the sweeper's index is a dispatch window."""
    return identifier.startswith(_PREFIX)


def put_once(window: DispatchWindowItem) -> None:
    """Store a window, unless it is stored already."""
    try:
        storage.run(storage.put(window, DispatchWindowItem.window_id.does_not_exist()))
    except storage.ConditionRefused:
        return


def find(merchant_shard: str, window_id: str) -> DispatchWindowItem | None:
    """The window of an index entry."""
    return storage.get(DispatchWindowItem, merchant_shard, window_id)


def record_progress(window: DispatchWindowItem) -> None:
    """Store how far the check has come, unless another run has deleted the window."""
    after: Any = DispatchWindowItem.after.remove() if window.after is None else DispatchWindowItem.after.set(window.after)
    actions = [DispatchWindowItem.shards_done.set(int(window.shards_done)), after]
    try:
        storage.run(storage.update(DispatchWindowItem, _key(window), actions, DispatchWindowItem.window_id.exists()))
    except storage.ConditionRefused:
        return


def delete(window: DispatchWindowItem) -> None:
    """Delete a window whose deliveries have all been checked."""
    storage.run(storage.delete(DispatchWindowItem, _key(window), None))


def _key(window: DispatchWindowItem) -> dict[str, Any]:
    return DispatchWindowItem.wire_key(window.merchant_shard, window.window_id)
