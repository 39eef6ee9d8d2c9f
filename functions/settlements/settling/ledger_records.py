"""Settlements as the ledger's verification sees them."""

from collections.abc import Iterator

from paycorex.ledger.links import Finding
from paycorex.ledger.money_records import MoneyRecord, of_each, whole
from paycorex.records.settlement import SettlementItem, booking_reference


def settlements() -> Iterator[MoneyRecord | Finding]:
    """Every settlement: each of its bookings has exactly one journal of its amount, and there is no further one."""
    return of_each(SettlementItem, _bookings)


def _bookings(item: SettlementItem) -> Iterator[MoneyRecord]:
    bookings = item.bookings or ()
    for number, booking in enumerate(bookings, start=1):
        reference = booking_reference(item.settlement_id, number)
        entries = tuple((str(entity), str(entity_id), int(lane), int(seq)) for entity, entity_id, lane, seq in item.entries or ())
        placed = entries if number == len(bookings) else ()
        name = f"settlement {item.settlement_id}, booking {number}"
        yield MoneyRecord(name, reference, item.merchant_id, item.currency, whole(booking[-1]), placed)
    beyond = booking_reference(item.settlement_id, len(bookings) + 1)
    yield MoneyRecord(f"settlement {item.settlement_id}, beyond its bookings", beyond, item.merchant_id, item.currency, 0)
