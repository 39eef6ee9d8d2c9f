"""The journal export: a page of text, and a cursor where there is more."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from paycorex import clock
from paycorex.http import Answer, App, Call, csv_export
from paycorex.http.answers import bytes_in_response
from statements import beancount, journal_export, journal_rows, periods
from statements.books.booked import Booked
from statements.journal_export import Export
from statements.periods import Period
from statements.requests import JournalExportQuery

MAX_BYTES: Final = csv_export.MAX_BYTES
# A request may take half a minute; reading and writing so many takes a part of it.
MAX_JOURNALS: Final = 20_000
_NAME: Final = "journal-export"
_BEANCOUNT: Final = "text/x-beancount"
# Up to which moment the export is complete: journals of the last minutes are in the next one.
_UNTIL_HEADER: Final = "X-Complete-Until"


def add_to(app: App) -> None:
    """Add the route."""
    route = app.route(
        "GET",
        "/v1/journal_export",
        scope="dashboard:read",
        query=JournalExportQuery,
        media_types=("text/csv",),
        files={"beancount": _BEANCOUNT},
    )
    route(export_journals)


def export_journals(call: Call[None, JournalExportQuery]) -> Answer:
    """Journals of a period for accounting programs: CSV with account codes. X-Next-Cursor says that there is more."""
    until_ms, after = _place_of(call.position(_NAME))
    asked = periods.between(call.query.from_, call.query.to)
    period = asked if until_ms is None else Period(asked.from_ms, until_ms, asked.is_whole)
    export = Export(call.caller.merchant_id, period, journal_export.names_of(call.caller.merchant_id), after)
    most = call.query.limit if "limit" in call.query.model_fields_set else MAX_JOURNALS
    text, last = _csv(export, most) if call.query.format == "csv" else _beancount(export, most)
    more = None if last is None else f"{period.to_ms}#{last}"
    return _answer(call, text, period, more)


def _csv(export: Export, most: int) -> tuple[str, str | None]:
    def write(journal: Booked) -> str:
        return "".join(csv_export.line([csv_export.guarded(cell) for cell in row]) for row in journal_rows.rows(export.names, journal))

    return _page(export, [csv_export.line(journal_rows.COLUMNS)] if export.after is None else [], write, most)


def _beancount(export: Export, most: int) -> tuple[str, str | None]:
    start = export.opening() if export.after is None else ()
    text, last = _page(export, start, lambda journal: beancount.transaction(export.names, journal), most)
    return (text, last) if last is not None else (text + "".join(export.closing()), None)


def _page(export: Export, start: Iterable[str], write: Callable[[Booked], str], most: int) -> tuple[str, str | None]:
    """The text of a page, and the place of its last journal if there are more."""
    parts, place, left = [*start], export.after, MAX_BYTES
    left -= sum(map(bytes_in_response, parts))
    for number, (text, at) in enumerate(_written(export, write)):
        left -= bytes_in_response(text)
        if number == most or left < 0:
            return "".join(parts), place
        parts.append(text)
        place = at
    return "".join(parts), None


def _written(export: Export, write: Callable[[Booked], str]) -> Iterator[tuple[str, str]]:
    return ((write(journal), journal.place) for journal in export.journals())


def _place_of(position: str | None) -> tuple[int | None, str | None]:
    """Until when the first page reached, so that all pages are of one period, and the place to go on after."""
    if position is None:
        return None, None
    until, _, place = position.partition("#")
    return int(until), place


def _answer(call: Call[None, JournalExportQuery], text: str, period: Period, more: str | None) -> Answer:
    suffix, content_type = ("csv", "text/csv") if call.query.format == "csv" else ("beancount", _BEANCOUNT)
    headers = {
        "Content-Disposition": f'attachment; filename="journals.{suffix}"',
        "X-Content-Type-Options": "nosniff",
        _UNTIL_HEADER: clock.rfc3339(period.to_ms),
    }
    cursor = call.next_cursor(_NAME, more)
    if cursor is not None:
        headers[csv_export.NEXT_CURSOR_HEADER] = cursor
    return Answer(200, text, f"{content_type}; charset=utf-8", headers)
