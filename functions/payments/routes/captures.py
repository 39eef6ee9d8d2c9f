"""Routes of what is held for a payment: capture it, release it, hold more, decide its review, and list the captures."""

from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records import capture, payment
from paycorex.records.capture import CaptureView
from paycorex.records.payment import PaymentView
from payments.payment import lookup
from payments.routes.app import app
from payments.routes.hold_requests import CapturePayment, IncrementHold, VoidPayment

with later():
    from payments.captures import capture as captures
    from payments.captures import increment, store, void


class CaptureList(View):
    """A page of captures, newest first."""

    data: list[CaptureView]
    next_cursor: str | None


def _replay_capture(caller: Caller, capture_id: str) -> CaptureView:
    return capture.view(captures.find(caller.merchant_id, capture_id))


def _replay_payment(caller: Caller, payment_id: str) -> PaymentView:
    return payment.view(lookup.find(caller.merchant_id, payment_id))


@app.route(
    "POST",
    "/v1/payments/{payment_id}/capture",
    scope="payments:write",
    body=CapturePayment,
    answer=CaptureView,
    status=201,
    replay=_replay_capture,
)
def capture_payment(call: Call[CapturePayment, None]) -> Answer:
    """Capture what is held: all that is left, or a part; with `final` (the default) the rest is released."""
    order = captures.CaptureOrder(call.caller, call.claim, call.path["payment_id"], call.body.amount, call.body.final)
    return Answer(201, capture.view(captures.capture(order)))


@app.route("POST", "/v1/payments/{payment_id}/void", scope="payments:write", body=VoidPayment, answer=PaymentView, replay=_replay_payment)
def void_payment(call: Call[VoidPayment, None]) -> Answer:
    """Release what is held. What was captured stays the merchant's."""
    return Answer(200, payment.view(void.void(call.caller, call.claim, call.path["payment_id"], call.body.reason)))


@app.route(
    "POST", "/v1/payments/{payment_id}/increment", scope="payments:write", body=IncrementHold, answer=PaymentView, replay=_replay_payment
)
def increment_hold(call: Call[IncrementHold, None]) -> Answer:
    """Hold more: `amount` is the new total."""
    return Answer(200, payment.view(increment.increment(call.caller, call.claim, call.path["payment_id"], call.body.amount)))


@app.route("GET", "/v1/payments/{payment_id}/captures", scope="payments:read", query=ListQuery, answer=CaptureList)
def list_captures(call: Call[None, ListQuery]) -> Answer:
    """The captures of a payment, newest first."""
    found = lookup.find(call.caller.merchant_id, call.path["payment_id"])
    listing_name = f"captures/{found.payment_id}"
    page = store.captures_of(found.payment_id, limit=call.query.limit, position=call.position(listing_name))
    data = [capture.view(item) for item in page.items]
    return Answer(200, CaptureList(data=data, next_cursor=call.next_cursor(listing_name, page.position)))
