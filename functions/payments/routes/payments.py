"""Routes of payments: create, show and cancel them, and decide about those that wait for a person."""

from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.money import Money
from paycorex.records import payment
from paycorex.records.payment import PaymentView
from paycorex.records.payment_amounts import MANUAL
from payments import orchestrator
from payments.payment import dry_run, lookup
from payments.payment.orders import Order
from payments.routes import card_terms
from payments.routes.answers import payment_answer
from payments.routes.app import app
from payments.routes.requests import CreatePayment, DecideReview

with later():
    from payments.captures import review
    from payments.customers import customers
    from payments.payer_page import returns
    from payments.payment import cancellation


@app.route(
    "POST",
    "/v1/payments/create",
    scope="payments:write",
    body=CreatePayment,
    answer=PaymentView,
    status=201,
    other_status=200,
    other_answer=dry_run.DryRunView,
    self_idempotent=True,
)
def create_payment(call: Call[CreatePayment, None]) -> Answer:
    """Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be."""
    order = _order(call)
    if call.body.dry_run:
        call.claim.begin()
        return Answer(200, dry_run.view(orchestrator.explain(order)))
    return payment_answer(orchestrator.create(order), call.request_id)


def _order(call: Call[CreatePayment, None]) -> Order:
    body = call.body
    card_terms.check(body)
    user_id = body.user_id if body.customer_id is None else customers.user_of(call.caller.merchant_id, body.customer_id, body.user_id)
    if body.method == "wallet" and (body.wallet_id is None) == (user_id is None):
        raise InvalidRequest("A wallet payment names either wallet_id or user_id.", details={"field": "wallet_id"})
    if body.hold_for is not None and (body.capture_method != MANUAL or body.method != "wallet"):
        # A provider's own rules say for how long it holds money.
        raise InvalidRequest("hold_for is for money that is held out of a wallet.", details={"field": "hold_for"})
    return Order(
        caller=call.caller,
        claim=call.claim,
        amount=Money.parse(body.amount, body.currency or call.caller.currency),
        method=body.method,
        user_id=user_id,
        customer_id=body.customer_id,
        wallet_id=body.wallet_id,
        token_id=body.token_id,
        saves=_saves(body),
        network=body.network,
        asset=body.asset,
        description=body.description,
        metadata=body.metadata,
        expires_in_seconds=body.expires_in,
        is_manual=body.capture_method == MANUAL,
        hold_seconds=body.hold_for,
        base_url=call.request.base_url,
        security_code=None if body.security_code is None else body.security_code.get_secret_value(),
        one_time=card_terms.one_time_of(body),
        one_time_connector=None if body.one_time_token is None else body.one_time_token.connector,
        customer_initiated=body.customer_initiated is not False,
        initial_payment_id=body.initial_payment_id,
        statement_descriptor=body.statement_descriptor,
        return_url=_return_url(body),
        payer=None if body.payer is None else body.payer.model_dump(exclude_none=True),
    )


def _return_url(body: CreatePayment) -> str | None:
    """Raises InvalidRequest."""
    if body.return_url is None:
        return None
    if body.method == "wallet":
        raise InvalidRequest("return_url is for payments that a payer makes on a page.", details={"field": "return_url"})
    return returns.accepted(body.return_url)


def _saves(body: CreatePayment) -> bool:
    """Raises InvalidRequest where no card is typed that could be kept."""
    if body.save and (body.method != "tokenized" or body.token_id is not None):
        raise InvalidRequest("Only a card that is typed into the provider's fields can be saved.", details={"field": "save"})
    return bool(body.save)


def _replay(caller: Caller, payment_id: str) -> PaymentView:
    return payment.view(lookup.find(caller.merchant_id, payment_id))


@app.route("GET", "/v1/payments/{payment_id}", scope="payments:read", answer=PaymentView)
def show_payment(call: Call[None, None]) -> Answer:
    """One payment with its timeline, ledger references and attempts."""
    return Answer(200, _replay(call.caller, call.path["payment_id"]))


@app.route("POST", "/v1/payments/{payment_id}/cancel", scope="payments:write", answer=PaymentView, replay=_replay)
def cancel_payment(call: Call[None, None]) -> Answer:
    """Give up a payment that is not decided yet."""
    found = lookup.find(call.caller.merchant_id, call.path["payment_id"])
    return Answer(200, payment.view(cancellation.cancel(call.caller, call.claim, found)))


@app.route("PATCH", "/v1/payments/{payment_id}", scope="risk:write", body=DecideReview, answer=PaymentView, replay=_replay)
def decide_review(call: Call[DecideReview, None]) -> Answer:
    """Approve or decline a payment that a risk rule holds for a review. Approved, it is captured, unless you capture it yourself."""
    caller, claim, payment_id = call.caller, call.claim, call.path["payment_id"]
    if call.body.review == "approve":
        return Answer(200, payment.view(review.approve(caller, claim, payment_id)))
    return Answer(200, payment.view(review.decline(caller, claim, payment_id, call.body.reason)))
