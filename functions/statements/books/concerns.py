"""Which earlier month a journal concerns: a fee that was corrected, a refund, a dispute or a write-off is booked when it happens.

A journal is never booked into a month that is over. So that a reader of the open month sees what belongs to an earlier one, it is named by
the record that the journal belongs to: the month of its payment, or of the bank's or the provider's line where there is none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from paycorex import clock, storage
from paycorex.ledger import ReferenceType
from paycorex.records.bank_line import BankLineItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.reconciliation_item import ReconciliationItem
from paycorex.records.refund import RefundItem
from statements.books.booked import Booked

# What is booked about something that was before. A payment, a capture and a payout are of the day on which they are booked.
LATER: Final = frozenset(
    {
        *(ReferenceType.FEE, ReferenceType.PLATFORM_FEE, ReferenceType.SUSPENSE, ReferenceType.REVERSAL, ReferenceType.RESOLUTION),
        *(ReferenceType.REFUND, ReferenceType.WALLET_REFUND, ReferenceType.DISPUTE),
    }
)
# By the prefix of a record's id: its model, and the name of its key.
_RECORDS: Final[Mapping[str, tuple[type[storage.Item], str]]] = {
    "ref": (RefundItem, "refund_id"),
    "dsp": (DisputeItem, "dispute_id"),
    "rcn": (ReconciliationItem, "item_id"),
    "bnk": (BankLineItem, "bank_line_id"),
}


def noted(journals: list[Booked]) -> Iterator[Booked]:
    """The journals, each with the earlier month that it concerns. Raises storage.Unavailable."""
    named = {journal.journal_id: _record_of(journal) for journal in journals if journal.reference.type in LATER}
    begun = _begun({record_id for record_id in named.values() if record_id is not None})
    for journal in journals:
        month = begun.get(named.get(journal.journal_id) or "")
        yield replace(journal, concerns=month) if month is not None and month < month_of(journal.at_ms) else journal


def month_of(moment_ms: int) -> str:
    """The month of a moment, in UTC."""
    return clock.rfc3339(moment_ms)[:7]


def _record_of(journal: Booked) -> str | None:
    """The first of the reference's parts that names a record: a move of an item is `<item>.<number>`."""
    return next((part for part in journal.reference.id.split(".") if part[:3] in _RECORDS or part.startswith("pay_")), None)


def _begun(record_ids: Iterable[str]) -> dict[str, str]:
    """The month in which what each record is about began: its payment, where it has one."""
    found, payments = dict[str, str](), dict[str, str]()
    wanted = sorted(record_ids)
    for prefix, (model, key) in _RECORDS.items():
        for item in _items(model, [each for each in wanted if each.startswith(prefix)]):
            record_id, payment_id = str(getattr(item, key)), getattr(item, "payment_id", None)
            if payment_id is None:
                found[record_id] = str(item.booked_on)[:7] if model is BankLineItem else month_of(int(item.created_at))
            else:
                payments[record_id] = str(payment_id)
    payments |= {each: each for each in wanted if each.startswith("pay_")}
    made = {str(item.payment_id): month_of(int(item.created_at)) for item in _items(PaymentItem, sorted(set(payments.values())))}
    return found | {record_id: made[payment_id] for record_id, payment_id in payments.items() if payment_id in made}


def _items(model: type[storage.Item], ids: list[str]) -> list[Any]:
    return storage.get_many(model, [model.wire_key(each) for each in ids]) if ids else []
