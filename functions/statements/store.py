"""The `periods` table: closed months with the files of their statements, invoices, and the last number of invoices of each year.

A month, its invoice and the number are written in one transaction, so numbers have no gaps. Files are stored under their digests before it.
A month that an operator opened again keeps its row; when it is closed once more, the row of before is kept beside the new one.
"""

from itertools import batched
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import storage

_MONTH: Final = "month#"
_REPLACED: Final = "replaced#"
_REOPENED: Final = "reopened#"
_INVOICE: Final = "invoice#"
_FILE: Final = "file#"
# How often a month may be opened again.
MAX_REOPENINGS: Final = 20
# No merchant's id: the operator's invoices are numbered over all merchants.
_COUNTERS: Final = "invoices"
# Of a packed file, in one item.
PART_BYTES: Final = 300_000


class PeriodItem(storage.Item):
    """A closed month, that it was opened again, an invoice, a part of a statement's file, or a counter.

    balances: [[entity, entity_id, currency, opening, closing], ...] in minor units, credits positive. heads: how many chains they are of.
    digest: over both. files: [[currency, format, sha256, bytes, parts], ...]. sealed: the digest of the month's document, which an entry
    of the ledger carries; entries: where it is. lines: [[currency, fee, tax, count], ...] of an invoice; seller, buyer: who they were then.
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
    # How often the month was closed; absent in rows of before months could be opened again.
    version = NumberAttribute(null=True)
    files = JSONAttribute(null=True)
    sealed = UnicodeAttribute(null=True)
    entries = JSONAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    seller = JSONAttribute(null=True)
    buyer = JSONAttribute(null=True)
    content = BinaryAttribute(legacy_encoding=False, null=True)


def version_of(item: PeriodItem) -> int:
    """How often the month was closed."""
    return int(item.version or 1)


def closed(merchant_id: str, month: str) -> PeriodItem | None:
    """A month as it was closed last, which may be open again. Raises Unavailable."""
    return storage.get(PeriodItem, merchant_id, _MONTH + month)


def closed_page(merchant_id: str, limit: int, position: str | None) -> tuple[list[PeriodItem], str | None]:
    """Some closed months, newest first, and where to go on. Raises Unavailable."""
    return _page(merchant_id, _MONTH, limit, position)


def reopenings(merchant_id: str, month: str | None = None) -> list[PeriodItem]:
    """Who opened months again, and why, by month and oldest first; version: which closing it ended. Raises Unavailable."""
    prefix = _REOPENED if month is None else f"{_REOPENED}{month}#"
    condition = (PeriodItem.merchant_id == merchant_id) & PeriodItem.position.startswith(prefix)
    return storage.query(PeriodItem, condition, consistent=True).items


def reopening(merchant_id: str, month: str, version: int) -> PeriodItem | None:
    """Who ended this closing of the month; None while it stands. Raises Unavailable."""
    return storage.get(PeriodItem, merchant_id, _reopened(month, version))


def new_reopening(item: PeriodItem) -> storage.Write:
    """Open the month again, once for each closing."""
    item.position = _reopened(str(item.month), version_of(item))
    return storage.put(item, PeriodItem.position.does_not_exist())


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


def new_month(item: PeriodItem, before: PeriodItem | None) -> list[storage.Write]:
    """Close a month, once; before: the closing that an operator ended, whose row is kept."""
    item.position = _MONTH + str(item.month)
    if before is None:
        return [storage.put(item, PeriodItem.position.does_not_exist())]
    kept = storage.copy_of(before)
    kept.position = f"{_REPLACED}{before.month}#{version_of(before):06d}"
    is_as_read = PeriodItem.digest == before.digest
    is_as_read &= PeriodItem.version.does_not_exist() if before.version is None else PeriodItem.version == int(before.version)
    return [storage.put(item, is_as_read), storage.put(kept, PeriodItem.position.does_not_exist())]


def new_invoice(item: PeriodItem) -> storage.Write:
    """Store an invoice under its number."""
    item.position = _INVOICE + str(item.number)
    return storage.put(item, PeriodItem.position.does_not_exist())


def take_number(year: str, last: int) -> storage.Write:
    """Take the number after the last one, unless another invoice did."""
    item = PeriodItem(merchant_id=_COUNTERS, position=year, last=last + 1)
    return storage.put(item, PeriodItem.last == last if last else PeriodItem.position.does_not_exist())


def keep_file(merchant_id: str, month: str, sha256: str, packed: bytes) -> int:
    """Store a file under its digest; in how many parts. What is there stays as it is. Raises storage's failures."""
    parts = [bytes(part) for part in batched(packed, PART_BYTES, strict=False)]
    for number, part in enumerate(parts):
        storage.run(storage.put(PeriodItem(merchant_id=merchant_id, position=_part(month, sha256, number), content=part)))
    return len(parts)


def file_of(merchant_id: str, month: str, sha256: str, parts: int) -> bytes | None:
    """A file as it was packed; None when a part is missing. Raises Unavailable."""
    keys = [PeriodItem.wire_key(merchant_id, _part(month, sha256, number)) for number in range(parts)]
    found = {item.position: item for item in storage.get_many(PeriodItem, keys)}
    contents = [found[key["position"]["S"]].content for key in keys if key["position"]["S"] in found]
    return b"".join(contents) if len(contents) == parts else None


def _part(month: str, sha256: str, number: int) -> str:
    return f"{_FILE}{month}#{sha256}#{number:03d}"


def _reopened(month: str, version: int) -> str:
    return f"{_REOPENED}{month}#{version:06d}"


def _page(merchant_id: str, prefix: str, limit: int, position: str | None) -> tuple[list[PeriodItem], str | None]:
    start: Any = None if position is None else PeriodItem.wire_key(merchant_id, position)
    condition = (PeriodItem.merchant_id == merchant_id) & PeriodItem.position.startswith(prefix)
    page = storage.query(PeriodItem, condition, newest_first=True, limit=limit, start=start, consistent=True)
    return page.items, None if page.next_start is None else str(page.items[-1].position)
