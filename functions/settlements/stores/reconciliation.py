"""The tables `reconciliation_items` and `reconciliation_positions`, and what settlements note of the reconciliation. Knows no rule."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from paycorex import storage
from paycorex.records.reconciliation_day import ReconciliationDay
from paycorex.records.reconciliation_item import ReconciliationItem, open_key
from paycorex.records.reconciliation_position import BANK, ReconciliationPosition, account_name, source_and_currency
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import SettlementLineItem

_BY_OPEN: Final = "by_open"
_BY_MERCHANT: Final = "by_merchant"
PAGE_ROWS: Final = 100


def find(item_id: str) -> ReconciliationItem | None:
    """An item as it stands now. Raises storage.Unavailable."""
    return storage.get(ReconciliationItem, item_id)


def find_many(item_ids: Sequence[str]) -> dict[str, ReconciliationItem]:
    """Those of some items that are there, by their ids. Raises storage.Unavailable."""
    keys = [ReconciliationItem.wire_key(item_id) for item_id in dict.fromkeys(item_ids)]
    return {item.item_id: item for item in storage.get_many(ReconciliationItem, keys)}


def change(before: ReconciliationItem, after: ReconciliationItem) -> storage.Write:
    """Store an item's next version, unless another write did since `before` was read (version 0: it is not there)."""
    is_as_read = ReconciliationItem.version == int(before.version) if int(before.version) else ReconciliationItem.item_id.does_not_exist()
    return storage.put(after, is_as_read)


def open_items(merchant_id: str, source: str, currency: str) -> Iterator[ReconciliationItem]:
    """The open items of a clearing account, by state and then the longest due first. Raises storage.Unavailable."""
    yield from _all(ReconciliationItem.open_key == open_key(merchant_id, source, currency))


def overdue(merchant_id: str, source: str, currency: str, now_ms: int, *, state: str) -> Iterator[ReconciliationItem]:
    """Open items in one state whose time has come."""
    condition = ReconciliationItem.open_key == open_key(merchant_id, source, currency)
    yield from _all(condition & ReconciliationItem.open_order.between(f"{state}#", f"{state}#{now_ms:013d}#~"))


def _all(condition: Condition) -> Iterator[ReconciliationItem]:
    start = None
    while True:
        page = storage.query(ReconciliationItem, condition, index=_BY_OPEN, start=start, limit=PAGE_ROWS * 10)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def of_merchant(
    merchant_id: str, *, keep: Callable[[ReconciliationItem], bool], limit: int, position: str | None
) -> storage.Merged[ReconciliationItem]:
    """A merchant's items, open or not, newest first. Raises storage.Unavailable."""

    def read(partition: str, below: str | None) -> storage.Page[ReconciliationItem]:
        condition = ReconciliationItem.merchant_id == partition
        if below:
            condition &= ReconciliationItem.order_key < below
        return storage.query(ReconciliationItem, condition, index=_BY_MERCHANT, newest_first=True, limit=PAGE_ROWS)

    return storage.merge_newest_first([merchant_id], read, sort_key=lambda item: item.order_key, keep=keep, limit=limit, position=position)


def position(merchant_id: str, account: str) -> ReconciliationPosition | None:
    """How far a clearing account was read. Raises storage.Unavailable."""
    return storage.get(ReconciliationPosition, merchant_id, account)


def positions(merchant_id: str) -> list[ReconciliationPosition]:
    """All accounts of a merchant that have an entry, and a row for each currency of its bank lines. Raises storage.Unavailable."""
    found: list[ReconciliationPosition] = []
    start = None
    while True:
        page = storage.query(ReconciliationPosition, ReconciliationPosition.merchant_id == merchant_id, start=start, consistent=True)
        found += page.items
        start = page.next_start
        if start is None:
            return found


def accounts(merchant_id: str) -> list[ReconciliationPosition]:
    """Those of a merchant's accounts that must be explained. Raises storage.Unavailable."""
    return [each for each in positions(merchant_id) if source_and_currency(each.account)[0] != BANK]


