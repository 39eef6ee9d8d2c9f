"""The `settlement_imports` table."""

from contextlib import suppress
from typing import Final

from paycorex import storage
from paycorex.records.order import order_key
from paycorex.records.settlement_import import SettlementImportItem

_BY_DUE: Final = "by_due"
DUE: Final = "due"


def find(import_id: str) -> SettlementImportItem | None:
    """An import as it stands now. Raises storage.Unavailable."""
    return storage.get(SettlementImportItem, import_id)


def new(item: SettlementImportItem) -> storage.Write:
    """Store an import that is not there yet."""
    return storage.put(item, SettlementImportItem.import_id.does_not_exist())


def change(before: SettlementImportItem, after: SettlementImportItem) -> storage.Write:
    """Store an import's next version, unless another write did since `before` was read."""
    actions = storage.difference(before, after)
    key = SettlementImportItem.wire_key(before.import_id)
    return storage.update(SettlementImportItem, key, actions, SettlementImportItem.version == int(before.version))


def set_due(item: SettlementImportItem, due_ms: int | None) -> None:
    """When the importer must look at it; None takes it out of its index."""
    item.due_shard, item.due_at = (None, None) if due_ms is None else (DUE, order_key(due_ms, item.import_id))


def due(now_ms: int, limit: int) -> list[tuple[str, str]]:
    """Imports that are not over, the longest due first: id, and when it is due. Raises storage.Unavailable."""
    condition = (SettlementImportItem.due_shard == DUE) & (SettlementImportItem.due_at <= order_key(now_ms, "imp_~"))
    found = storage.query(SettlementImportItem, condition, index=_BY_DUE, limit=limit).items
    return [(item.import_id, str(item.due_at)) for item in found]


def put_off(import_id: str, due_ms: int) -> None:
    """Look at it then, whatever else is in it: it may be one that cannot be read. Raises storage's failures."""
    key, actions = SettlementImportItem.wire_key(import_id), [SettlementImportItem.due_at.set(order_key(due_ms, import_id))]
    with suppress(storage.ConditionRefused):
        storage.run(storage.update(SettlementImportItem, key, actions, SettlementImportItem.due_at.exists()))
