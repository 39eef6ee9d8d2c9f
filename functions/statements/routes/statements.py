"""The monthly statement: its sums, its rows, and the files that people and programs file. Of a closed month it is what was stored."""

from typing import Final

from paycorex import clock, storage
from paycorex.errors import InvalidRequest, NotFound
from paycorex.http import Answer, App, Call, csv_export
from paycorex.http.answers import bytes_in_response
from paycorex.loading import later
from paycorex.money import exponent_of
from paycorex.records.merchant import MerchantItem
from statements import periods, standing
from statements.papers import statement, views
from statements.papers.statement import Subject
from statements.papers.views import StatementView
from statements.requests import StatementQuery

with later():
    from statements.papers import statement_files

_NAME: Final = "statement"
# What a position in a stored CSV begins with: the number of the line to go on at.
_LINE: Final = "line:"
_TYPES: Final = {"pdf": ("application/pdf", "pdf"), "camt053": ("application/xml", "xml")}


def add_to(app: App) -> None:
    """Add the route."""
    files = {"csv": "text/csv", **{name: media_type for name, (media_type, _suffix) in _TYPES.items()}}
    app.route("GET", "/v1/statements", scope="dashboard:read", query=StatementQuery, answer=StatementView, files=files)(show_statement)


def show_statement(call: Call[None, StatementQuery]) -> Answer:
    """What the merchant's account held and what moved it, in one month and currency. With each movement: as CSV, PDF or camt.053.

    Of a month that is closed: the files that were stored then, the same bytes each time.
    """
    about = _subject(call)
    if call.query.format != "csv" and call.query.cursor is not None:
        raise InvalidRequest("Only the CSV has pages.", details={"field": "cursor"})
    stored = _stored(about, call.query.format)
    if call.query.format == "csv":
        position = call.position(_NAME)
        is_of_stored = position is None or position.startswith(_LINE)
        if stored is None and position is not None and is_of_stored:
            raise InvalidRequest("The month was opened again: begin with the first page.", details={"field": "cursor"})
        return _stored_csv(call, about, stored) if stored is not None and is_of_stored else _csv(call, about)
    if call.query.format == "json":
        if stored is not None:
            return Answer(200, StatementView.model_validate_json(stored))
        return Answer(200, statement_files.view_of(statement_files.whole(about, most=None)))
    shown = stored
    if shown is None:
        shown = statement_files.written(statement_files.whole(about, most=statement_files.MAX_MOVEMENTS), call.query.format)
    return _file(about, shown, *_TYPES[call.query.format])


def _stored(about: Subject, name: str) -> bytes | None:
    """The file as it was stored when the month was closed; None where it was not."""
    item = standing.of(about.merchant_id, about.month)
    if item is None:
        return None
    for kept in statement_files.of_month(item):
        if (kept.currency, kept.format) == (about.currency, name):
            return statement_files.content_of(item, kept)
    return None


def _subject(call: Call[None, StatementQuery]) -> Subject:
    currency = call.query.currency or call.caller.currency
    exponent_of(currency)
    merchant = storage.get(MerchantItem, call.caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    return Subject(call.caller.merchant_id, merchant.name, currency, call.query.month, periods.month(call.query.month))


def _csv(call: Call[None, StatementQuery], about: Subject) -> Answer:
    """Pages of one file: the position is the balance so far, and the place of the last journal."""
    position = call.position(_NAME)
    if position is None:
        balance, after, lines = statement.opening_of(about), None, [csv_export.line(views.COLUMNS)]
    else:
        text, _, after = position.partition("#")
        balance, lines = int(text), []
    left, more = csv_export.MAX_BYTES, None
    for number, (place, movement) in enumerate(statement.movements(about, balance, after)):
        line = statement_files.row(about, movement)
        left -= bytes_in_response(line)
        if number == _most(call) or left < 0:
            more = f"{balance}#{after}"
            break
        lines.append(line)
        balance, after = movement.balance, place
    return csv_export.answer(f"statement-{about.month}-{about.currency}", "".join(lines), call.next_cursor(_NAME, more))


def _stored_csv(call: Call[None, StatementQuery], about: Subject, content: bytes) -> Answer:
    """Pages of the stored file, which together are its bytes."""
    lines, position = content.decode().splitlines(keepends=True), call.position(_NAME)
    start = 0 if position is None else int(position.removeprefix(_LINE))
    left, end = csv_export.MAX_BYTES, start
    # The first page has the names of the columns, too.
    while end < len(lines) and end - max(start, 1) < _most(call):
        left -= bytes_in_response(lines[end])
        if left < 0:
            break
        end += 1
    more = f"{_LINE}{end}" if end < len(lines) else None
    name = f"statement-{about.month}-{about.currency}"
    return csv_export.answer(name, "".join(lines[start:end]), call.next_cursor(_NAME, more))


def _most(call: Call[None, StatementQuery]) -> int:
    return call.query.limit if "limit" in call.query.model_fields_set else csv_export.MAX_ROWS


def _file(about: Subject, content: bytes, content_type: str, suffix: str) -> Answer:
    name = f"statement-{about.month}-{about.currency}.{suffix}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "X-Complete-Until": clock.rfc3339(about.period.to_ms),
    }
    return Answer(200, content, content_type, headers)
