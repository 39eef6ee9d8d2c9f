"""Routes of static UPI codes: one on each counter, many payments by it, each kept apart."""

from typing import Any

from paycorex import credentials
from paycorex.connectors import SANDBOXES, has_sandbox
from paycorex.contract import ListQuery, View
from paycorex.credentials import Caller
from paycorex.errors import InvalidRequest, InvalidState, NotFound
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.money import Money
from paycorex.records import payment, qr_code
from paycorex.records.qr_code import QrCodeItem, QrCodeView
from payments.routes.app import app
from payments.routes.payment_list import PaymentList
from payments.routes.qr_code_requests import CreateQrCode, PayTestCode

with later():
    from payments import callbacks
    from payments.connectors import registry
    from payments.connectors.results import Declined
    from payments.connectors.sandbox import connector as sandbox
    from payments.counter import codes, store
    from payments.payer_page import qr_codes as pictures
    from payments.payment import references
    from payments.payment import store as payment_store


class QrCodeList(View):
    """A page of codes, newest first."""

    data: list[QrCodeView]
    next_cursor: str | None


class TestPayment(View):
    """What the sandbox's payer did. `callbacks`: how often the sandbox sent its callback; `payment_id`: null until it did, or was asked."""

    provider_reference: str | None
    amount: str
    currency: str
    callbacks: int
    payment_id: str | None
    declined: bool


def _replay(caller: Caller, qr_code_id: str) -> QrCodeView:
    return qr_code.view(codes.find(caller.merchant_id, qr_code_id))


def _addressed(call: Call[Any, Any], shown: QrCodeView) -> QrCodeView:
    base_url = call.request.base_url
    return shown.model_copy(update={"qr_svg_url": base_url + shown.qr_svg_url, "qr_png_url": base_url + shown.qr_png_url})


def _found(call: Call[Any, Any]) -> QrCodeItem:
    return codes.find(call.caller.merchant_id, call.path["qr_code_id"])


@app.route(
    "POST", "/v1/qr_codes", scope="checkout:write", body=CreateQrCode, answer=QrCodeView, status=201, replay=_replay, addressed=_addressed
)
def create_qr_code(call: Call[CreateQrCode, None]) -> Answer:
    """Make a UPI code to print: it takes many payments, each a payment of its own."""
    merchant = credentials.find_merchant(call.caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    body, currency = call.body, call.body.currency or "INR"
    wanted = codes.Wanted(body.name, None if body.amount is None else Money.parse(body.amount, currency), body.metadata)
    return Answer(201, qr_code.view(codes.create(call.caller, merchant, wanted, call.claim), call.request.base_url))


@app.route("GET", "/v1/qr_codes", scope="checkout:read", query=ListQuery, answer=QrCodeList)
def list_qr_codes(call: Call[None, ListQuery]) -> Answer:
    """Codes, newest first."""
    found, position = store.codes_of(call.caller.merchant_id, limit=call.query.limit, position=call.position("qr_codes"))
    data = [qr_code.view(item, call.request.base_url) for item in found]
    return Answer(200, QrCodeList(data=data, next_cursor=call.next_cursor("qr_codes", position)))


@app.route("GET", "/v1/qr_codes/{qr_code_id}", scope="checkout:read", answer=QrCodeView)
def show_qr_code(call: Call[None, None]) -> Answer:
    """One code as it stands."""
    return Answer(200, qr_code.view(_found(call), call.request.base_url))


@app.route("DELETE", "/v1/qr_codes/{qr_code_id}", scope="checkout:write", answer=QrCodeView, replay=_replay, addressed=_addressed)
def deactivate_qr_code(call: Call[None, None]) -> Answer:
    """Switch a code off, for good. Money that is paid by it all the same is kept as late money."""
    return Answer(200, qr_code.view(codes.deactivate(_found(call), call.claim), call.request.base_url))


@app.route("GET", "/v1/qr_codes/{qr_code_id}/payments", scope="checkout:read", query=ListQuery, answer=PaymentList)
def list_qr_code_payments(call: Call[None, ListQuery]) -> Answer:
    """What was paid by a code, newest first: each payer's payment apart."""
    found = _found(call)
    listing = f"qr_codes/{found.qr_code_id}"
    paid, position = store.payments_of(found.qr_code_id, limit=call.query.limit, position=call.position(listing))
    data = [payment.view(item) for item in paid]
    return Answer(200, PaymentList(data=data, next_cursor=call.next_cursor(listing, position)))


@app.route("GET", "/v1/qr_codes/{qr_code_id}/qr.svg", scope="checkout:read", media_types=("image/svg+xml",))
def show_qr_code_svg(call: Call[None, None]) -> Answer:
    """The code to print, as SVG."""
    return Answer(200, pictures.svg(_found(call).upi_url), content_type="image/svg+xml")


@app.route("GET", "/v1/qr_codes/{qr_code_id}/qr.png", scope="checkout:read", media_types=("image/png",))
def show_qr_code_png(call: Call[None, None]) -> Answer:
    """The code to print, as PNG."""
    return Answer(200, pictures.png(_found(call).upi_url), content_type="image/png")


@app.route(
    "POST",
    "/v1/qr_codes/{qr_code_id}/payments",
    scope="checkout:write",
    body=PayTestCode,
    answer=TestPayment,
    status=201,
    self_idempotent=True,
)
def pay_test_code(call: Call[PayTestCode, None]) -> Answer:
    """Let the sandbox's payer pay a code; the sandbox then sends its signed callback, like any provider. Never in production."""
    found = _found(call)
    if found.connector not in SANDBOXES or not has_sandbox(found.merchant_id):
        raise InvalidState("This code cannot be paid by a test payer.", details={"provider": found.connector})
    amount = _typed(found, call.body.amount)
    call.claim.begin()
    connector = registry.connect_for(found.merchant_id, found.connector)
    assert isinstance(connector, sandbox.Sandbox)
    paid = connector.scan(codes.known_there(found), amount, call.claim.record_id("att"))
    shown = {"amount": str(amount), "currency": amount.currency}
    if isinstance(paid, Declined):
        return Answer(201, TestPayment(**shown, provider_reference=None, callbacks=0, payment_id=None, declined=True))
    for body, headers in paid.callbacks:
        callbacks.receive(connector.name, found.merchant_id, {name: (value,) for name, value in headers.items()}, body)
    known = [item for item in map(payment_store.find, references.find(found.merchant_id, paid.reference)) if item is not None]
    payment_id = next((item.payment_id for item in known if item.qr_code_id == found.qr_code_id), None)
    view = TestPayment(**shown, provider_reference=paid.reference, callbacks=len(paid.callbacks), payment_id=payment_id, declined=False)
    return Answer(201, view)


def _typed(found: QrCodeItem, text: str | None) -> Money:
    """What the payer pays. Raises InvalidRequest, InvalidAmount."""
    if found.amount is not None:
        if text is not None:
            raise InvalidRequest("The amount of this code is fixed.", details={"field": "amount"})
        return Money(int(found.amount), found.currency)
    if text is None:
        raise InvalidRequest("The payer of this code types an amount.", details={"field": "amount"})
    return Money.parse(text, found.currency)
