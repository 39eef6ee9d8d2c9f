"""Disputes as the ledger's verification sees them."""

from collections.abc import Iterator

from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each, whole
from paycorex.records.dispute import DisputeItem, move_reference


def disputes() -> Iterator[MoneyRecord | Finding]:
    """Every dispute: each of its moves has exactly one journal of its amount, and there is no further one."""
    return of_each(DisputeItem, _moves)


def _moves(item: DisputeItem) -> Iterator[MoneyRecord]:
    for number, (source, target, minor, currency) in enumerate(item.moves, start=1):
        name = f"dispute {item.dispute_id}, {source} to {target}"
        yield MoneyRecord(name, move_reference(item.dispute_id, number), item.merchant_id, str(currency), whole(minor))
    after_last = move_reference(item.dispute_id, len(item.moves) + 1)
    yield MoneyRecord(f"dispute {item.dispute_id}, beyond its moves", after_last, item.merchant_id, item.currency, 0)
