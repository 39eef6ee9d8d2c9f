"""HTTP door of the payments."""

from paycorex import aws
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, App, Call, ListQuery, View
from paycorex.money import Money
from paycorex.records import payment, refund
from paycorex.records.payment import PaymentView
from paycorex.records.refund import RefundView
from payments import listing, orchestrator, refunds, store
from payments.answers import payment_answer
from payments.orders import Order
from payments.requests import CreatePayment, CreateRefund, PaymentsQuery

app = App("payments")


class PaymentList(View):
    """A page of payments, newest first."""

    data: list[PaymentView]
    next_cursor: str | None


class RefundList(View):
    """A page of refunds, newest first."""

    data: list[RefundView]
    next_cursor: str | None


@app.route("POST", "/v1/payments/create", scope="payments:write", body=CreatePayment, answer=PaymentView, status=201, own_claim=True)
def create_payment(call: Call[CreatePayment, None]) -> Answer:
    """Create a payment and start it."""
    recorded = orchestrator.create(_order(call))
    return payment_answer(recorded, call.request_id)


def _order(call: Call[CreatePayment, None]) -> Order:
    body = call.body
    if body.dry_run:
        # Accepting it and moving money would be the worst answer to a question.
        raise InvalidRequest("A dry run is not available for this payment method.", details={"field": "dry_run"})
    if body.method == "wallet" and (body.wallet_id is None) == (body.user_id is None):
        raise InvalidRequest("A wallet payment names either wallet_id or user_id.", details={"field": "wallet_id"})
    return Order(
        caller=call.caller,
        claim=call.claim,
        amount=Money.parse(body.amount, body.currency or call.caller.currency),
        method=body.method,
        user_id=body.user_id,
        wallet_id=body.wallet_id,
        token_id=body.token_id,
        network=body.network,
        asset=body.asset,
        description=body.description,
        metadata=body.metadata,
        expires_in_seconds=body.expires_in,
    )


@app.route("GET", "/v1/payments/{payment_id}", scope="payments:read", answer=PaymentView)
def show_payment(call: Call[None, None]) -> Answer:
    """One payment with its timeline, ledger references and attempts."""
    return Answer(200, payment.view(orchestrator.find(call.caller.merchant_id, call.path["payment_id"])))


@app.route("GET", "/v1/payments", scope="payments:read", query=PaymentsQuery, answer=PaymentList)
def list_payments(call: Call[None, PaymentsQuery]) -> Answer:
    """Payments, newest first."""
    page = listing.payments(call.caller, call.query, call.position("payments"))
    data = [payment.view(item) for item in page.items]
    return Answer(200, PaymentList(data=data, next_cursor=call.next_cursor("payments", page.position)))


def _refund_again(caller: Caller, refund_id: str) -> RefundView:
    return refund.view(refunds.find(caller.merchant_id, refund_id))


@app.route(
    "POST",
    "/v1/payments/refund",
    scope="payments:write",
    body=CreateRefund,
    answer=RefundView,
    status=201,
    again=_refund_again,
)
def create_refund(call: Call[CreateRefund, None]) -> Answer:
    """Refund a payment, in full when no amount is given."""
    body = call.body
    order = refunds.RefundOrder(call.caller, call.claim, body.payment_id, body.amount, body.reason)
    return Answer(201, refund.view(refunds.refund(order)))


@app.route("GET", "/v1/payments/{payment_id}/refunds", scope="payments:read", query=ListQuery, answer=RefundList)
def list_refunds(call: Call[None, ListQuery]) -> Answer:
    """The refunds of a payment, newest first."""
    found = orchestrator.find(call.caller.merchant_id, call.path["payment_id"])
    listing_name = f"refunds/{found.payment_id}"
    page = store.refunds_of(found.payment_id, limit=call.query.limit, position=call.position(listing_name))
    data = [refund.view(item) for item in page.items]
    return Answer(200, RefundList(data=data, next_cursor=call.next_cursor(listing_name, page.position)))


@app.route("GET", "/v1/refunds/{refund_id}", scope="payments:read", answer=RefundView)
def show_refund(call: Call[None, None]) -> Answer:
    """One refund."""
    return Answer(200, _refund_again(call.caller, call.path["refund_id"]))


aws.warm("dynamodb", "kms")
handler = app.handler
