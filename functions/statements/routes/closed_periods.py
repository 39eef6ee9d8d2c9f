"""Closed months with their proofs, and the invoices that closing them makes."""

from typing import Any, Final

from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, App, Call, csv_export
from paycorex.ledger.proof import sealing_work
from paycorex.ledger.proof.proofs import prove
from paycorex.loading import later
from paycorex.records import ledger_proof
from paycorex.records.ledger_proof import EntryProof
from statements import periods, sealing, standing, store
from statements.papers import invoice_views, period_views
from statements.papers.invoice_views import Invoice, InvoiceList
from statements.papers.period_views import ClosedPeriod, ClosedPeriodList
from statements.requests import InvoiceQuery
from statements.store import PeriodItem

with later():
    from statements import closing
    from statements.papers import invoice_pdf

_PERIODS: Final = "periods"
_INVOICES: Final = "invoices"
_FILES: Final = {"pdf": "application/pdf", "csv": "text/csv"}


class PeriodProof(View):
    """A closed month with the proof of the entry that seals it."""

    document: dict[str, Any]
    sealed: bool
    statement: EntryProof


def add_to(app: App) -> None:
    """Add the routes."""
    read = "dashboard:read"
    app.route("POST", "/v1/periods/{month}/close", scope="merchant:write", answer=ClosedPeriod, replay=_replay)(close_period)
    app.route("GET", "/v1/periods", scope=read, query=ListQuery, answer=ClosedPeriodList)(list_periods)
    app.route("GET", "/v1/periods/{month}", scope=read, answer=ClosedPeriod)(show_period)
    app.route("GET", "/v1/periods/{month}/proof", scope=read, answer=PeriodProof)(prove_period)
    app.route("GET", "/v1/invoices", scope=read, query=ListQuery, answer=InvoiceList)(list_invoices)
    app.route("GET", "/v1/invoices/{number}", scope=read, query=InvoiceQuery, answer=Invoice, files=_FILES)(show_invoice)


def close_period(call: Call[None, None]) -> Answer:
    """Close a month that is over: its trial balance is stored, and what the operator charged becomes an invoice with the next number."""
    item = closing.close(call.caller.merchant_id, call.path["month"], made_by=call.caller.key_id, claim=call.claim)
    return Answer(200, _shown(item))


def list_periods(call: Call[None, ListQuery]) -> Answer:
    """Closed months, newest first."""
    items, more = store.closed_page(call.caller.merchant_id, call.query.limit, call.position(_PERIODS))
    reopened = store.reopenings(call.caller.merchant_id)
    data = [period_views.period(item, [each for each in reopened if each.month == item.month]) for item in items]
    return Answer(200, ClosedPeriodList(data=data, next_cursor=call.next_cursor(_PERIODS, more)))


def show_period(call: Call[None, None]) -> Answer:
    """A closed month, and whether the ledger still says the same."""
    periods.month(call.path["month"])
    item = standing.find(call.caller.merchant_id, call.path["month"])
    return Answer(200, _shown(item, unchanged=closing.is_unchanged(item)))


def prove_period(call: Call[None, None]) -> Answer:
    """A closed month as the ledger seals it, and the proof of it: the trial balance is a leaf of a signed checkpoint.

    `sealed` is false until a checkpoint covers it: ask again after a minute or two. To check it offline: `docs/statements.md`.
    """
    periods.month(call.path["month"])
    item = standing.find(call.caller.merchant_id, call.path["month"])
    place = sealing.place_of(item)
    if place is None:
        raise NotFound("sealed month")
    proof = prove(*place)
    if proof.seal is None:
        sealing_work.ask([proof.entry.account.key])
    shown = ledger_proof.view("", [proof])
    return Answer(200, PeriodProof(document=sealing.document_of(item), sealed=shown.sealed, statement=shown.entries[0]))


def list_invoices(call: Call[None, ListQuery]) -> Answer:
    """Invoices of what the operator charged, newest first."""
    items, more = store.invoices_page(call.caller.merchant_id, call.query.limit, call.position(_INVOICES))
    data = [invoice_views.invoice(item) for item in items]
    return Answer(200, InvoiceList(data=data, next_cursor=call.next_cursor(_INVOICES, more)))


def show_invoice(call: Call[None, InvoiceQuery]) -> Answer:
    """One invoice."""
    item = store.invoice(call.caller.merchant_id, call.path["number"])
    if item is None:
        raise NotFound("invoice")
    shown = invoice_views.invoice(item)
    if call.query.format == "json":
        return Answer(200, shown)
    if call.query.format == "csv":
        lines = [csv_export.line(invoice_views.COLUMNS)]
        lines += [csv_export.line([csv_export.guarded(cell) for cell in row]) for row in invoice_views.rows(shown)]
        return csv_export.answer(shown.number, "".join(lines), None)
    content = invoice_pdf.written(shown, call.caller.merchant_id)
    headers = {"Content-Disposition": f'attachment; filename="{shown.number}.pdf"', "X-Content-Type-Options": "nosniff"}
    return Answer(200, content, "application/pdf", headers)


def _shown(item: PeriodItem, *, unchanged: bool | None = None) -> ClosedPeriod:
    """With what operators did: of a month that was closed once and stands, that is nothing."""
    return period_views.period(item, store.reopenings(item.merchant_id, str(item.month)), unchanged=unchanged)


def _replay(caller: Caller, month: str) -> ClosedPeriod:
    return _shown(standing.find(caller.merchant_id, month))
