"""Importing a bank's file in slices: statement by statement, line by line, each line stored once. A killed slice is read again and stores
nothing twice; what it had stored counts as its own.
"""

from collections.abc import Callable, Iterator
from typing import Final, cast

from paycorex import storage
from paycorex.records.bank_line import BankLineItem
from paycorex.records.reconciliation_position import BANK
from paycorex.records.settlement_import import DONE, FAILED, MAX_ERRORS, READING, SettlementImportItem
from settlements.bank import looking
from settlements.bank.csv_mapping import columns_of
from settlements.bank.readers.csv_columns import CsvColumns
from settlements.bank.readers.reader import BankFormat, read
from settlements.bank.readers.statement import RefusedStatement, UnreadableFile
from settlements.bank.rows import Numbering, rows_of
from settlements.stores import bank_lines as store
from settlements.stores import reconciliation

# The largest file that a reader takes (camt.053; what is text is smaller).
MAX_BYTES: Final = 64_000_000


def read_slice(item: SettlementImportItem, data: bytes, may_go_on: Callable[[], bool]) -> SettlementImportItem:
    """Go on with an import as far as time allows: the import as it is then, to be stored by the caller.

    place: {"row": rows that are done, "matching": currencies that are left to match}. A file that cannot be read is FAILED with the reason;
    statements before the place where it became unreadable stay. Raises storage's failures and TemporarilyUnavailable: the slice is
    then done again.
    """
    after = storage.copy_of(item)
    if item.place is None or "matching" not in item.place:
        slice_ = _Slice(after, may_go_on)
        try:
            columns = None if item.mapping is None else columns_of(item.mapping)
            is_over = slice_.read(data, columns)
        except UnreadableFile as refused:
            after.problem, is_over = str(refused), True
        if not is_over:
            return after
        after.lines = int(after.read)
        after.place = {"matching": [] if item.is_preview else sorted(slice_.currencies)}
    return _matched(after, may_go_on)


def _matched(after: SettlementImportItem, may_go_on: Callable[[], bool]) -> SettlementImportItem:
    """What came in is matched, currency by currency; then the import is over."""
    left = list(after.place["matching"])
    while left:
        # So that the reconciliation finds the lines that bring nothing of ours.
        reconciliation.note_account(after.merchant_id, BANK, left[0])
        if not looking.at_merchant(after.merchant_id, left[0], may_go_on):
            after.place = {"matching": left}
            return after
        left.pop(0)
    after.place = None
    # Of a file of which nothing could be read.
    after.status = FAILED if after.problem is not None else DONE
    return after


class _Slice:
    """One reading of the file: what is done already is passed over, the rest is stored while there is time."""

    def __init__(self, item: SettlementImportItem, may_go_on: Callable[[], bool]) -> None:
        place = item.place or {}
        self.item, self.may_go_on = item, may_go_on
        self.done, self.currencies = int(place.get("row", 0)), {str(each) for each in place.get("currencies", ())}
        item.status = READING

    def read(self, data: bytes, columns: CsvColumns | None) -> bool:
        """True when the whole file is stored."""
        for number, outcome in enumerate(self._outcomes(data, columns), start=1):
            if number <= self.done:
                continue
            if isinstance(outcome, BankLineItem):
                self._store(outcome)
            else:
                self._refuse(*outcome)
            self.item.read = int(self.item.read) + 1
            self.item.place = {"row": number, "currencies": sorted(self.currencies)}
            if not self.may_go_on():
                return False
        return True

    def _outcomes(self, data: bytes, columns: CsvColumns | None) -> Iterator[BankLineItem | tuple[int, str]]:
        """What the file holds, in its order: lines to be stored, and the numbers and reasons of what is refused."""
        numbering = Numbering()
        for statement in read(cast("BankFormat", self.item.format), data, columns):
            if isinstance(statement, RefusedStatement):
                yield statement.place, f"statement {statement.place}: {statement.reason}"
                continue
            self.currencies.add(statement.header.currency)
            yield from ((bad.place, bad.reason) for bad in statement.bad)
            yield from rows_of(self.item.merchant_id, self.item.import_id, statement, numbering)

    def _store(self, line: BankLineItem) -> None:
        """What a killed slice had stored is known by the import's name and counts as new."""
        known = store.find(line.bank_line_id) if self.item.is_preview else store.stored(line)
        if known is None or known.import_id == self.item.import_id:
            self.item.accepted = int(self.item.accepted) + 1
        else:
            self.item.known = int(self.item.known) + 1

    def _refuse(self, number: int, reason: str) -> None:
        self.item.rejected = int(self.item.rejected) + 1
        if len(self.item.errors or ()) < MAX_ERRORS:
            self.item.errors = [*(self.item.errors or ()), [number, reason]]
