"""HTTP door of the dashboard."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from dashboard import ledgers, pages, payment_proofs, payment_rows
from dashboard.requests import LedgersQuery, ListedPayments
from dashboard.routes import disputes as dispute_routes
from dashboard.routes import error_codes
from dashboard.routes import figures as figure_routes
from dashboard.routes import requests as request_routes
from dashboard.routes import search as search_routes
from dashboard.statistics import answer as stats
from dashboard.statistics.request import StatsQuery
from dashboard.statistics.views import StatsView
from paycorex import aws
from paycorex.contract import View
from paycorex.http import Answer, App, Call, csv_export, no_route
from paycorex.records import ledger_entry, ledger_proof, payment
from paycorex.records.ledger_entry import EntryList, EntryView
from paycorex.records.ledger_proof import PaymentProof
from paycorex.records.payment import PaymentView
from payments.routes import lists as listing

_OPENAPI = Path(__file__).with_name("openapi.json")
_OPERATORS_OPENAPI = Path(__file__).with_name("operator_openapi.json")


@cache
def _openapi() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_OPENAPI.read_text(encoding="utf-8"))
    return document


@cache
def _every_path() -> no_route.Paths:
    return no_route.by_path((method.upper(), path) for path, methods in _openapi()["paths"].items() for method in methods)


# What no route of the API takes comes here as well: it is answered with what the path takes, or with what was probably meant.
app = App("dashboard", known=_every_path)


class Health(View):
    """The API is up."""

    status: str


@app.route("GET", "/health", public=True, answer=Health)
def show_health(_call: Call[None, None]) -> Answer:
    """Whether the API answers."""
    return Answer(200, Health(status="ok"))


@app.route("GET", "/openapi.json", public=True)
def show_contract(_call: Call[None, None]) -> Answer:
    """This contract as OpenAPI 3.1."""
    return Answer(200, _openapi())


PAYMENT_COLUMNS = (
    *("payment_id", "created_at", "status", "method", "amount", "currency", "amount_refunded", "refund_status"),
    *("user_id", "wallet_id", "token_id", "provider", "provider_reference", "failure_code", "description", "updated_at"),
    *("capture_method", "amount_captured", *payment_rows.FEE_COLUMNS),
)


class PaymentList(View):
    """A page of payments, newest first."""

    data: list[PaymentView]
    next_cursor: str | None


@app.route("GET", "/v1/dashboard/stats", scope="dashboard:read", query=StatsQuery, answer=StatsView)
def show_stats(call: Call[None, StatsQuery]) -> Answer:
    """Volume, counts, success rate, refunds and balance of a period, by method and by day."""
    return Answer(200, stats.stats(call.caller, call.query))


@app.route("GET", "/v1/dashboard/payments", scope="dashboard:read", query=ListedPayments, answer=PaymentList, files={"csv": "text/csv"})
def search_payments(call: Call[None, ListedPayments]) -> Answer:
    """Payments by filter, newest first."""
    name, query = "dashboard-payments", call.query
    if query.format == "csv":
        text, position = csv_export.export(
            PAYMENT_COLUMNS,
            lambda limit, position: listing.payments(call.caller, query.model_copy(update={"limit": limit}), position),
            payment_rows.row,
            position_of=lambda item: item.order_key,
            position=call.position(name),
            limit=query.limit if "limit" in query.model_fields_set else None,
        )
        return csv_export.answer("payments", text, call.next_cursor(name, position))
    page = listing.payments(call.caller, query, call.position(name))
    return Answer(200, PaymentList(data=[payment.view(item) for item in page.items], next_cursor=call.next_cursor(name, page.position)))


@app.route("GET", "/v1/dashboard/ledgers", scope="dashboard:read", query=LedgersQuery, answer=EntryList, files={"csv": "text/csv"})
def list_ledger_entries(call: Call[None, LedgersQuery]) -> Answer:
    """Ledger entries of the merchant or of one of its accounts, newest first."""
    query = call.query
    if query.format == "csv":
        text, position = csv_export.export(
            list(EntryView.model_fields),
            lambda limit, position: ledgers.entries(call.caller, query.model_copy(update={"limit": limit}), position),
            ledger_entry.view,
            position_of=ledgers.sort_key,
            position=call.position("ledgers"),
            limit=query.limit if "limit" in query.model_fields_set else None,
        )
        return csv_export.answer("ledger", text, call.next_cursor("ledgers", position))
    page = ledgers.entries(call.caller, query, call.position("ledgers"))
    data = [ledger_entry.view(entry) for entry in page.items]
    return Answer(200, EntryList(data=data, next_cursor=call.next_cursor("ledgers", page.position)))


@app.route("GET", "/v1/payments/{payment_id}/proof", scope="payments:read", answer=PaymentProof)
def show_proof(call: Call[None, None]) -> Answer:
    """Merkle proof that the payment's entries are in a signed checkpoint.

    It can be verified without this API. `sealed` is false until a checkpoint covers the entries, which takes a minute or two.
    """
    payment_id = call.path["payment_id"]
    return Answer(200, ledger_proof.view(payment_id, payment_proofs.of_payment(call.caller, payment_id)))


@app.route("GET", "/", public=True, other_status=304, media_types=("text/html",))
def show_page(call: Call[None, None]) -> Answer:
    """The merchant's page."""
    return pages.page(call.request)


@app.route("GET", "/operator", public=True, other_status=304, media_types=("text/html",))
def show_operators_page(call: Call[None, None]) -> Answer:
    """The operators' page. It has no data in it: who is no operator sees a way to sign in."""
    return pages.operators_page(call.request)


@app.route("GET", "/operator/openapi.json", public=True)
def show_operators_contract(_call: Call[None, None]) -> Answer:
    """The contract of the operators' page as OpenAPI 3.1."""
    return Answer(200, json.loads(_OPERATORS_OPENAPI.read_text(encoding="utf-8")))


@app.route("GET", "/assets/{file}", public=True, other_status=304, media_types=("text/css", "text/javascript", "text/plain"))
def show_asset(call: Call[None, None]) -> Answer:
    """A file of the merchant's page."""
    return pages.asset(call.path["file"], call.request)


@app.route("GET", "/docs/reference/errors", public=True, media_types=("text/html",))
def show_error_codes(_call: Call[None, None]) -> Answer:
    """Every error code with its cause and cure: where `doc_url` leads, unless the documentation is published elsewhere."""
    return error_codes.page(_openapi()["x-error-codes"])


@app.route("GET", "/favicon.ico", public=True, other_status=304, media_types=("image/svg+xml",))
def show_icon(call: Call[None, None]) -> Answer:
    """The page's icon."""
    return pages.icon(call.request)


dispute_routes.add_to(app)
figure_routes.add_to(app)
request_routes.add_to(app)
search_routes.add_to(app)
aws.warm("dynamodb")
handler = app.handler
