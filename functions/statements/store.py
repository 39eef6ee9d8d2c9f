"""The `periods` table: months that merchants closed, invoices of what the operator charged, and the last number of invoices of each year.

A month, its invoice and the number are written in one transaction, so numbers have no gaps. Rows are written once and never changed, except
the counters.
"""

from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import storage

_MONTH: Final = "month#"
_INVOICE: Final = "invoice#"
# No merchant's id: the operator's invoices are numbered over all merchants.
_COUNTERS: Final = "invoices"


class PeriodItem(storage.Item):
    """A closed month, an invoice, or a counter.

    balances: [[entity, entity_id, currency, opening, closing], ...] in minor units, credits positive. heads: how many chains it is of.
    lines: [[currency, fee, tax, count], ...] of an invoice.
    """

    class Meta:
        """Which table."""

        table_name = "periods"

    merchant_id = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    month = UnicodeAttribute(null=True)
    made_at = NumberAttribute(null=True)
    made_by = UnicodeAttribute(null=True)
    balances = JSONAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    heads = NumberAttribute(null=True)
    number = UnicodeAttribute(null=True)
    lines = JSONAttribute(null=True)
    last = NumberAttribute(null=True)


def closed(merchant_id: str, month: str) -> PeriodItem | None:
    """A closed month. Raises Unavailable."""
    return storage.get(PeriodItem, merchant_id, _MONTH + month)


def closed_page(merchant_id: str, limit: int, position: str | None) -> tuple[list[PeriodItem], str | None]:
    """Some closed months, newest first, and where to go on. Raises Unavailable."""
    return _page(merchant_id, _MONTH, limit, position)


def invoice(merchant_id: str, number: str) -> PeriodItem | None:
    """One invoice. Raises Unavailable."""
    return storage.get(PeriodItem, merchant_id, _INVOICE + number)


def invoices_page(merchant_id: str, limit: int, position: str | None) -> tuple[list[PeriodItem], str | None]:
    """Some invoices, newest first, and where to go on. Raises Unavailable."""
    return _page(merchant_id, _INVOICE, limit, position)


def last_number(year: str) -> int:
    """The last number of a year; 0 before the first. Raises Unavailable."""
    found = storage.get(PeriodItem, _COUNTERS, year)
    return int(found.last or 0) if found else 0


def new_month(item: PeriodItem) -> storage.Write:
    """Close a month, once."""
    item.position = _MONTH + str(item.month)
    return storage.put(item, PeriodItem.position.does_not_exist())


def new_invoice(item: PeriodItem) -> storage.Write:
    """Store an invoice under its number."""
    item.position = _INVOICE + str(item.number)
    return storage.put(item, PeriodItem.position.does_not_exist())


def take_number(year: str, last: int) -> storage.Write:
    """Take the number after the last one, unless another invoice did."""
    item = PeriodItem(merchant_id=_COUNTERS, position=year, last=last + 1)
    return storage.put(item, PeriodItem.last == last if last else PeriodItem.position.does_not_exist())


def _page(merchant_id: str, prefix: str, limit: int, position: str | None) -> tuple[list[PeriodItem], str | None]:
    start: Any = None if position is None else PeriodItem.wire_key(merchant_id, position)
    condition = (PeriodItem.merchant_id == merchant_id) & PeriodItem.position.startswith(prefix)
    page = storage.query(PeriodItem, condition, newest_first=True, limit=limit, start=start, consistent=True)
    return page.items, None if page.next_start is None else str(page.items[-1].position)
