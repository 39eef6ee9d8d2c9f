"""Routes of money that came late or beside what was asked: list it, and decide about it."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import StringConstraints

from paycorex.contract import Body, ListQuery, View
from paycorex.credentials import Caller
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records import payment, refund
from paycorex.records.payment import LateMoney, PaymentView
from paycorex.text import Text
from payments.payment import lookup, overflow_store
from payments.routes.app import app

with later():
    from payments.checkout import sessions
    from payments.payment import suspense
    from payments.refunds import large, large_late
    from payments.refunds import refund as refunds


class DecideLate(Body):
    """POST /v1/payments/{payment_id}/late. late_id: which money, when more than one is held."""

    action: Literal["accept", "refund"]
    late_id: Annotated[str, StringConstraints(pattern=r"^pay_[a-z2-7]{26}\.[0-9]{1,9}$")] | None = None
    reason: Text | None = None
    refund_address: Annotated[str, StringConstraints(max_length=128)] | None = None


class LateMoneyList(View):
    """A page of late money, in the order in which it came."""

    data: list[LateMoney]
    next_cursor: str | None


@app.route("GET", "/v1/payments/{payment_id}/late", scope="payments:read", query=ListQuery, answer=LateMoneyList)
def list_late_money(call: Call[None, ListQuery]) -> Answer:
    """All money that came late or beside what was asked, the first first."""
    found = lookup.find(call.caller.merchant_id, call.path["payment_id"])
    listing_name = f"late/{found.payment_id}"
    every, more = overflow_store.page(found, int(call.position(listing_name) or 0), call.query.limit)
    data = [payment.late_money_view(money.stored()) for money in every]
    return Answer(200, LateMoneyList(data=data, next_cursor=call.next_cursor(listing_name, None if more is None else str(more))))


def _replay_decided(caller: Caller, record_id: str) -> View:
    if record_id.startswith("pay_"):
        return payment.view(lookup.find(caller.merchant_id, record_id))
    return refund.view(refunds.find(caller.merchant_id, record_id))


def _danger(call: Call[DecideLate, None]) -> Collection[str]:
    """To take money as the payment's moves none out."""
    if call.body.action != "refund":
        return ()
    return large_late.kinds(call.caller.merchant_id, call.path["payment_id"], call.body.late_id, call.body)


@app.route(
    "POST",
    "/v1/payments/{payment_id}/late",
    scope="payments:write",
    body=DecideLate,
    answer=PaymentView,
    other_status=201,
    other_answer=refund.RefundView,
    replay=_replay_decided,
    danger=_danger,
)
def decide_late_money(call: Call[DecideLate, None]) -> Answer:
    """Decide about money that came late or beside what was asked: take it as the payment's, or give it back."""
    body, payment_id = call.body, call.path["payment_id"]
    if body.action == "refund":
        most = large.unasked(call.caller, call.dangers)
        order = refunds.RefundOrder(call.caller, call.claim, payment_id, None, body.reason, refund_address=body.refund_address, most=most)
        return Answer(201, refund.view(refunds.refund_late(order, body.late_id)))
    found = lookup.find(call.caller.merchant_id, payment_id)
    accepted = suspense.accept(call.caller, call.claim, found, body.late_id)
    if accepted.session_id is not None:
        sessions.end_newer_choice(accepted)
    return Answer(200, payment.view(accepted))
