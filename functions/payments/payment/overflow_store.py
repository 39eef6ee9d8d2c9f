"""What no longer fits on a payment: table `payment_overflow`, one row for each late money, or chain transfer, beyond the payment's bound.

A payment's item stays small whatever comes from outside. Rows are written in the transaction that writes the payment's next version, so the
payment's version guards them too. In memory a row that was asked for stands among the payment's late money, marked as a row.
"""

from collections.abc import Iterable
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from paycorex import storage
from paycorex.records.payment import PaymentItem, late_number
from payments.payment import late_money
from payments.payment.late_money import LateMoney

_LATE: Final = "late#"
_REFERENCE: Final = "told#"
_TRANSFER: Final = "transfer#"
# Wide enough for every number that a payment can reach.
_DIGITS: Final = 10


class OverflowItem(storage.Item):
    """One row. `place`: late#<number>, told#<connector>#<reference> (which late money that is) or transfer#<its key>."""

    class Meta:
        """Which table."""

        table_name = "payment_overflow"

    payment_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    merchant_id = UnicodeAttribute()
    content = JSONAttribute()


def with_late(payment: PaymentItem, late_ids: Iterable[str]) -> PaymentItem:
    """The payment with these among its late money, where they are in rows. Raises storage.Unavailable."""
    if not late_money.has_rows(payment):
        return payment
    known = {money.late_id for money in late_money.of(payment)}
    rows = (storage.get(OverflowItem, payment.payment_id, _late_place(number)) for number in _numbers(payment, set(late_ids) - known))
    return _with(payment, [dict(row.content) for row in rows if row is not None])


def with_reported(payment: PaymentItem, connector: str | None, reference: str | None) -> PaymentItem:
    """The payment with the late money that this provider reported under this reference, if that is in a row. Raises storage.Unavailable."""
    if not late_money.has_rows(payment):
        return payment
    pointer = storage.get(OverflowItem, payment.payment_id, _reference_place(connector, reference))
    return payment if pointer is None else with_late(payment, [pointer.content["late_id"]])


def page(payment: PaymentItem, after: int, limit: int) -> tuple[list[LateMoney], int | None]:
    """Late money behind a number, in the order in which it came, and the number to go on behind (None at the end)."""
    found = {late_number(money.late_id): money for money in late_money.of(payment)}
    if late_money.has_rows(payment):
        condition = (OverflowItem.payment_id == payment.payment_id) & OverflowItem.place.between(_late_place(after + 1), f"{_LATE}~")
        rows = storage.query(OverflowItem, condition, limit=limit + 1, consistent=True).items
        found |= {late_number(row.content["late_id"]): late_money.shown(payment, dict(row.content)) for row in rows}
    numbers = sorted(number for number in found if number > after)
    more = numbers[limit - 1] if len(numbers) > limit else None
    return [found[number] for number in numbers[:limit]], more


def writes(before: PaymentItem, after: PaymentItem) -> list[storage.Write]:
    """The rows of late money that changed between two versions of a payment. None can be refused."""
    known = {stored["late_id"]: stored for stored in before.late_money or ()}
    made: list[storage.Write] = []
    for stored in after.late_money or ():
        if stored.get("row") and stored != known.get(stored["late_id"]):
            made.append(_put(after, _late_place(late_number(stored["late_id"])), stored))
            if stored["late_id"] not in known and not stored.get("transfer"):
                place = _reference_place(stored["connector"], stored["provider_reference"])
                made.append(_put(after, place, {"late_id": stored["late_id"]}))
    return made


def find_transfer(payment_id: str, key: str) -> list[Any] | None:
    """A chain transfer of the payment, as `crypto.state` stores it; None when it has no row. Raises storage.Unavailable."""
    row = storage.get(OverflowItem, payment_id, _TRANSFER + key)
    return None if row is None else list(row.content)


def put_transfer(payment: PaymentItem, key: str, stored: list[Any]) -> storage.Write:
    """Store a chain transfer in a row of its own."""
    return _put(payment, _TRANSFER + key, stored)


def late_money_of(row: OverflowItem) -> LateMoney | None:
    """The late money that a row is, as it is stored; None when it is something else."""
    return LateMoney.of(row.content) if row.place.startswith(_LATE) else None


def _with(payment: PaymentItem, rows: list[dict[str, Any]]) -> PaymentItem:
    if not rows:
        return payment
    opened = storage.copy_of(payment)
    opened.late_money = [*(payment.late_money or ()), *rows]
    return opened


def _numbers(payment: PaymentItem, late_ids: set[str]) -> list[int]:
    """The numbers of ids that can be this payment's."""
    return sorted(late_number(late_id) for late_id in late_ids if late_id.startswith(f"{payment.payment_id}."))


def _late_place(number: int) -> str:
    return f"{_LATE}{number:0{_DIGITS}}"


def _reference_place(connector: str | None, reference: str | None) -> str:
    return f"{_REFERENCE}{connector or ''}#{reference or ''}"


def _put(payment: PaymentItem, place: str, content: Any) -> storage.Write:
    item = OverflowItem(payment_id=payment.payment_id, place=place, merchant_id=payment.merchant_id, content=content)
    return storage.put(item)
