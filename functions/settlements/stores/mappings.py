"""The `settlement_mappings` table."""

from typing import Any

from paycorex import clock, storage
from paycorex.records.settlement_mapping import SettlementMappingItem


def find(merchant_id: str, source: str) -> dict[str, Any] | None:
    """The mapping that was given last for a source. Raises storage.Unavailable."""
    found = storage.get(SettlementMappingItem, merchant_id, source)
    return None if found is None else dict(found.mapping)


def keep(merchant_id: str, source: str, mapping: dict[str, Any]) -> storage.Write:
    """Use this one from now on."""
    return storage.put(SettlementMappingItem(merchant_id=merchant_id, source=source, mapping=mapping, updated_at=clock.now_ms()))
