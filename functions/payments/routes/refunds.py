"""Routes of refunds."""

from typing import Final

from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import Forbidden
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records import refund
from paycorex.records.refund import RefundView
from payments.payment import lookup
from payments.routes.app import app
from payments.routes.refund_requests import CreateRefund, SentRefund

with later():
    from payments.refunds import large, on_chain, store
    from payments.refunds import refund as refunds


FORCE_SCOPE: Final = "disputes:write"


class RefundList(View):
    """A page of refunds, newest first."""

    data: list[RefundView]
    next_cursor: str | None


def replay(caller: Caller, refund_id: str) -> RefundView:
    """The refund of a replayed request, as it stands now."""
    return refund.view(refunds.find(caller.merchant_id, refund_id))


@app.route(
    "POST",
    "/v1/payments/refund",
    scope="payments:write",
    body=CreateRefund,
    answer=RefundView,
    status=201,
    replay=replay,
    danger=lambda call: large.kinds(call.caller.merchant_id, call.body.payment_id, call.body.amount),
)
def create_refund(call: Call[CreateRefund, None]) -> Answer:
    """Refund a payment, in full when no amount is given."""
    body = call.body
    if body.force and FORCE_SCOPE not in call.caller.scopes:
        raise Forbidden(f"force needs the scope {FORCE_SCOPE}.", details={"scope": FORCE_SCOPE})
    order = refunds.RefundOrder(
        call.caller,
        call.claim,
        body.payment_id,
        body.amount,
        body.reason,
        refund_address=body.refund_address,
        is_forced=body.force,
        most=large.unasked(call.caller, call.dangers),
    )
    return Answer(201, refund.view(refunds.refund(order)))


@app.route("POST", "/v1/refunds/{refund_id}/sent", scope="payments:write", body=SentRefund, answer=RefundView, replay=replay)
def send_refund(call: Call[SentRefund, None]) -> Answer:
    """Say that a crypto refund's transaction was signed and sent."""
    found = refunds.find(call.caller.merchant_id, call.path["refund_id"])
    rows = call.claim.rows(reference=found.refund_id, status=200)
    return Answer(200, refund.view(on_chain.sent(found, call.body.tx_hash, rows)))


@app.route("GET", "/v1/payments/{payment_id}/refunds", scope="payments:read", query=ListQuery, answer=RefundList)
def list_refunds(call: Call[None, ListQuery]) -> Answer:
    """The refunds of a payment, newest first."""
    found = lookup.find(call.caller.merchant_id, call.path["payment_id"])
    listing_name = f"refunds/{found.payment_id}"
    page = store.refunds_of(found.payment_id, limit=call.query.limit, position=call.position(listing_name))
    data = [refund.view(item) for item in page.items]
    return Answer(200, RefundList(data=data, next_cursor=call.next_cursor(listing_name, page.position)))


@app.route("GET", "/v1/refunds/{refund_id}", scope="payments:read", answer=RefundView)
def show_refund(call: Call[None, None]) -> Answer:
    """One refund."""
    return Answer(200, replay(call.caller, call.path["refund_id"]))
