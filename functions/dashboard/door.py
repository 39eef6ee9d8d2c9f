"""HTTP door of the dashboard."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from dashboard import ledgers
from dashboard.requests import LedgersQuery
from paycorex import aws
from paycorex.http import Answer, App, Call, View
from paycorex.records import ledger_entry
from paycorex.records.ledger_entry import EntryList

app = App("dashboard")

_OPENAPI = Path(__file__).with_name("openapi.json")


class Health(View):
    """That the door answers."""

    status: str


@app.route("GET", "/health", public=True, answer=Health)
def health(_call: Call[None, None]) -> Answer:
    """Whether the API answers."""
    return Answer(200, Health(status="ok"))


@cache
def _openapi() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_OPENAPI.read_text(encoding="utf-8"))
    return document


@app.route("GET", "/openapi.json", public=True)
def openapi(_call: Call[None, None]) -> Answer:
    """This contract as OpenAPI 3.1."""
    return Answer(200, _openapi())


@app.route("GET", "/v1/dashboard/ledgers", scope="dashboard:read", query=LedgersQuery, answer=EntryList)
def ledger_history(call: Call[None, LedgersQuery]) -> Answer:
    """Ledger entries of the merchant or of one of its accounts, newest first."""
    page = ledgers.entries(call.caller, call.query, call.position("ledgers"))
    data = [ledger_entry.view(entry) for entry in page.items]
    return Answer(200, EntryList(data=data, next_cursor=call.next_cursor("ledgers", page.position)))


aws.warm("dynamodb")
handler = app.handler
