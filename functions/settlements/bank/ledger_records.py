"""Bank lines as the ledger's verification sees them."""

from collections.abc import Iterator

from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each, whole
from paycorex.records.bank_line import BankLineItem, booking_reference, decision_reference


def bank_lines() -> Iterator[MoneyRecord | Finding]:
    """Every line: it has exactly one journal of its amount when it brings a payout, else none; and one a decided difference."""
    return of_each(BankLineItem, _moves)


def _moves(item: BankLineItem) -> Iterator[MoneyRecord]:
    name = f"bank line {item.bank_line_id}"
    entries = tuple((str(entity), str(entity_id), int(lane), int(seq)) for entity, entity_id, lane, seq in item.entries or ())
    amount = abs(whole(item.amount)) if item.entries else 0
    yield MoneyRecord(name, booking_reference(item.bank_line_id), item.merchant_id, item.currency, amount, entries)
    decisions = item.decisions or ()
    for number, made in enumerate(decisions, start=1):
        moved = abs(whole(made.get("difference") or 0))
        reference = decision_reference(item.bank_line_id, number)
        yield MoneyRecord(f"{name}, decision {number}", reference, item.merchant_id, item.currency, moved)
    beyond = decision_reference(item.bank_line_id, len(decisions) + 1)
    yield MoneyRecord(f"{name}, beyond its decisions", beyond, item.merchant_id, item.currency, 0)
