"""The monthly statement: its sums, its rows, and the files that people and programs file."""

from typing import Final

from paycorex import clock, storage
from paycorex.errors import InvalidRequest, NotFound
from paycorex.http import Answer, App, Call, csv_export
from paycorex.http.answers import bytes_in_response
from paycorex.loading import later
from paycorex.money import exponent_of
from paycorex.records.merchant import MerchantItem
from statements import periods
from statements.papers import camt053, statement, views
from statements.papers.statement import Statement, Subject
from statements.papers.views import StatementView
from statements.requests import StatementQuery

with later():
    from statements.papers import statement_pdf

# A file for people has each movement up to that; of more, those of one day and kind are one.
MAX_MOVEMENTS: Final = 3_000
_NAME: Final = "statement"
_CAMT: Final = "application/xml"
_PDF: Final = "application/pdf"


def add_to(app: App) -> None:
    """Add the route."""
    app.route(
        "GET", "/v1/statements", scope="dashboard:read", query=StatementQuery, answer=StatementView, media_types=("text/csv", _PDF, _CAMT)
    )(show_statement)


def show_statement(call: Call[None, StatementQuery]) -> Answer:
    """What the merchant's account held and what moved it, in one month and currency: sums as JSON, movements as CSV, PDF or camt.053."""
    about = _subject(call)
    if call.query.format == "csv":
        return _csv(call, about)
    if call.query.cursor is not None:
        raise InvalidRequest("Only the CSV has pages.", details={"field": "cursor"})
    whole = _whole(about, most=None if call.query.format == "json" else MAX_MOVEMENTS)
    match call.query.format:
        case "pdf":
            return _file(about, statement_pdf.written(whole), _PDF, "pdf")
        case "camt053":
            return _file(about, camt053.written(whole), _CAMT, "xml")
        case _:
            return Answer(200, views.view(camt053.identifier(about), whole))


def _subject(call: Call[None, StatementQuery]) -> Subject:
    currency = call.query.currency or call.caller.currency
    exponent_of(currency)
    merchant = storage.get(MerchantItem, call.caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    return Subject(call.caller.merchant_id, merchant.name, currency, call.query.month, periods.month(call.query.month))


def _whole(about: Subject, *, most: int | None) -> Statement:
    opening = statement.opening_of(about)
    return Statement.of(about, opening, (movement for _place, movement in statement.movements(about, opening)), most=most)


def _csv(call: Call[None, StatementQuery], about: Subject) -> Answer:
    """Pages of one file: the position is the balance so far, and the place of the last journal."""
    position = call.position(_NAME)
    if position is None:
        balance, after, lines = statement.opening_of(about), None, [csv_export.line(views.COLUMNS)]
    else:
        text, _, after = position.partition("#")
        balance, lines = int(text), []
    most = call.query.limit if "limit" in call.query.model_fields_set else csv_export.MAX_ROWS
    left, more = csv_export.MAX_BYTES, None
    for number, (place, movement) in enumerate(statement.movements(about, balance, after)):
        line = csv_export.line([csv_export.guarded(cell) for cell in views.row(about, movement)])
        left -= bytes_in_response(line)
        if number == most or left < 0:
            more = f"{balance}#{after}"
            break
        lines.append(line)
        balance, after = movement.balance, place
    return csv_export.answer(f"statement-{about.month}-{about.currency}", "".join(lines), call.next_cursor(_NAME, more))


def _file(about: Subject, content: bytes, content_type: str, suffix: str) -> Answer:
    name = f"statement-{about.month}-{about.currency}.{suffix}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "X-Complete-Until": clock.rfc3339(about.period.to_ms),
    }
    return Answer(200, content, content_type, headers)
