"""A slice of a provider's report as a file: its next part is read, and its lines are stored.

What is stored with the import's next version is how far that came. So a slice that was killed is done again, and changes nothing that
it had done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from paycorex import clock, object_links, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.settlement_import import DONE, FAILED, MAX_ERRORS, READING, UPLOADING, SettlementImportItem
from payments.connectors.settling import LineKind, PayoutStatus, ProviderPayout, ReportLine
from settlements import lines, settling
from settlements.imports import bank_files, objects, previews
from settlements.imports.csv import records, rows
from settlements.imports.csv.cells import WrongCell
from settlements.imports.csv.mapping import CsvMapping
from settlements.imports.csv.records import Record
from settlements.imports.csv.rows import NoReport
from settlements.stores import imports as store

# A file that was not put by then does not come: its link ended before.
UPLOAD_MS: Final = (objects.LINK_SECONDS + 600) * 1000
LOOK_MS: Final = 20_000
CHANGED: Final = "The file was put again while it was read."
# A header stands in the first lines; what has none there is no report.
MAX_LINES_BEFORE_HEADER: Final = 50


def read_slice(item: SettlementImportItem) -> SettlementImportItem:
    """The import after one more part of its file; it is not stored. Raises TemporarilyUnavailable, storage's failures."""
    after = storage.copy_of(item)
    try:
        if item.status == UPLOADING:
            return _begun(after)
        if item.source == bank_files.SOURCE:
            return _of_bank(after)
        return _Slice(after).read()
    except object_links.Unreadable as trouble:
        raise TemporarilyUnavailable from trouble
    except NoReport as problem:
        return failed(after, str(problem))


def _of_bank(item: SettlementImportItem) -> SettlementImportItem:
    after = bank_files.read_slice(item)
    if after is None:
        return failed(item, CHANGED)
    if after.status != READING:
        store.set_due(after, None)
    return after


def failed(item: SettlementImportItem, problem: str) -> SettlementImportItem:
    """The import, ended without success. Lines that were stored stay."""
    item.status, item.problem = FAILED, problem
    store.set_due(item, None)
    return item


def _begun(item: SettlementImportItem) -> SettlementImportItem:
    """Whether the file is there, and is the one that was announced."""
    now, found = clock.now_ms(), objects.part(item, 0, size=1)
    if found is None:
        if now > int(item.created_at) + UPLOAD_MS:
            return failed(item, "The file was not uploaded.")
        store.set_due(item, now + LOOK_MS)
        return item
    if found.size != int(item.size or 0):
        return failed(item, f"The file has {found.size} bytes, and {int(item.size or 0)} were announced.")
    if objects.digest_of(item, found.etag) != item.sha256:
        return failed(item, "The file is not the one whose SHA-256 was announced.")
    item.status, item.place = READING, {"at": 0, "line": 1, "etag": found.etag}
    store.set_due(item, now)
    return item


@dataclass(slots=True)
class _Slice:
    item: SettlementImportItem
    place: dict[str, Any] = field(init=False)
    mapping: CsvMapping = field(init=False)
    found: list[tuple[int, ReportLine]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = dict(self.item.place or {})
        self.mapping = CsvMapping.model_validate(self.item.mapping or {})

    def read(self) -> SettlementImportItem:
        """The next part. Raises NoReport, object_links.Unreadable, storage's failures."""
        at, size = int(self.place["at"]), int(self.item.size or 0)
        part = objects.part(self.item, at, self.place["etag"])
        if part is None:
            return failed(self.item, CHANGED)
        is_end = at + len(part.content) >= size
        delimiter, encoding = self.mapping.delimiter or ",", self.mapping.encoding or "utf-8"
        for record in records.split(part.content, at, int(self.place["line"]), is_end=is_end, delimiter=delimiter, encoding=encoding):
            self._take(record)
            self.place |= {"at": record.next_at, "line": record.next_line}
        self._keep()
        self.item.place = self.place
        if is_end:
            if "columns" not in self.place:
                raise NoReport("The file has no line with the names of columns.")
            self.item.status, self.item.lines = DONE, int(self.item.read)
            store.set_due(self.item, None)
        return self.item

    def _take(self, record: Record) -> None:
        """A record: a header, a line, or something wrong."""
        kind = record.cells[0].strip() if record.cells else ""
        if record.problem is None and not any(cell.strip() for cell in record.cells):
            return
        if self.mapping.section_type is not None and kind == self.mapping.section_type:
            self.place["section"] = rows.section_of(record.cells)
            return
        if "columns" not in self.place or (self.mapping.header_type is not None and kind == self.mapping.header_type):
            self._take_header(record, kind)
            return
        if record.problem is None and self.mapping.row_type is not None and kind != self.mapping.row_type:
            return
        self.item.read = int(self.item.read) + 1
        if record.problem is not None:
            self._refuse(record.line, record.problem)
            return
        try:
            rows.check_whole(record.cells, self.place["columns"], is_ended=record.is_ended)
            line = rows.line_of(record.cells, self.place["columns"], self.mapping, self.place.get("section"))
        except WrongCell as problem:
            self._refuse(record.line, str(problem))
        else:
            self.found.append((record.line, line))

    def _take_header(self, record: Record, kind: str) -> None:
        if record.problem is not None:
            raise NoReport(f"The file is no report: {record.problem}.")
        if self.mapping.header_type is None or kind == self.mapping.header_type:
            self.place["columns"] = rows.columns_of(record.cells, self.mapping)
        elif record.line > MAX_LINES_BEFORE_HEADER:
            raise NoReport("The file has no line with the names of columns.")

    def _keep(self) -> None:
        """Store the lines, or show them where it is a preview."""
        found_lines = [line for _number, line in self.found]
        if self.item.is_preview:
            self.item.preview = previews.added(self.item.preview, found_lines)
            self.item.accepted = int(self.item.accepted) + len(found_lines)
            return
        for line in found_lines:
            self._announce(line)
        numbers = [number for number, _line in self.found]
        accepted = lines.accept(self.item.merchant_id, self.item.source, found_lines, import_id=self.item.import_id, numbers=numbers)
        self.item.accepted = int(self.item.accepted) + accepted.new
        self.item.known = int(self.item.known) + accepted.known
        for refused in accepted.refused:
            self._refuse(numbers[refused.index], refused.reason)

    def _announce(self, line: ReportLine) -> None:
        """A line that is the payout itself says how much was paid out, where it names the payout."""
        if line.kind is not LineKind.PAYOUT or line.settlement_reference in {None, self.place.get("section")}:
            return
        reference = str(line.settlement_reference)
        payout = ProviderPayout(reference, -line.net, line.currency, PayoutStatus.PAID, line.occurred_at or 0)
        settling.announce(self.item.merchant_id, self.item.source, payout, self.item.import_id)

    def _refuse(self, number: int, reason: str) -> None:
        self.item.rejected = int(self.item.rejected) + 1
        errors: Sequence[Any] = self.item.errors or []
        if len(errors) < MAX_ERRORS:
            self.item.errors = sorted([*errors, [number, reason]])
