"""Routes that show disputes: the list, one, and its evidence pack. Answers to them are the payments' routes."""

from typing import Final

from dashboard import disputes, evidence_packs
from dashboard.disputes import DisputeList, DisputesQuery
from paycorex.http import Answer, App, Call, csv_export
from paycorex.records import dispute
from paycorex.records.dispute import DisputeView

_NAME: Final = "disputes"


def add_to(app: App) -> None:
    """Add the routes to the dashboard's app."""
    read = "disputes:read"
    app.route("GET", "/v1/disputes", scope=read, query=DisputesQuery, answer=DisputeList, files={"csv": "text/csv"})(list_disputes)
    app.route("GET", "/v1/disputes/{dispute_id}", scope=read, answer=DisputeView)(show_dispute)
    app.route("GET", "/v1/disputes/{dispute_id}/pack", scope=read, media_types=("application/zip",))(show_pack)


def list_disputes(call: Call[None, DisputesQuery]) -> Answer:
    """Disputes by filter, newest first."""
    query = call.query
    if query.format == "csv":
        text, position = csv_export.export(
            disputes.COLUMNS,
            lambda limit, position: disputes.listed(call.caller, query, limit, position),
            dispute.view,
            position_of=lambda item: item.order_key,
            position=call.position(_NAME),
            limit=query.limit if "limit" in query.model_fields_set else None,
        )
        return csv_export.answer(_NAME, text, call.next_cursor(_NAME, position))
    page = disputes.listed(call.caller, query, query.limit, call.position(_NAME))
    return Answer(200, DisputeList(data=[dispute.view(item) for item in page.items], next_cursor=call.next_cursor(_NAME, page.position)))


def show_dispute(call: Call[None, None]) -> Answer:
    """One dispute with its timeline, evidence and journals."""
    return Answer(200, dispute.view(disputes.one(call.caller, call.path["dispute_id"])))


def show_pack(call: Call[None, None]) -> Answer:
    """The evidence pack: a zip file with all that is known of the payment, and a signed proof that can be checked without this API."""
    item = disputes.one(call.caller, call.path["dispute_id"])
    headers = {"Content-Disposition": f'attachment; filename="{item.dispute_id}.zip"', "X-Content-Type-Options": "nosniff"}
    return Answer(200, evidence_packs.pack(call.caller, item), "application/zip", headers)
