"""The users' side of journals: which wallet it was, from the record that the journal belongs to.

A merchant's chains have one side of each of these journals, and the record says where the other is. `paycorex ledger verify` holds the
records against the ledger.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from paycorex import storage
from paycorex.ledger import Account, Entity, Posting, ReferenceType
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from paycorex.records.transfer import TransferItem
from statements.books.booked import Booked, Incomplete

# By the prefix of a record's id: its model, and the name of its key.
_RECORDS: Final[tuple[tuple[str, type[storage.Item], str], ...]] = (
    ("pay", PaymentItem, "payment_id"),
    ("ref", RefundItem, "refund_id"),
    ("trf", TransferItem, "transfer_id"),
)
_PREFIXES: Final = {
    ReferenceType.PAYMENT: "pay",
    ReferenceType.HOLD: "pay",
    ReferenceType.RELEASE: "pay",
    ReferenceType.REFUND: "ref",
    ReferenceType.WALLET_REFUND: "ref",
    ReferenceType.TOPUP: "trf",
    ReferenceType.REVERSAL: "ref",
}


def completed(journals: list[Booked]) -> Iterator[Booked]:
    """The journals, each with both sides. Raises Incomplete, storage.Unavailable."""
    open_ones = {journal.journal_id: record_of(journal) for journal in journals if journal.excess}
    wallets = _wallets({record_id for record_id in open_ones.values() if record_id is not None})
    for journal in journals:
        yield journal if journal.journal_id not in open_ones else _with_wallet(journal, wallets.get(open_ones[journal.journal_id] or ""))


def record_of(journal: Booked) -> str | None:
    """The record that knows the wallet; None where no wallet can be meant."""
    prefix, record_id = _PREFIXES.get(journal.reference.type), journal.reference.id.partition(".")[0]
    return record_id if prefix is not None and record_id.startswith(prefix) else None


def _with_wallet(journal: Booked, wallet_id: str | None) -> Booked:
    if wallet_id is None:
        raise Incomplete(f"journal {journal.journal_id}")
    merchant_id, excess = journal.postings[0].account.merchant_id, journal.excess
    account = Account(merchant_id, Entity.WALLET, wallet_id, journal.currency)
    posting = Posting(account, max(-excess, 0), max(excess, 0))
    # Debits first.
    return replace(journal, postings=(posting, *journal.postings) if posting.debit else (*journal.postings, posting))


def _wallets(record_ids: set[str]) -> dict[str, str]:
    """The wallet of each record that has one."""
    found: dict[str, str] = {}
    for prefix, model, key in _RECORDS:
        keys = [model.wire_key(record_id) for record_id in sorted(record_ids) if record_id.startswith(prefix)]
        for item in storage.get_many(model, keys):
            wallet_id = _wallet_of(item)
            if wallet_id is not None:
                found[str(getattr(item, key))] = wallet_id
    return found


def _wallet_of(item: storage.Item) -> str | None:
    """By where its entries are, or by the wallet that it names."""
    for entity, entity_id, _lane, _seq in getattr(item, "entries", None) or ():
        if entity == Entity.WALLET:
            return str(entity_id)
    named: str | None = getattr(item, "wallet_id", None)
    return named
