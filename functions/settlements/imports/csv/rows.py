"""From a row to a line of a report, as the mapping says. What does not fit is a wrong line, with its reason and without its content."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from paycorex.currencies import EXPONENTS
from payments.connectors.settling import MAX_KIND_CHARACTERS, LineKind, ReportLine
from settlements.imports.csv import cells
from settlements.imports.csv.cells import WrongCell
from settlements.imports.csv.mapping import KINDS, SUMMED, CsvMapping
from settlements.lines.rows import BY_CONTENT

# What a mapping names of these the file must have: without its sign an amount would be another one.
NEEDED: Final = ("kind", "direction", "fee_direction")
_AMOUNTS: Final = ("gross", "net", "credit", "debit")


class NoReport(Exception):
    """The file has not the columns that the mapping names: nothing of it can be read."""


Columns = Mapping[str, Sequence[int]]


def columns_of(header: Sequence[str], mapping: CsvMapping) -> dict[str, list[int]]:
    """Where each field and each expected column is. Raises NoReport."""
    names = [_spaced(name) for name in header]
    wanted = mapping.columns | _expected(mapping)
    found = {field: [names.index(name) for name in map(_spaced, each) if name in names] for field, each in wanted.items()}
    missing = [mapping.columns[field][0] for field in NEEDED if field in mapping.columns and not found[field]]
    missing += [name for name in mapping.expect if not found[f"={name}"]]
    if not any(found.get(field) for field in _AMOUNTS):
        missing += [name for field in _AMOUNTS for name in mapping.columns.get(field, ())]
    if mapping.currency is None and not found.get("currency"):
        missing += mapping.columns.get("currency", ["currency"])
    if missing:
        raise NoReport(f"The file lacks columns: {', '.join(dict.fromkeys(missing))}.")
    return {field: places for field, places in found.items() if places}


def _spaced(name: str) -> str:
    """A column's name with one space where there are some: PayPal writes `Transaction  Debit or Credit`."""
    return " ".join(name.split())


def section_of(row: Sequence[str]) -> str:
    """How the payout of a section's lines is called."""
    return "/".join(cell.strip() for cell in row[1:4])


def check_whole(row: Sequence[str], columns: Columns, *, is_ended: bool) -> None:
    """Refuse a row that ends before its last cell does: what a cut file has there reads as another amount. Raises WrongCell.

    is_ended: the row's line has an end; without one its last cell may go on.
    """
    whole = len(row) if is_ended else len(row) - 1
    if whole <= max(place for places in columns.values() for place in places):
        raise WrongCell("it has too few cells" if is_ended else "the file ends within it: it may be cut")


def line_of(row: Sequence[str], columns: Columns, mapping: CsvMapping, section: str | None = None) -> ReportLine:
    """The line of a row. section: the payout, where the row does not name one. Raises WrongCell."""
    reader = _Row(row, columns, mapping)
    for name, expected in mapping.expect.items():
        if reader.text(f"={name}") != expected:
            raise WrongCell(f"its {name} is another one")
    word = (reader.text("kind") or "").lower()[:MAX_KIND_CHARACTERS]
    kind = _kind_of(word, mapping)
    currency = (reader.text("currency") or mapping.currency or "").upper()
    if currency not in EXPONENTS:
        raise WrongCell("its currency is none that can be booked")
    gross, fee, tax = reader.amounts(currency)
    if kind is LineKind.FEE:
        # All of such a line is a fee.
        gross, fee = 0, fee - gross
    pattern, offset = mapping.time or "iso", mapping.utc_offset_minutes or 0
    return ReportLine(
        line_reference=reader.text("line_reference") or _name_by_content(row),
        kind=kind,
        kind_name=word,
        gross=gross,
        fee=fee,
        tax=tax,
        currency=currency,
        charge_reference=reader.text("charge_reference"),
        object_reference=reader.text("object_reference"),
        our_reference=reader.text("our_reference"),
        occurred_at=cells.moment(reader.text("occurred_at") or "", pattern=pattern, utc_offset_minutes=offset),
        settlement_reference=reader.text("settlement_reference") or section,
        bank_reference=reader.text("bank_reference"),
    )


def _expected(mapping: CsvMapping) -> dict[str, list[str]]:
    return {f"={name}": [name] for name in mapping.expect}


def _kind_of(word: str, mapping: CsvMapping) -> LineKind:
    found = mapping.kinds.get(word)
    if found is None:
        beginnings = [known for known in mapping.kinds if known.endswith("*") and word.startswith(known[:-1])]
        found = mapping.kinds[max(beginnings, key=len)] if beginnings else None
    return LineKind.UNKNOWN if found is None else KINDS[found]


def _name_by_content(row: Sequence[str]) -> str:
    return BY_CONTENT + hashlib.sha256("\x1f".join(row).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Row:
    row: Sequence[str]
    columns: Columns
    mapping: CsvMapping

    def text(self, field: str) -> str | None:
        """The first of its columns that is not empty."""
        texts = (self.row[place].strip() for place in self.columns.get(field, ()) if place < len(self.row))
        return next(filter(None, texts), None)

    def amounts(self, currency: str) -> tuple[int, int, int]:
        """Gross, fee without tax, tax. What the report says twice must agree. Raises WrongCell."""
        fee, tax = self._sum("fee", currency), self._sum("tax", currency)
        if self.mapping.fee_is_negative:
            fee, tax = -fee, -tax
        if "fee_direction" in self.columns and (self.text("fee_direction") or "").lower() not in self.mapping.debit_words:
            fee = -fee
        if self.mapping.fee_includes_tax:
            fee -= tax
        sign = -1 if (self.text("direction") or "").lower() in self.mapping.debit_words else 1
        gross = sign * self._sum("gross", currency) if "gross" in self.columns else None
        net = self._net(currency, sign)
        if gross is None and net is None:
            raise WrongCell("it has no amount")
        if gross is None:
            return (net or 0) + fee + tax, fee, tax
        if net is not None and "fee" not in self.columns:
            # What the provider kept is the difference, and the report does not say how much of it is tax.
            return gross, gross - net - tax, tax
        if net is not None and gross - fee - tax != net:
            raise WrongCell("its amounts do not add up")
        return gross, fee, tax

    def _net(self, currency: str, sign: int) -> int | None:
        if "net" in self.columns:
            return sign * self._sum("net", currency)
        if "credit" in self.columns or "debit" in self.columns:
            return self._sum("credit", currency) - self._sum("debit", currency)
        return None

    def _sum(self, field: str, currency: str) -> int:
        if field not in SUMMED:
            raise AssertionError(field)
        unit, separator = self.mapping.unit or "major", self.mapping.decimal_separator or "."
        texts = [self.row[place] for place in self.columns.get(field, ()) if place < len(self.row)]
        return sum(cells.amount(text, currency, unit=unit, decimal_separator=separator) for text in texts)
