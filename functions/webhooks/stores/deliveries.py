"""The tables `webhook_endpoints` and `webhook_deliveries`. The table `events` is in `stores.events`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from pynamodb.expressions.update import Action

from paycorex import clock, storage
from paycorex.records.delivery import FAILED, PENDING, RETRYING, DeliveryItem, delivery_id, due_key, due_shard
from paycorex.records.endpoint import EndpointItem
from paycorex.records.event import kept_until, merchant_shard, merchant_shards
from paycorex.storage import Merged, Page, Write

MAX_ATTEMPTS_KEPT: Final = 30


def endpoints_of(merchant_id: str) -> list[EndpointItem]:
    """All endpoints of a merchant. Consistent read."""
    return storage.query(EndpointItem, EndpointItem.merchant_id == merchant_id, consistent=True).items


def find_endpoint(merchant_id: str, endpoint_id: str) -> EndpointItem | None:
    """One endpoint of a merchant. Consistent read."""
    return storage.get(EndpointItem, merchant_id, endpoint_id)


def change_endpoint(item: EndpointItem, actions: Sequence[Action]) -> Write:
    """Change an endpoint that is still as it was read."""
    key = EndpointItem.wire_key(item.merchant_id, item.endpoint_id)
    bump = [EndpointItem.version.set(int(item.version) + 1), EndpointItem.updated_at.set(clock.now_ms())]
    return storage.update(EndpointItem, key, [*actions, *bump], EndpointItem.version == int(item.version))


def touch_endpoint(item: EndpointItem, actions: Sequence[Action], condition: Any) -> None:
    """Store a change of an endpoint's health. No effect when the condition no longer holds."""
    key = EndpointItem.wire_key(item.merchant_id, item.endpoint_id)
    try:
        storage.run(storage.update(EndpointItem, key, actions, EndpointItem.endpoint_id.exists() & condition))
    except storage.ConditionRefused:
        return


def remove_endpoint(item: EndpointItem) -> Write:
    """Remove an endpoint that is still as it was read."""
    key = EndpointItem.wire_key(item.merchant_id, item.endpoint_id)
    return storage.delete(EndpointItem, key, EndpointItem.version == int(item.version))


def pending_delivery(merchant_id: str, event_id: str, event: str, endpoint_id: str) -> DeliveryItem:
    """A delivery without an attempt. It is kept as long as an event of this moment."""
    identifier, now = delivery_id(event_id, endpoint_id), clock.now_ms()
    return DeliveryItem(
        merchant_shard=merchant_shard(merchant_id, identifier),
        delivery_id=identifier,
        merchant_id=merchant_id,
        event_id=event_id,
        event=event,
        endpoint_id=endpoint_id,
        status=PENDING,
        created_at=now,
        expires_at=kept_until(now),
    )


def new_delivery(item: DeliveryItem) -> Write:
    """Store a delivery once."""
    return storage.put(item, DeliveryItem.delivery_id.does_not_exist())


def find_delivery(merchant_id: str, identifier: str, *, consistent: bool = True) -> DeliveryItem | None:
    """One delivery of a merchant."""
    return storage.get(DeliveryItem, merchant_shard(merchant_id, identifier), identifier, consistent=consistent)


def load_delivery(key: DeliveryItem) -> DeliveryItem | None:
    """The whole row of an index entry. Consistent read."""
    return storage.get(DeliveryItem, key.merchant_shard, key.delivery_id)


def record_attempt(item: DeliveryItem, attempt: dict[str, Any], status: str, *, next_at_ms: int | None, due_at_ms: int | None) -> None:
    """Store attempt number `attempt_count + 1`, the delivery's new status and its next due time. One update.

    Raises storage.ConditionRefused when this attempt number is already stored.
    """
    actions = [
        DeliveryItem.status.set(status),
        DeliveryItem.attempts.set([*(item.attempts or ()), attempt][-MAX_ATTEMPTS_KEPT:]),
        DeliveryItem.attempt_count.set(int(item.attempt_count) + 1),
        _set_or_remove(DeliveryItem.next_attempt_at, next_at_ms),
        *_due_actions(item.delivery_id, due_at_ms),
    ]
    storage.run(storage.update(DeliveryItem, _key(item), actions, DeliveryItem.attempt_count == int(item.attempt_count)))


def mark_failed(item: DeliveryItem) -> bool:
    """Mark a delivery as failed. Returns False when it is already sent or failed, or has a newer attempt or round."""
    open_still = DeliveryItem.status.is_in(PENDING, RETRYING) & (DeliveryItem.attempt_count == int(item.attempt_count))
    open_still &= DeliveryItem.round_start == int(item.round_start)
    actions = [DeliveryItem.status.set(FAILED), DeliveryItem.next_attempt_at.remove(), *_due_actions(item.delivery_id, None)]
    try:
        storage.run(storage.update(DeliveryItem, _key(item), actions, open_still))
    except storage.ConditionRefused:
        return False
    return True


def first_round(item: DeliveryItem, trigger: str, replay_id: str) -> Write:
    """Store a new delivery in the state that `begin_round` leaves. The write is refused when the delivery exists."""
    item.trigger, item.replay_id = trigger, replay_id
    item.due_shard, item.due_at = due_shard(item.delivery_id), due_key(clock.now_ms(), item.delivery_id)
    return new_delivery(item)