def bank_currencies(merchant_id: str) -> list[str]:
    """In which currencies a merchant has bank lines. Raises storage.Unavailable."""
    named = (source_and_currency(each.account) for each in positions(merchant_id))
    return [currency for source, currency in named if source == BANK]


def note_account(merchant_id: str, source: str, currency: str) -> None:
    """Have an account listed, if it is not. Raises Unavailable, OutcomeUnknown."""
    item = ReconciliationPosition(merchant_id=merchant_id, account=account_name(source, currency))
    with suppress(storage.ConditionRefused):
        storage.run(storage.put(item, ReconciliationPosition.merchant_id.does_not_exist()))


def move_position(before: ReconciliationPosition | None, after: ReconciliationPosition) -> storage.Write:
    """Store the next version of a position, unless another reader did since `before` was read."""
    key = ReconciliationPosition.merchant_id
    is_as_read = key.does_not_exist() if before is None else ReconciliationPosition.version == int(before.version)
    return storage.put(after, is_as_read)


def note_walk(before: ReconciliationPosition, name: str, order_key: str) -> None:
    """Note up to which transfer a look came (`seen` or `checked`). Another run's note is as good: a transfer may be looked at twice.

    Raises Unavailable, OutcomeUnknown.
    """
    key = ReconciliationPosition.wire_key(before.merchant_id, before.account)
    action = getattr(ReconciliationPosition, name).set(order_key)
    with suppress(storage.ConditionRefused):
        storage.run(storage.update(ReconciliationPosition, key, [action], ReconciliationPosition.merchant_id.exists()))


def set_absorbed(settlement: SettlementItem, position: str | None, open_items: int | None = None) -> bool:
    """Note how far a settlement's lines were taken in, and at the end how many items they left open; False when it is no more as it was
    read. Raises Unavailable, OutcomeUnknown.
    """
    attribute = SettlementItem.absorbed_to
    actions: list[Action] = [attribute.remove() if position is None else attribute.set(position)]
    if open_items is not None:
        actions.append(SettlementItem.open_items.set(open_items))
    return _is_updated(settlement, actions)


def set_record(line: SettlementLineItem, name: str) -> None:
    """Note which record of ours a line is about after all; where it was booked first stays. Raises Unavailable, OutcomeUnknown."""
    storage.run(record_of(line, name))


def record_of(line: SettlementLineItem, name: str) -> storage.Write:
    """The write by which a line is about a record of ours."""
    key = SettlementLineItem.wire_key(line.subject, line.line)
    return storage.update(SettlementLineItem, key, [SettlementLineItem.record.set(name)], SettlementLineItem.subject.exists())


def set_open_items(settlement: SettlementItem, count: int, due_shard: str, due_at: str) -> bool:
    """Note how many items its lines left open, and that its state is to be looked at; False when it is no more as it was read."""
    actions = [SettlementItem.open_items.set(count), SettlementItem.due_shard.set(due_shard), SettlementItem.due_at.set(due_at)]
    return _is_updated(settlement, actions)


def _is_updated(settlement: SettlementItem, actions: Sequence[Action]) -> bool:
    key = SettlementItem.wire_key(settlement.settlement_id)
    try:
        storage.run(storage.update(SettlementItem, key, actions, SettlementItem.version == int(settlement.version)))
    except storage.ConditionRefused:
        return False
    return True


def day_position(day: str, part: int, digest: str) -> str:
    """The range key of a part of a day's document: the first one is the day's alone, the others their document's."""
    return f"{day}#{part:03d}#{digest}" if part else f"{day}#000"


def find_day(merchant_id: str, source: str, currency: str, day: str) -> ReconciliationDay | None:
    """The first part of what was stated of a day. Raises storage.Unavailable."""
    return storage.get(ReconciliationDay, open_key(merchant_id, source, currency), day_position(day, 0, ""))


def day_parts(first: ReconciliationDay) -> bytes:
    """The packed document, all its parts. Raises storage.Unavailable."""
    day, digest = first.position.partition("#")[0], str(first.digest)
    positions = [day_position(day, part, digest) for part in range(1, int(first.parts or 1))]
    rest = (storage.get(ReconciliationDay, first.account, position) for position in positions)
    return first.packed + b"".join(part.packed for part in rest if part is not None)
