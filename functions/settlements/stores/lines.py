"""The `settlement_lines` table."""

from collections.abc import Iterator
from typing import Final

from paycorex import storage
from paycorex.records.settlement_line import SettlementLineItem, subject_of

_BY_SETTLEMENT: Final = "by_settlement"


def new(item: SettlementLineItem) -> storage.Write:
    """Store a line that is not there yet."""
    return storage.put(item, SettlementLineItem.subject.does_not_exist())


def of_subject(merchant_id: str, connector: str, reference: str) -> list[SettlementLineItem]:
    """All lines about a charge, or about what is about none. Raises storage.Unavailable."""
    condition = SettlementLineItem.subject == subject_of(merchant_id, connector, reference)
    return storage.query(SettlementLineItem, condition, consistent=True).items


def page_of_settlement(settlement_id: str, after: str | None, limit: int) -> list[SettlementLineItem]:
    """Lines of a settlement in their order, after an order key; what was stored a moment ago may be missing. Raises storage.Unavailable."""
    condition = SettlementLineItem.settlement_id == settlement_id
    if after is not None:
        condition &= SettlementLineItem.order_key > after
    return storage.query(SettlementLineItem, condition, index=_BY_SETTLEMENT, limit=limit).items


def of_settlement(settlement_id: str, after: str | None = None, page: int = 500) -> Iterator[SettlementLineItem]:
    """All of them, page by page. Raises storage.Unavailable."""
    while True:
        found = page_of_settlement(settlement_id, after, page)
        yield from found
        if len(found) < page:
            return
        after = found[-1].order_key
