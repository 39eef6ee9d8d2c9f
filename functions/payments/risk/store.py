"""The `blocklist` table."""

from collections.abc import Sequence

from paycorex import storage
from paycorex.records.blocklist_entry import BlocklistItem


def find(merchant_id: str, entry_id: str) -> BlocklistItem | None:
    """An entry as it stands now, a removed one too."""
    return storage.get(BlocklistItem, merchant_id, entry_id)


def find_many(merchant_id: str, entry_ids: Sequence[str]) -> list[BlocklistItem]:
    """Those of these entries that are there. One call."""
    return storage.get_many(BlocklistItem, [BlocklistItem.wire_key(merchant_id, each) for each in entry_ids])


def put(item: BlocklistItem) -> storage.Write:
    """Store an entry; one that is there is replaced."""
    return storage.put(item, None)


def page(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[BlocklistItem], str | None]:
    """A merchant's entries in the order of their ids, and the position to go on after."""
    start = None if position is None else BlocklistItem.wire_key(merchant_id, position)
    found = storage.query(BlocklistItem, BlocklistItem.merchant_id == merchant_id, limit=limit, start=start, consistent=True)
    return found.items, None if found.next_start is None else str(found.items[-1].entry_id)
