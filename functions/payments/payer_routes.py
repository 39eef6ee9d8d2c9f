"""What payers see: the page with the code, its live status, and the pictures of the code that a merchant may show itself."""

import hashlib
from typing import Annotated, Final, Literal

from pydantic import Field

from paycorex import credentials
from paycorex.credentials import MerchantItem
from paycorex.errors import InvalidState, NotFound
from paycorex.http import Answer, Body, Call, Query, View
from paycorex.records.payment import PaymentItem
from payments import attempts, callbacks, orchestrator, outcomes, payer_links, payer_page, qr_codes, store
from payments.connectors import registry
from payments.connectors.sandbox import Sandbox
from payments.http_app import app

NOBODY: Final = hashlib.sha256(b"nobody").hexdigest()[:32]


class PayerQuery(Query):
    """The token of a payment's links."""

    t: Annotated[str, Field(max_length=64)]


class PayerStatus(View):
    """What a payer's page asks for every few seconds."""

    status: str
    failure_code: str | None
    seconds_left: int | None


class PayerDecision(Body):
    """What the sandbox's pretended payer does."""

    outcome: Literal["approve", "decline"]


@app.route("GET", "/v1/payments/{payment_id}/qr.svg", scope="payments:read", media_types=("image/svg+xml",))
def show_qr_svg(call: Call[None, None]) -> Answer:
    """The code that the payer scans, as SVG."""
    found = orchestrator.find(call.caller.merchant_id, call.path["payment_id"])
    return Answer(200, qr_codes.svg(qr_codes.content_of(found)), content_type="image/svg+xml")


@app.route("GET", "/v1/payments/{payment_id}/qr.png", scope="payments:read", media_types=("image/png",))
def show_qr_png(call: Call[None, None]) -> Answer:
    """The code that the payer scans, as PNG."""
    found = orchestrator.find(call.caller.merchant_id, call.path["payment_id"])
    return Answer(200, qr_codes.png(qr_codes.content_of(found)), content_type="image/png")


@app.route("GET", "/pay/{payment_id}", public=True, query=PayerQuery, media_types=("text/html",))
def show_payer_page(call: Call[None, PayerQuery]) -> Answer:
    """The payer's page: amount, countdown, code, link, live status."""
    payment, merchant = _opened(call.path["payment_id"], call.query.t)
    page = payer_page.render(payment, merchant, may_pretend=_pretended(payment))
    return Answer(200, page.html, content_type="text/html; charset=utf-8", headers=page.headers)


@app.route("GET", "/pay/{payment_id}/status", public=True, query=PayerQuery, answer=PayerStatus)
def show_payer_status(call: Call[None, PayerQuery]) -> Answer:
    """How the payment stands, for the payer's page."""
    payment, _ = _opened(call.path["payment_id"], call.query.t)
    left = payer_page.seconds_left(payment)
    return Answer(200, PayerStatus(status=payment.status, failure_code=payment.failure_code, seconds_left=left))


@app.route("POST", "/pay/{payment_id}/sandbox", public=True, query=PayerQuery, body=PayerDecision, answer=PayerStatus)
def pretend_to_pay(call: Call[PayerDecision, PayerQuery]) -> Answer:
    """The sandbox's payer decides; the sandbox then sends its signed callback, like any provider."""
    payment, merchant = _opened(call.path["payment_id"], call.query.t)
    if not _pretended(payment):
        raise InvalidState("Nobody pretends to pay this payment.", details={"status": payment.status})
    latest = attempts.last(payment)
    assert latest is not None
    connector = registry.connect(merchant, latest[1]["connector"])
    assert isinstance(connector, Sandbox)
    sent = connector.decide(outcomes.attempt_of(payment, latest[0]), approve=call.body.outcome == "approve")
    if sent is not None:
        headers = {name: (value,) for name, value in sent[1].items()}
        callbacks.receive(connector.name, merchant.merchant_id, headers, sent[0])
    payment, _ = _opened(call.path["payment_id"], call.query.t)
    status = PayerStatus(status=payment.status, failure_code=payment.failure_code, seconds_left=payer_page.seconds_left(payment))
    return Answer(200, status)


def _opened(payment_id: str, token: str) -> tuple[PaymentItem, MerchantItem]:
    """The payment that a token opens. The same NotFound, at the same cost, for a wrong token and for no such payment."""
    payment = store.find(payment_id)
    merchant = None if payment is None else credentials.find_merchant(payment.merchant_id)
    genuine = payer_links.is_token_of(token, payment_id, merchant.cursor_key if merchant else NOBODY)
    if payment is None or merchant is None or not genuine:
        raise NotFound("payment")
    return payment, merchant


def _pretended(payment: PaymentItem) -> bool:
    latest = attempts.last(payment)
    waits = latest is not None and latest[1]["status"] == attempts.PENDING and latest[1]["connector"] in registry.SANDBOXES
    return waits and payment.status in {"pending", "processing"} and registry.sandbox_allowed()
