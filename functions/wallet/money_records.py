"""Top-ups as the ledger's verification sees them. (A wallet refund's money belongs to its refund.)"""

from collections.abc import Iterator

from paycorex.ledger import Reference, ReferenceType
from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each, whole
from paycorex.records.transfer import TransferItem


def topups() -> Iterator[MoneyRecord | Finding]:
    """Every top-up has exactly one journal of its amount."""
    return of_each(TransferItem, _topup)


def _topup(item: TransferItem) -> Iterator[MoneyRecord]:
    if item.type == ReferenceType.TOPUP:
        reference = Reference(ReferenceType.TOPUP, item.transfer_id)
        yield MoneyRecord(f"top-up {item.transfer_id}", reference, item.merchant_id, item.currency, whole(item.amount))
