"""Top-ups as the ledger's verification sees them. (A wallet refund's money belongs to its refund.)"""

from collections.abc import Iterator

from paycorex import storage
from paycorex.ledger import Reference, ReferenceType
from paycorex.ledger.verification import MoneyRecord
from paycorex.records.transfer import TransferItem


def topups() -> Iterator[MoneyRecord]:
    """Every top-up has exactly one journal of its amount."""
    for item in storage.scan_all(TransferItem):
        if item.type == ReferenceType.TOPUP:
            reference = Reference(ReferenceType.TOPUP, item.transfer_id)
            yield MoneyRecord(f"top-up {item.transfer_id}", reference, item.merchant_id, item.currency, int(item.amount))
