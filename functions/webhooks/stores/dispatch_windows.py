"""Watches as they are stored: one row per merchant and stretch of time in which deliveries were made. In the table `webhook_deliveries`,
where the sweeper's index finds them too."""

from typing import Any, Final, Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import storage
from paycorex.records.delivery import due_key, due_shard
from paycorex.storage import Item

_PARTITION: Final = "watches"
_PREFIX: Final = "watch_"


class WatchItem(Item):
    """A watch as it is stored. `start_ms`: the beginning of its stretch, milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "webhook_deliveries"

    merchant_shard = UnicodeAttribute(hash_key=True)
    watch_id = UnicodeAttribute(range_key=True, attr_name="delivery_id")
    merchant_id = UnicodeAttribute()
    start_ms = NumberAttribute()
    # How far a look that took more than one run has come: partitions that are done, and the last delivery seen in the next one.
    shards_done = NumberAttribute(default=0)
    after = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute()
    due_at = UnicodeAttribute()

    @classmethod
    def of(cls, merchant_id: str, start_ms: int, *, due_at_ms: int) -> Self:
        """A merchant's watch over the stretch that begins then, to be looked at from `due_at_ms` on."""
        # Beside the deliveries' partitions, so that lists of deliveries never meet one.
        partition, watch_id = f"{merchant_id}#{_PARTITION}", f"{_PREFIX}{start_ms}"
        shard, due_at = due_shard(f"{merchant_id}{watch_id}"), due_key(due_at_ms, merchant_id)
        return cls(merchant_shard=partition, watch_id=watch_id, merchant_id=merchant_id, start_ms=start_ms, due_shard=shard, due_at=due_at)


def is_watch(identifier: str) -> bool:
    """True when a row of the sweeper's index is a watch."""
    return identifier.startswith(_PREFIX)


def put_once(watch: WatchItem) -> None:
    """Store a watch, unless it is there already."""
    try:
        storage.run(storage.put(watch, WatchItem.watch_id.does_not_exist()))
    except storage.ConditionRefused:
        return


def find(merchant_shard: str, watch_id: str) -> WatchItem | None:
    """The watch of an index entry."""
    return storage.get(WatchItem, merchant_shard, watch_id)


def note_progress(watch: WatchItem) -> None:
    """Write down how far the look has come, unless a twin has ended the watch."""
    after: Any = WatchItem.after.remove() if watch.after is None else WatchItem.after.set(watch.after)
    actions = [WatchItem.shards_done.set(int(watch.shards_done)), after]
    try:
        storage.run(storage.update(WatchItem, _key(watch), actions, WatchItem.watch_id.exists()))
    except storage.ConditionRefused:
        return


def end(watch: WatchItem) -> None:
    """Nothing of this stretch needs watching any more."""
    storage.run(storage.delete(WatchItem, _key(watch), None))


def _key(watch: WatchItem) -> dict[str, Any]:
    return WatchItem.wire_key(watch.merchant_shard, watch.watch_id)
