"""The `settlements` table."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from pynamodb.expressions.condition import Condition

from paycorex import storage
from paycorex.records.order import order_key
from paycorex.records.settlement import SettlementItem

_BY_MERCHANT: Final = "by_merchant"
_BY_DUE: Final = "by_due"
# One partition: a settlement is in the index only while there is something to do.
DUE: Final = "due"
PAGE_ROWS: Final = 100


def find(settlement_id: str) -> SettlementItem | None:
    """A settlement as it stands now. Raises storage.Unavailable."""
    return storage.get(SettlementItem, settlement_id)


def new(item: SettlementItem) -> storage.Write:
    """Store a settlement that is not there yet."""
    return storage.put(item, SettlementItem.settlement_id.does_not_exist())


def change(before: SettlementItem, after: SettlementItem) -> storage.Write:
    """Store a settlement's next version, unless another write did since `before` was read."""
    actions = storage.difference(before, after)
    key = SettlementItem.wire_key(before.settlement_id)
    return storage.update(SettlementItem, key, actions, SettlementItem.version == int(before.version))


def set_due(item: SettlementItem, due_ms: int | None) -> None:
    """When the importer must look at it; None takes it out of its index."""
    item.due_shard, item.due_at = (None, None) if due_ms is None else (DUE, order_key(due_ms, item.settlement_id))


def due(now_ms: int, limit: int) -> list[str]:
    """Ids of settlements that there is something to do with, the longest due first. Raises storage.Unavailable."""
    condition = (SettlementItem.due_shard == DUE) & (SettlementItem.due_at <= order_key(now_ms, "set_~"))
    return [item.settlement_id for item in storage.query(SettlementItem, condition, index=_BY_DUE, limit=limit).items]


def put_off(settlement_id: str, due_ms: int) -> None:
    """Look at it then, whatever else is in it: it may be one that cannot be read. Raises storage's failures."""
    key, actions = SettlementItem.wire_key(settlement_id), [SettlementItem.due_at.set(order_key(due_ms, settlement_id))]
    with suppress(storage.ConditionRefused):
        storage.run(storage.update(SettlementItem, key, actions, SettlementItem.due_at.exists()))


def of_merchant(
    merchant_id: str, *, keep: Callable[[SettlementItem], bool], limit: int, position: str | None
) -> storage.Merged[SettlementItem]:
    """A merchant's settlements, newest first. Raises storage.Unavailable."""
    return storage.merge_newest_first(
        [merchant_id],
        lambda partition, below: storage.query(
            SettlementItem,
            _below(SettlementItem.merchant_id == partition, SettlementItem.order_key < below if below else None),
            index=_BY_MERCHANT,
            newest_first=True,
            limit=PAGE_ROWS,
        ),
        sort_key=lambda item: item.order_key,
        keep=keep,
        limit=limit,
        position=position,
    )


def _below(partition: Condition, bound: Condition | None) -> Condition:
    return partition if bound is None else partition & bound
