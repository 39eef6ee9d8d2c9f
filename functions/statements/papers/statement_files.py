"""The files of a statement, and those of a closed month: stored as they were made, and the same bytes for ever."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from paycorex import csv_text
from statements import store
from statements.papers import camt053, statement, statement_pdf, views
from statements.papers.statement import Movement, Statement, Subject
from statements.papers.views import StatementView
from statements.store import PeriodItem

# A file for people has each movement up to that; of more, those of one day and kind are one.
MAX_MOVEMENTS: Final = 3_000
# Of a month with more movements the CSV is not stored: its rows follow from sealed entries alone, and are read anew.
MAX_STORED_ROWS: Final = 20_000
JSON: Final = "json"
CSV: Final = "csv"
PDF: Final = "pdf"
CAMT: Final = "camt053"


class Damaged(Exception):
    """A stored file is not there, or not the one that was stored."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a closed month: what it is of, its SHA-256, its bytes, and in how many parts it is stored."""

    currency: str
    format: str
    sha256: str
    size: int
    parts: int

    def row(self) -> list[Any]:
        """As a closed month has it."""
        return [self.currency, self.format, self.sha256, self.size, self.parts]


def of_month(item: PeriodItem) -> list[Kept]:
    """The files of a closed month."""
    return [Kept(str(row[0]), str(row[1]), str(row[2]), int(row[3]), int(row[4])) for row in item.files or ()]


def content_of(item: PeriodItem, kept: Kept) -> bytes:
    """The file, as it was when the month was closed. Raises Damaged, storage.Unavailable."""
    packed = store.file_of(item.merchant_id, str(item.month), kept.sha256, kept.parts)
    content = b"" if packed is None else zlib.decompress(packed)
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise Damaged(f"{item.month} {kept.currency} {kept.format}")
    return content


def keep_all(abouts: Iterable[Subject]) -> list[Kept]:
    """Make and store the files of each currency's statement. Raises storage's failures, Incomplete."""
    return [_keep(about, name, content) for about in abouts for name, content in _made(about)]


def whole(about: Subject, *, most: int | None) -> Statement:
    """The statement as the ledger has it."""
    opening = statement.opening_of(about)
    return Statement.of(about, opening, (movement for _place, movement in statement.movements(about, opening)), most=most)


def written(shown: Statement, name: str) -> bytes:
    """The statement as PDF or camt.053."""
    return statement_pdf.written(shown) if name == PDF else camt053.written(shown)


def view_of(shown: Statement) -> StatementView:
    """The statement's sums."""
    return views.view(camt053.identifier(shown.about), shown)


def row(about: Subject, movement: Movement) -> str:
    """A line of the CSV."""
    return csv_text.line([csv_text.guarded(cell) for cell in views.row(about, movement)])


def _made(about: Subject) -> Iterator[tuple[str, bytes]]:
    opening, lines = statement.opening_of(about), [csv_text.line(views.COLUMNS)]

    def noted() -> Iterator[Movement]:
        for _place, movement in statement.movements(about, opening):
            if len(lines) <= MAX_STORED_ROWS + 1:
                lines.append(row(about, movement))
            yield movement

    shown = Statement.of(about, opening, noted(), most=MAX_MOVEMENTS)
    yield JSON, view_of(shown).model_dump_json(by_alias=False).encode()
    yield PDF, written(shown, PDF)
    yield CAMT, written(shown, CAMT)
    if len(lines) <= MAX_STORED_ROWS + 1:
        yield CSV, "".join(lines).encode()


def _keep(about: Subject, name: str, content: bytes) -> Kept:
    sha256 = hashlib.sha256(content).hexdigest()
    parts = store.keep_file(about.merchant_id, about.month, sha256, zlib.compress(content))
    return Kept(about.currency, name, sha256, len(content), parts)
