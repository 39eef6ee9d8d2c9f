"""Closed months, and the invoices that closing them makes."""

from typing import Final

from paycorex import storage
from paycorex.contract import ListQuery
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, App, Call
from paycorex.loading import later
from paycorex.records.merchant import MerchantItem
from statements import closing, periods, store
from statements.papers import period_views
from statements.papers.period_views import ClosedPeriod, ClosedPeriodList, Invoice, InvoiceList
from statements.requests import InvoiceQuery

with later():
    from statements.papers import invoice_pdf

_PERIODS: Final = "periods"
_INVOICES: Final = "invoices"


def add_to(app: App) -> None:
    """Add the routes."""
    read = "dashboard:read"
    app.route("POST", "/v1/periods/{month}/close", scope="merchant:write", answer=ClosedPeriod, replay=_replay)(close_period)
    app.route("GET", "/v1/periods", scope=read, query=ListQuery, answer=ClosedPeriodList)(list_periods)
    app.route("GET", "/v1/periods/{month}", scope=read, answer=ClosedPeriod)(show_period)
    app.route("GET", "/v1/invoices", scope=read, query=ListQuery, answer=InvoiceList)(list_invoices)
    app.route("GET", "/v1/invoices/{number}", scope=read, query=InvoiceQuery, answer=Invoice, media_types=("application/pdf",))(
        show_invoice
    )


def close_period(call: Call[None, None]) -> Answer:
    """Close a month that is over: its trial balance is stored, and what the operator charged becomes an invoice with the next number."""
    item = closing.close(call.caller.merchant_id, call.path["month"], made_by=call.caller.key_id, claim=call.claim)
    return Answer(200, period_views.period(item))


def list_periods(call: Call[None, ListQuery]) -> Answer:
    """Closed months, newest first."""
    items, more = store.closed_page(call.caller.merchant_id, call.query.limit, call.position(_PERIODS))
    data = [period_views.period(item) for item in items]
    return Answer(200, ClosedPeriodList(data=data, next_cursor=call.next_cursor(_PERIODS, more)))


def show_period(call: Call[None, None]) -> Answer:
    """A closed month, and whether the ledger still says the same."""
    periods.month(call.path["month"])
    item = closing.find(call.caller.merchant_id, call.path["month"])
    return Answer(200, period_views.period(item, unchanged=closing.is_unchanged(item)))


def list_invoices(call: Call[None, ListQuery]) -> Answer:
    """Invoices of what the operator charged, newest first."""
    items, more = store.invoices_page(call.caller.merchant_id, call.query.limit, call.position(_INVOICES))
    data = [period_views.invoice(item) for item in items]
    return Answer(200, InvoiceList(data=data, next_cursor=call.next_cursor(_INVOICES, more)))


def show_invoice(call: Call[None, InvoiceQuery]) -> Answer:
    """One invoice; as PDF too."""
    item = store.invoice(call.caller.merchant_id, call.path["number"])
    if item is None:
        raise NotFound("invoice")
    shown = period_views.invoice(item)
    if call.query.format == "json":
        return Answer(200, shown)
    merchant = storage.get(MerchantItem, call.caller.merchant_id)
    content = invoice_pdf.written(shown, call.caller.merchant_id, merchant.name if merchant else "")
    headers = {"Content-Disposition": f'attachment; filename="{shown.number}.pdf"', "X-Content-Type-Options": "nosniff"}
    return Answer(200, content, "application/pdf", headers)


def _replay(caller: Caller, month: str) -> ClosedPeriod:
    return period_views.period(closing.find(caller.merchant_id, month))