def begin_round(item: DeliveryItem, trigger: str, *, replay_id: str | None = None) -> Write:
    """Begin a new round of attempts. The delivery stays in the sweeper's index until the next attempt is stored."""
    now = clock.now_ms()
    actions = [
        DeliveryItem.status.set(PENDING),
        DeliveryItem.round_start.set(int(item.attempt_count)),
        DeliveryItem.trigger.set(trigger),
        _set_or_remove(DeliveryItem.replay_id, replay_id),
        DeliveryItem.next_attempt_at.remove(),
        DeliveryItem.sweeps.set(0),
        *_due_actions(item.delivery_id, now),
    ]
    same = (DeliveryItem.attempt_count == int(item.attempt_count)) & (DeliveryItem.status == item.status)
    return storage.update(DeliveryItem, _key(item), actions, same)


def schedule_sweep(item: DeliveryItem, due_at_ms: int, *, sweeps: int) -> None:
    """Put an unfinished delivery into the sweeper's index, due at this time (milliseconds since the epoch)."""
    actions = [*_due_actions(item.delivery_id, due_at_ms), DeliveryItem.sweeps.set(sweeps)]
    try:
        storage.run(storage.update(DeliveryItem, _key(item), actions, DeliveryItem.status.is_in(PENDING, RETRYING)))
    except storage.ConditionRefused:
        return


def list_deliveries(merchant_id: str, *, keep: Callable[[DeliveryItem], bool], limit: int, position: str | None) -> Merged[DeliveryItem]:
    """One page of a merchant's deliveries, newest first, below `position`."""

    def read(shard: str, below: str | None) -> Page[DeliveryItem]:
        condition = DeliveryItem.merchant_shard == shard
        if below is not None:
            condition &= DeliveryItem.delivery_id < below
        return storage.query(DeliveryItem, condition, newest_first=True, limit=limit + 1)

    return storage.merge_newest_first(
        merchant_shards(merchant_id), read, sort_key=lambda item: item.delivery_id, keep=keep, limit=limit, position=position
    )


def deliveries_between(shard: str, first: str, last: str, *, after: str | None) -> Page[DeliveryItem]:
    """One page of a partition's deliveries with ids from `first` to `last`, ascending, after `after`. Eventually consistent."""
    condition = (DeliveryItem.merchant_shard == shard) & DeliveryItem.delivery_id.between(first, last)
    return storage.query(DeliveryItem, condition, start=None if after is None else DeliveryItem.wire_key(shard, after))


def overdue(shard: str, before_ms: int) -> Iterator[DeliveryItem]:
    """Keys of rows that were due before this time, longest overdue first."""
    condition = (DeliveryItem.due_shard == shard) & (DeliveryItem.due_at < due_key(before_ms, ""))
    start = None
    while True:
        page = storage.query(DeliveryItem, condition, index="by_due", start=start)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def waiting(shard: str, *, start: Any, limit: int) -> Page[DeliveryItem]:
    """Some keys of a partition of the sweeper's index, whenever they are due, and where the next begin."""
    return storage.query(DeliveryItem, DeliveryItem.due_shard == shard, index="by_due", limit=limit, start=start)


def move(item: DeliveryItem, actions: Sequence[Action]) -> None:
    """Change when a delivery is due that is still as it was read. No effect when it is not."""
    same = (DeliveryItem.due_at == item.due_at) & (DeliveryItem.attempt_count == int(item.attempt_count))
    with suppress(storage.ConditionRefused):
        storage.run(storage.update(DeliveryItem, _key(item), actions, same))


def key_of(merchant_shard: str, identifier: str) -> DeliveryItem | None:
    """The index key of a row, also of one that cannot be read as a delivery; None when the row is gone or has no due time."""
    key = DeliveryItem.wire_key(merchant_shard, identifier)
    found = storage.get_raw(DeliveryItem.physical_table(), key)
    if found is None or "due_at" not in found:
        return None
    return DeliveryItem(merchant_shard=merchant_shard, delivery_id=identifier, due_at=found["due_at"]["S"])


def put_off(key: DeliveryItem, due_at_ms: int) -> None:
    """Set a new due time for a row of the sweeper's index. The row may be one that cannot be read."""
    actions = [DeliveryItem.due_at.set(due_key(due_at_ms, key.delivery_id))]
    try:
        storage.run(storage.update(DeliveryItem, _key(key), actions, DeliveryItem.due_at == key.due_at))
    except storage.ConditionRefused:
        return


def _key(item: DeliveryItem) -> dict[str, Any]:
    return DeliveryItem.wire_key(item.merchant_shard, item.delivery_id)


def _due_actions(identifier: str, due_at_ms: int | None) -> list[Action]:
    if due_at_ms is None:
        return [DeliveryItem.due_shard.remove(), DeliveryItem.due_at.remove()]
    return [DeliveryItem.due_shard.set(due_shard(identifier)), DeliveryItem.due_at.set(due_key(due_at_ms, identifier))]


def _set_or_remove(attribute: Any, value: object) -> Action:
    action: Action = attribute.remove() if value is None else attribute.set(value)
    return action
