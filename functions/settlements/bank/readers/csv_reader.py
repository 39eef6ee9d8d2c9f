"""CSV of a bank, by a mapping of its columns. Python's `csv` splits; how numbers and dates are written is in the mapping, never guessed."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from settlements.bank.readers import checks, fields
from settlements.bank.readers.csv_columns import CsvColumns
from settlements.bank.readers.statement import (
    BadLine,
    BankLine,
    RefusedStatement,
    Statement,
    StatementHeader,
    UnreadableField,
    UnreadableFile,
)
from settlements.bank.readers.text import decode

MAX_COLUMNS: Final = 200
MAX_CELL_CHARACTERS: Final = 4096
_GROUPS: Final = {".": ",", ",": "."}
_NUMBER: Final = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?", re.ASCII)


def read(data: bytes, columns: CsvColumns) -> Iterator[Statement | RefusedStatement]:
    """The file as one statement of the mapping's account, without balances. Raises UnreadableFile."""
    text = decode(data)
    rows = csv.DictReader(io.StringIO(text), delimiter=columns.delimiter)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    wanted = [name for name in (columns.date, columns.amount, columns.credit, columns.debit, columns.text, *columns.references) if name]
    currency = fields.currency_of(columns.currency)
    lines: list[BankLine] = []
    bad: list[BadLine] = []
    try:
        _check_names(list(rows.fieldnames or ()), wanted)
        for number, row in enumerate(rows, start=1):
            try:
                lines.append(_line(number, row, columns, currency))
            except UnreadableField as failed:
                bad.append(BadLine(number, str(failed)))
    except csv.Error as failed:
        where = len(lines) + len(bad)
        raise UnreadableFile(f"this cannot be read as CSV after line {where}: a cell is too long, or a quote does not end") from failed
    if not text.endswith(("\n", "\r")) and lines and lines[-1].place == len(lines) + len(bad):
        # Its last cell may be cut: the line of the whole file would count as another one beside it.
        bad.append(BadLine(lines.pop().place, "the file ends within the line: it may be cut"))
    yield checks.proved(1, StatementHeader(fields.account_of(columns.account), currency), lines, bad)


def _check_names(names: list[str], wanted: list[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(f"the file has more than {MAX_COLUMNS} columns")
    missing = [name for name in wanted if name not in names]
    if missing:
        raise UnreadableFile(f"the file has no column {fields.text_of(missing[0], limit=60)}")
    if len(set(names)) != len(names):
        raise UnreadableFile("two columns have one name")


def _line(place: int, row: Mapping[str | None, str | None], columns: CsvColumns, currency: str) -> BankLine:
    if None in row or None in row.values():
        raise UnreadableField("the line has another number of cells than the first line")
    bank_reference = fields.text_of(row.get(columns.bank_reference or ""), limit=fields.MAX_REFERENCE_CHARACTERS)
    text = row.get(columns.text or "")
    return BankLine(
        place=place,
        amount=_amount(row, columns, currency),
        booked_on=_date(row[columns.date] or "", columns.date_format),
        bank_reference=bank_reference,
        references=fields.references_of([*(row.get(name) for name in columns.references), bank_reference], text),
        text=fields.text_of(text),
    )


def _amount(row: Mapping[str | None, str | None], columns: CsvColumns, currency: str) -> int:
    if columns.amount is not None:
        return fields.minor_of(_number(row[columns.amount] or "", columns.decimal), currency)
    credit, debit = (_number(row.get(name) or "0", columns.decimal) if name else Decimal(0) for name in (columns.credit, columns.debit))
    if credit < 0 or debit < 0 or (credit and debit):
        raise UnreadableField("credit and debit are one of both, without a sign")
    return fields.minor_of(credit - debit, currency)


def _number(text: str, decimal: str) -> Decimal:
    """A number with the mapping's decimal sign; the other sign may group thousands by three digits."""
    group = _GROUPS[decimal]
    written = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    whole, _, fraction = written.partition(decimal)
    if group in whole and not re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(group)}\d{{2,3}})*{re.escape(group)}\d{{3}}", whole, re.ASCII):
        raise UnreadableField("the amount is not a number in the mapping's form")
    plain = whole.replace(group, "") + (f".{fraction}" if fraction else "")
    if not _NUMBER.fullmatch(plain) or len(plain) > 30:
        raise UnreadableField("the amount is not a number in the mapping's form")
    return Decimal(plain)


def _date(text: str, form: str) -> date:
    """In the mapping's form, of which the time is left out. The bank's own day, so no zone is applied."""
    try:
        return fields.day_of(datetime.strptime(text.strip(), form).date(), "the date")  # noqa: DTZ007 (a day, no moment)
    except ValueError as failed:
        raise UnreadableField("the date is not in the mapping's form") from failed
