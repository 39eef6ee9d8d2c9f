"""A ledger entry as the contract shows it."""

from paycorex import clock
from paycorex.contract import View
from paycorex.ledger import Entry
from paycorex.money import format_minor


class EntryView(View):
    """The contract's ledger entry. Hash in lower-case hex."""

    entity: str
    entity_id: str
    currency: str
    lane: int
    seq: int
    credit: str
    debit: str
    balance: str
    journal_id: str
    reference_type: str
    reference_id: str
    description: str | None
    created_at: str
    hash: str


class EntryList(View):
    """A page of entries, newest first."""

    data: list[EntryView]
    next_cursor: str | None


def view(entry: Entry) -> EntryView:
    """The contract object of an entry."""
    currency = entry.account.currency
    return EntryView(
        entity=entry.account.entity,
        entity_id=entry.account.entity_id,
        currency=currency,
        lane=entry.account.lane,
        seq=entry.seq,
        credit=format_minor(entry.credit, currency),
        debit=format_minor(entry.debit, currency),
        balance=format_minor(entry.balance, currency),
        journal_id=entry.journal_id,
        reference_type=entry.reference.type,
        reference_id=entry.reference.id,
        description=entry.description,
        created_at=clock.rfc3339(entry.created_at),
        hash=entry.hash.hex(),
    )
