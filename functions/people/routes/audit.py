"""The route of the audit log."""

from paycorex.audit import chain
from paycorex.http import Answer, App, Call, csv_export
from people import audit_log
from people.audit_log import AuditList, AuditView, Filter
from people.requests import AuditQuery


def add_to(app: App) -> None:
    """Add the route to the door."""
    app.route("GET", "/v1/audit", scope="audit:read", query=AuditQuery, answer=AuditList, files={"csv": "text/csv"})(list_audit)


def list_audit(call: Call[None, AuditQuery]) -> Answer:
    """Who changed what, from where, before and after, the newest first. Each entry's hash covers the one before it."""
    merchant_id, query = call.caller.merchant_id, call.query
    chain.close_left_over(merchant_id)
    wanted = Filter.of(query)
    if query.format == "csv":
        text, position = csv_export.export(
            list(AuditView.model_fields),
            lambda limit, position: audit_log.page(merchant_id, wanted, limit, position),
            audit_log.view,
            position_of=lambda item: str(int(item.seq)),
            position=call.position("audit"),
            limit=query.limit if "limit" in query.model_fields_set else None,
        )
        return csv_export.answer("audit", text, call.next_cursor("audit", position))
    found = audit_log.page(merchant_id, wanted, query.limit, call.position("audit"))
    data = [audit_log.view(item) for item in found.items]
    sealed = audit_log.sealed_up_to(merchant_id)
    return Answer(200, AuditList(data=data, sealed_up_to=sealed, next_cursor=call.next_cursor("audit", found.position)))
