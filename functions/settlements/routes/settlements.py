"""Routes that show settlements: the list, one, and its lines; lists as CSV too."""

from typing import Final

from paycorex import storage
from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.http import Answer, Call, csv_export
from paycorex.records import settlement, settlement_line
from paycorex.records.settlement import SettlementItem, SettlementView
from paycorex.records.settlement_line import SettlementLineItem, SettlementLineView
from settlements.requests import SettlementItemsQuery, SettlementsQuery
from settlements.routes.app import app
from settlements.stores import lines, settlements

READ: Final = "settlements:read"
CSV: Final = {"csv": "text/csv"}


class SettlementList(View):
    """A page of settlements, newest first."""

    data: list[SettlementView]
    next_cursor: str | None


class SettlementLineList(View):
    """A page of a settlement's lines, oldest first."""

    data: list[SettlementLineView]
    next_cursor: str | None


def found(caller: Caller, settlement_id: str) -> SettlementItem:
    """A settlement of the merchant. Raises NotFound, storage.Unavailable."""
    item = settlements.find(settlement_id)
    if item is None or item.merchant_id != caller.merchant_id:
        raise NotFound("settlement")
    return item


@app.route("GET", "/v1/settlements", scope=READ, query=SettlementsQuery, answer=SettlementList, files=CSV)
def list_settlements(call: Call[None, SettlementsQuery]) -> Answer:
    """Payouts of providers by filter, newest first."""
    query, name = call.query, "settlements"

    def keep(item: SettlementItem) -> bool:
        return query.provider in {None, item.connector} and query.state in {None, item.state}

    def page(limit: int, position: str | None) -> storage.Merged[SettlementItem]:
        return settlements.of_merchant(call.caller.merchant_id, keep=keep, limit=limit, position=position)

    if query.format == "csv":
        limit = query.limit if "limit" in query.model_fields_set else None
        columns = [column for column in SettlementView.model_fields if column != "ledger"]
        text, position = csv_export.export(
            columns, page, settlement.view, position_of=lambda item: item.order_key, position=call.position(name), limit=limit
        )
        return csv_export.answer(name, text, call.next_cursor(name, position))
    shown = page(query.limit, call.position(name))
    return Answer(
        200, SettlementList(data=[settlement.view(item) for item in shown.items], next_cursor=call.next_cursor(name, shown.position))
    )


@app.route("GET", "/v1/settlements/{settlement_id}", scope=READ, answer=SettlementView)
def show_settlement(call: Call[None, None]) -> Answer:
    """One payout of a provider, with sums over its lines and its journals."""
    return Answer(200, settlement.view(found(call.caller, call.path["settlement_id"])))


@app.route("GET", "/v1/settlements/{settlement_id}/items", scope=READ, query=SettlementItemsQuery, answer=SettlementLineList, files=CSV)
def list_settlement_items(call: Call[None, SettlementItemsQuery]) -> Answer:
    """The lines of a settlement, oldest first."""
    item = found(call.caller, call.path["settlement_id"])
    query, name = call.query, f"settlement-items-{item.settlement_id}"

    def page(limit: int, position: str | None) -> storage.Merged[SettlementLineItem]:
        rows = lines.page_of_settlement(item.settlement_id, position, limit + 1)
        return storage.Merged(rows[:limit], rows[limit - 1].order_key if len(rows) > limit else None)

    if query.format == "csv":
        limit = query.limit if "limit" in query.model_fields_set else None
        text, position = csv_export.export(
            list(SettlementLineView.model_fields),
            page,
            settlement_line.view,
            position_of=lambda row: row.order_key,
            position=call.position(name),
            limit=limit,
        )
        return csv_export.answer("settlement-items", text, call.next_cursor(name, position))
    shown = page(query.limit, call.position(name))
    data = [settlement_line.view(row) for row in shown.items]
    return Answer(200, SettlementLineList(data=data, next_cursor=call.next_cursor(name, shown.position)))
