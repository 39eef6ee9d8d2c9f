"""What payers see: the page with the code, its live status, and the pictures of the code that a merchant may show itself."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from paycorex.connectors import SANDBOXES, has_sandbox
from paycorex.contract import Body, Query, View
from paycorex.errors import InvalidState
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from payments.payment import attempts, lookup
from payments.routes.app import app

with later():
    from payments import callbacks
    from payments.connectors import registry
    from payments.connectors.sandbox import connector as sandbox
    from payments.payer_page import access, qr_codes
    from payments.payer_page import page as payer_page
    from payments.payment import asking
    from payments.risk import guard

HTML: Final = "text/html; charset=utf-8"
# Of a request, by lower-case name.
Headers = Mapping[str, Sequence[str]]


class PayerQuery(Query):
    """The token of a payment's links."""

    t: Annotated[str, Field(max_length=64)]


class PageQuery(PayerQuery):
    """The same, and what Stripe adds to the address to which it sends a payer back. None of it is believed."""

    payment_intent: Annotated[str, Field(max_length=128)] | None = None
    payment_intent_client_secret: Annotated[str, Field(max_length=256)] | None = None
    redirect_status: Annotated[str, Field(max_length=32)] | None = None


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
    found = lookup.find(call.caller.merchant_id, call.path["payment_id"])
    return Answer(200, qr_codes.svg(qr_codes.content_of(found)), content_type="image/svg+xml")


@app.route("GET", "/v1/payments/{payment_id}/qr.png", scope="payments:read", media_types=("image/png",))
def show_qr_png(call: Call[None, None]) -> Answer:
    """The code that the payer scans, as PNG."""
    found = lookup.find(call.caller.merchant_id, call.path["payment_id"])
    return Answer(200, qr_codes.png(qr_codes.content_of(found)), content_type="image/png")


def refused_page(refusal: Answer, headers: Headers) -> Answer:
    """A refusal as a page."""
    return closed_page(refusal.status, payer_page.why_closed(refusal.status), headers)


def closed_page(status: int, why: "payer_page.Closed", headers: Headers) -> Answer:
    """A page that says why there is nothing to pay, in the language of a request with these headers."""
    page = payer_page.closed(why, payer_page.languages.of(headers))
    return Answer(status, page.html, content_type=HTML, headers=page.headers)


@app.route("GET", "/pay/{payment_id}", public=True, query=PageQuery, media_types=("text/html",), refused=refused_page)
def show_payer_page(call: Call[None, PageQuery]) -> Answer:
    """The payer's page: amount, countdown, code, link, live status. Every refusal is a page too; 410 a day after the payment ended."""
    try:
        payment, merchant = opened(call)
    except access.LinkOver:
        return closed_page(410, payer_page.OVER, call.request.headers)
    if payer_page.has_fields(payment):
        guard.admit_payer(payment, call.request.source_ip)
    language = payer_page.languages.of(call.request.headers)
    page = payer_page.render(payment, merchant, language, may_pretend=_pretended(payment))
    return Answer(200, page.html, content_type=HTML, headers=page.headers)


@app.route("GET", "/pay/{payment_id}/status", public=True, query=PayerQuery, answer=PayerStatus)
def show_payer_status(call: Call[None, PayerQuery]) -> Answer:
    """How the payment stands, for the payer's page."""
    payment, _ = opened(call)
    return Answer(200, status_of(payment))


@app.route("POST", "/pay/{payment_id}/sandbox", public=True, query=PayerQuery, body=PayerDecision, answer=PayerStatus)
def pretend_to_pay(call: Call[PayerDecision, PayerQuery]) -> Answer:
    """The sandbox's payer decides; the sandbox then sends its signed callback, like any provider."""
    payment, merchant = opened(call)
    if not _pretended(payment):
        raise InvalidState("This payment cannot be simulated.", details={"status": payment.status})
    latest = attempts.last(payment)
    assert latest is not None
    connector = registry.connect(merchant, latest.connector)
    assert isinstance(connector, sandbox.Sandbox)
    sent = connector.decide(asking.attempt_of(payment, latest.number), approve=call.body.outcome == "approve")
    if sent is not None:
        headers = {name: (value,) for name, value in sent[1].items()}
        callbacks.receive(connector.name, merchant.merchant_id, headers, sent[0])
    payment, _ = opened(call)
    return Answer(200, status_of(payment))


def status_of(payment: PaymentItem) -> PayerStatus:
    """How it stands, as its page shows it."""
    return PayerStatus(status=payment.status, failure_code=payment.failure_code, seconds_left=payer_page.seconds_left(payment))


def opened(call: Call[Any, PayerQuery]) -> tuple[PaymentItem, MerchantItem]:
    """The payment that the link's token opens, and its merchant. Raises what `access.opened` raises."""
    return access.opened(call.path["payment_id"], call.query.t, call.request.source_ip)


def _pretended(payment: PaymentItem) -> bool:
    latest = attempts.last(payment)
    waits = latest is not None and latest.status == attempts.PENDING and latest.connector in SANDBOXES
    waits = waits and not payer_page.has_fields_of_the_sandbox(payment)
    return waits and payment.status in {"pending", "processing"} and has_sandbox(payment.merchant_id)
