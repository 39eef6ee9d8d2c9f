"""The `bank_lines` table."""

from collections.abc import Callable, Iterator
from typing import Final

from paycorex import storage
from paycorex.records.bank_line import BankLineItem, open_key

_BY_MERCHANT: Final = "by_merchant"
_BY_OPEN: Final = "by_open"
_BY_SETTLEMENT: Final = "by_settlement"
PAGE_ROWS: Final = 100


def find(bank_line_id: str) -> BankLineItem | None:
    """A line as it stands now. Raises storage.Unavailable."""
    return storage.get(BankLineItem, bank_line_id)


def new(item: BankLineItem) -> storage.Write:
    """Store a line that is not there yet."""
    return storage.put(item, BankLineItem.bank_line_id.does_not_exist())


def stored(item: BankLineItem) -> BankLineItem:
    """Store a line unless it is there: the one that is stored then. Raises storage's failures."""
    try:
        storage.run(new(item))
    except storage.ConditionRefused as refused:
        return BankLineItem.load(refused.item)
    return item


def change(before: BankLineItem, after: BankLineItem) -> storage.Write:
    """Store a line's next version, unless another write did since `before` was read."""
    actions = storage.difference(before, after)
    key = BankLineItem.wire_key(before.bank_line_id)
    return storage.update(BankLineItem, key, actions, BankLineItem.version == int(before.version))


def open_lines(merchant_id: str, currency: str, after: str | None = None) -> Iterator[BankLineItem]:
    """A merchant's lines with which something is open, oldest first; as they were a moment ago. Raises storage.Unavailable."""
    while True:
        condition = BankLineItem.open_key == open_key(merchant_id, currency)
        if after is not None:
            condition &= BankLineItem.order_key > after
        found = storage.query(BankLineItem, condition, index=_BY_OPEN, limit=PAGE_ROWS).items
        yield from found
        if len(found) < PAGE_ROWS:
            return
        after = found[-1].order_key


def of_settlement(settlement_id: str, limit: int) -> list[BankLineItem]:
    """The lines that bring a payout, as they were a moment ago. Raises storage.Unavailable."""
    return storage.query(BankLineItem, BankLineItem.settlement_id == settlement_id, index=_BY_SETTLEMENT, limit=limit).items


def of_merchant(
    merchant_id: str, *, keep: Callable[[BankLineItem], bool], limit: int, position: str | None
) -> storage.Merged[BankLineItem]:
    """A merchant's lines, newest first. Raises storage.Unavailable."""

    def page(partition: str, below: str | None) -> storage.Page[BankLineItem]:
        condition = BankLineItem.merchant_id == partition
        if below is not None:
            condition &= BankLineItem.order_key < below
        return storage.query(BankLineItem, condition, index=_BY_MERCHANT, newest_first=True, limit=PAGE_ROWS)

    return storage.merge_newest_first([merchant_id], page, sort_key=lambda item: item.order_key, keep=keep, limit=limit, position=position)
