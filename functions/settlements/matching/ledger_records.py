"""Items of the reconciliation as the ledger's verification sees them: one journal for each move and each decision."""

from collections.abc import Iterator

from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each, whole
from paycorex.records.reconciliation_day import ReconciliationDay
from paycorex.records.reconciliation_item import ReconciliationItem, move_reference
from settlements.matching import stating


def items() -> Iterator[MoneyRecord | Finding]:
    """Every item's journals, and the entry of every stated day."""
    yield from of_each(ReconciliationItem, _moves)
    yield from of_each(ReconciliationDay, stating.money_of)


def _moves(item: ReconciliationItem) -> Iterator[MoneyRecord]:
    for number, (_debited, _credited, minor) in enumerate(item.moves or (), start=1):
        name = f"reconciliation item {item.item_id}, {number}"
        yield MoneyRecord(name, move_reference(item.item_id, number), item.merchant_id, item.currency, whole(minor))
