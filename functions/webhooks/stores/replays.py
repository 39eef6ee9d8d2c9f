"""Replays as they are stored: rows of `webhook_deliveries`, beside the deliveries that they send again, so that the sweeper finds them."""

from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, storage
from paycorex.records.delivery import due_key, due_shard
from paycorex.storage import Item, Write

RUNNING: Final = "running"
DONE: Final = "done"
_PARTITION: Final = "replays"


class ReplayItem(Item):
    """A replay as it is stored. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "webhook_deliveries"

    merchant_shard = UnicodeAttribute(hash_key=True)
    replay_id = UnicodeAttribute(range_key=True, attr_name="delivery_id")
    from_ms = NumberAttribute()
    to_ms = NumberAttribute()
    endpoint_id = UnicodeAttribute(null=True)
    events = JSONAttribute(null=True)
    total = NumberAttribute()
    enqueued = NumberAttribute(default=0)
    # The last event that is done.
    position = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default=RUNNING)
    created_at = NumberAttribute()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


def partition(merchant_id: str) -> str:
    """The partition of a merchant's replays. It is apart from the deliveries' partitions, so that lists of deliveries contain no replay."""
    return f"{merchant_id}#{_PARTITION}"


def find(merchant_id: str, replay_id: str) -> ReplayItem | None:
    """One replay of a merchant."""
    return storage.get(ReplayItem, partition(merchant_id), replay_id)


def new(item: ReplayItem) -> Write:
    """Store a new replay, in the sweeper's index from the start."""
    item.due_shard, item.due_at = due_shard(item.replay_id), due_key(clock.now_ms(), item.replay_id)
    return storage.put(item, ReplayItem.replay_id.does_not_exist())


def advance(item: ReplayItem, *, position: str, enqueued: int, done: bool) -> Write:
    """Store the progress of a replay. The write is refused when a duplicate message has advanced it already."""
    actions: list[Any] = [ReplayItem.position.set(position), ReplayItem.enqueued.set(int(item.enqueued) + enqueued)]
    if done:
        actions += [ReplayItem.status.set(DONE), ReplayItem.due_shard.remove(), ReplayItem.due_at.remove()]
    else:
        actions.append(ReplayItem.due_at.set(due_key(clock.now_ms(), item.replay_id)))
    unchanged = ReplayItem.position.does_not_exist() if item.position is None else ReplayItem.position == item.position
    key = ReplayItem.wire_key(item.merchant_shard, item.replay_id)
    return storage.update(ReplayItem, key, actions, unchanged & (ReplayItem.status == RUNNING))


def put_off(merchant_shard: str, replay_id: str) -> None:
    """Reset the due time of a running replay after a message was sent, so that the sweeper does not send one in every run."""
    key = ReplayItem.wire_key(merchant_shard, replay_id)
    due = [ReplayItem.due_at.set(due_key(clock.now_ms(), replay_id))]
    try:
        storage.run(storage.update(ReplayItem, key, due, ReplayItem.status == RUNNING))
    except storage.ConditionRefused:
        return
