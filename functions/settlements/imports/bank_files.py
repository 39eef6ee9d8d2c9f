"""A slice of a bank's file: the whole file is fetched, as formats ask for it, and read on from where the slice before it came to."""

from typing import Final

from paycorex import clock
from paycorex.errors import InvalidRequest, TemporarilyUnavailable
from paycorex.records.settlement_import import READING, SettlementImportItem
from settlements.bank import csv_mapping, importing
from settlements.bank.readers.reader import BANK_FORMATS
from settlements.imports import objects
from settlements.requests import ImportReport

SOURCE: Final = "bank"
CSV: Final = "csv"
SLICE_MS: Final = 20_000
_PART_BYTES: Final = 8 * 1024 * 1024


def is_of_bank(body: ImportReport) -> bool:
    """Whether a bank's file is announced, and as one that can be read. Raises InvalidRequest."""
    if body.source != SOURCE:
        if body.format in BANK_FORMATS and body.format != CSV:
            raise InvalidRequest("This is a format of banks: the source is bank.", details={"field": "source"})
        return False
    if body.format not in BANK_FORMATS:
        raise InvalidRequest(f"A bank's file is one of {', '.join(BANK_FORMATS)}.", details={"field": "format"})
    if int(body.size or 0) > importing.MAX_BYTES:
        raise InvalidRequest(f"A bank's file has at most {importing.MAX_BYTES} bytes.", details={"field": "size"})
    if (body.mapping is not None) != (body.format == CSV):
        raise InvalidRequest("A bank's csv needs a mapping, and no other format takes one.", details={"field": "mapping"})
    problem = None if body.mapping is None else csv_mapping.mapping_problem(dict(body.mapping))
    if problem is not None:
        raise InvalidRequest(f"{problem[0].upper()}{problem[1:]}.", details={"field": "mapping"})
    return True


def read_slice(item: SettlementImportItem) -> SettlementImportItem | None:
    """The import after one more slice, not stored; None when the file was put again since.

    Raises object_links.Unreadable, storage's failures.
    """
    place = dict(item.place or {})
    data = _whole(item, str(place["etag"]))
    if data is None:
        return None
    until = clock.now_ms() + SLICE_MS
    item.place = place.get("bank")
    after = importing.read_slice(item, data, lambda: clock.now_ms() < until)
    after.place = {"etag": place["etag"], "bank": after.place} if after.status == READING else None
    return after


def _whole(item: SettlementImportItem, etag: str) -> bytes | None:
    """The file, of which no more than was announced is ever held."""
    if int(item.size or 0) > importing.MAX_BYTES:
        raise TemporarilyUnavailable
    parts: list[bytes] = []
    position = 0
    while position < int(item.size or 0):
        found = objects.part(item, position, etag, _PART_BYTES)
        if found is None or not found.content:
            return None
        parts.append(found.content)
        position += len(found.content)
    return b"".join(parts)
