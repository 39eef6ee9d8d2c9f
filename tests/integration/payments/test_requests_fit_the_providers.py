"""What connectors send, judged by the providers' own clients: the same call made by both is the same request."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
import razorpay as razorpay_sdk  # type: ignore[import-untyped]  # the official client has no types
import stripe as stripe_sdk

from paycorex import settings
from paycorex.money import Money
from payments.connectors import request_bodies
from payments.connectors.model import Inexpressible
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import Attempt, CaptureRequest, IncrementRequest, RefundRequest, VoidRequest
from payments.connectors.stripe import amounts as stripe_amounts
from payments.connectors.stripe.connector import Stripe
from tests.fakes.http_servers import Recorded, RecordingServer, Reply
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.support.world import World
from tokens.instruments import Card

KEYS = {"key_id": "rzp_test_1", "key_secret": "secret", "webhook_secret": "w", "email": "a@shop.example", "contact": "+919000090000"}
PAN = "4242424242424242"
EXPANDED: dict[str, Any] = {"expand": ["latest_charge"]}
OBJECT = Reply(200, b'{"id": "pi_0", "object": "payment_intent"}', [("Content-Type", "application/json")])


def attempt(**more: Any) -> Attempt:
    fields: dict[str, Any] = {"amount": Money(1234, "INR"), "description": "Tea & cake", "return_url": "https://shop.example/back"}
    return Attempt("att_" + "a" * 26, "pay_" + "b" * 26, "mer_x", "tokenized", **{**fields, **more})


@pytest.fixture
def stripe() -> Iterator[FakeStripe]:
    with World().running() as world, FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        yield server
        assert server.problems == []


@pytest.fixture
def razorpay() -> Iterator[FakeRazorpay]:
    with World().running() as world, FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        yield server
        assert server.problems == []


def form_of(request: Recorded) -> dict[str, str]:
    """The fields; `a[]` and `a[0]` say the same."""
    return {re.sub(r"\[0\]$", "[]", name): value for name, value in parse_qsl(request.body.decode(), keep_blank_values=True)}


def user_of(request: Recorded) -> str:
    """Stripe takes its key as a bearer or as a user's name."""
    scheme, _, value = request.headers["authorization"].partition(" ")
    return value if scheme == "Bearer" else base64.b64decode(value).decode().removesuffix(":")


@pytest.mark.parametrize(
    ("amount", "description", "holder"),
    [(Money(1234, "INR"), "Tea & cake", "A. Sha"), (Money(500, "JPY"), None, None), (Money(10_000, "MGA"), "x", None)],
)
def test_stripes_own_client_sends_the_same(stripe: FakeStripe, amount: Money, description: str | None, holder: str | None) -> None:
    connector, wanted = Stripe({"secret_key": "sk_test_51"}), attempt(amount=amount, description=description)
    connector.charge(wanted, Card(number=PAN, expiry_month=12, expiry_year=2031, holder=holder))
    connector.refund(RefundRequest("ref_" + "c" * 26, wanted.payment_id, "mer_x", amount, "pi_0"))
    connector.withdraw(attempt(provider_reference="pi_0"))
    ours = [request for request in stripe.requests if request.method == "POST"]
    units = stripe_amounts.units(amount)
    given = {} if description is None else {"description": description}
    billing: dict[str, Any] = {} if holder is None else {"billing_details": {"name": holder}}
    with RecordingServer([OBJECT] * 4) as theirs:
        client = stripe_sdk.StripeClient("sk_test_51", base_addresses={"api": theirs.url("").rstrip("/")}, max_network_retries=0)
        metadata = {"payment_id": wanted.payment_id, "attempt_id": wanted.attempt_id}
        create = {"amount": units, "currency": amount.currency.lower(), "payment_method_types": ["card"], "metadata": metadata, **given}
        client.v1.payment_intents.create(create, {"idempotency_key": ours[0].headers["idempotency-key"]})  # type: ignore[arg-type]
        card = {"number": PAN, "exp_month": 12, "exp_year": 2031}
        confirm = {"payment_method_data": {"type": "card", "card": card, **billing}, "return_url": wanted.return_url, **EXPANDED}
        client.v1.payment_intents.confirm("pi_0", confirm, {"idempotency_key": ours[1].headers["idempotency-key"]})  # type: ignore[arg-type]
        refund = {"payment_intent": "pi_0", "amount": units, "metadata": {"payment_id": wanted.payment_id, "refund_id": "ref_" + "c" * 26}}
        client.v1.refunds.create(refund, {"idempotency_key": "ref_" + "c" * 26})  # type: ignore[arg-type]
        client.v1.payment_intents.cancel("pi_0", options={"idempotency_key": ours[3].headers["idempotency-key"]})
        assert len(ours) == len(theirs.requests) == 4
        for our, their in zip(ours, theirs.requests, strict=True):
            assert (our.method, our.path, form_of(our)) == (their.method, their.path, form_of(their))
            assert our.headers["idempotency-key"] == their.headers["idempotency-key"]
            assert our.headers["content-type"] == their.headers["content-type"]
            assert user_of(our) == "sk_test_51"


def test_stripes_own_client_sends_the_same_about_a_hold(stripe: FakeStripe) -> None:
    stripe.holds.features = {"multicapture", "incremental_authorization"}
    connector = Stripe({"secret_key": "sk_test_51", "card_features": "multicapture,incremental_authorization"})
    wanted, total = attempt(is_manual=True, return_url=None, description=None), Money(2000, "INR")
    connector.charge(wanted, Card(number=PAN, expiry_month=12, expiry_year=2031, holder=None))
    connector.increment(IncrementRequest("inc_" + "c" * 26, wanted.payment_id, "mer_x", "pi_0", total))
    first, last = (f"cap_{letter * 26}" for letter in "de")
    connector.capture(CaptureRequest(first, wanted.payment_id, "mer_x", Money(500, "INR"), "pi_0", is_final=False))
    connector.capture(CaptureRequest(last, wanted.payment_id, "mer_x", Money(600, "INR"), "pi_0", captured_minor=500))
    for name, captured in (("a_part", 1), ("all_of_it", 0)):
        connector.void(VoidRequest(f"void_{name}", wanted.payment_id, "mer_x", "pi_0", total, captured))
    ours = [request for request in stripe.requests if request.method == "POST"]
    with RecordingServer([OBJECT] * len(ours)) as theirs:
        client = stripe_sdk.StripeClient("sk_test_51", base_addresses={"api": theirs.url("").rstrip("/")}, max_network_retries=0)
        intents: Any = client.v1.payment_intents
        features = {"request_multicapture": "if_available", "request_incremental_authorization": "if_available"}
        create = {"amount": 1234, "currency": "inr", "payment_method_types": ["card"], "capture_method": "manual"}
        metadata = {"payment_id": wanted.payment_id, "attempt_id": wanted.attempt_id}
        intents.create({**create, "metadata": metadata, "payment_method_options": {"card": features}})
        card = {"number": PAN, "exp_month": 12, "exp_year": 2031}
        intents.confirm("pi_0", {"payment_method_data": {"type": "card", "card": card}, **EXPANDED})
        intents.increment_authorization("pi_0", {"amount": 2000, **EXPANDED})
        intents.capture("pi_0", {"amount_to_capture": 500, "final_capture": False, "metadata": {first: "500"}, **EXPANDED})
        intents.capture("pi_0", {"amount_to_capture": 600, "metadata": {last: "600"}, **EXPANDED})
        intents.capture("pi_0", {"amount_to_capture": 0, "final_capture": True})
        intents.cancel("pi_0")
        assert len(ours) == len(theirs.requests) == 7
        for our, their in zip(ours, theirs.requests, strict=True):
            assert (our.method, our.path, form_of(our)) == (their.method, their.path, form_of(their))
    keys = ["inc_" + "c" * 26, first, last, "void_a_part", "void_all_of_it"]
    assert [request.headers["idempotency-key"] for request in ours[2:]] == keys


def test_razorpays_own_client_sends_the_same(razorpay: FakeRazorpay) -> None:
    connector, wanted = Razorpay(KEYS), attempt(payee_name="Shop", expires_ms=2_000_000_000_000)
    connector.charge(wanted, Card(number=PAN, expiry_month=12, expiry_year=2031, holder=None))
    connector.collect(wanted)
    razorpay.payments["pay_00000000000000"]["status"] = "captured"
    connector.refund(RefundRequest("ref_" + "c" * 26, wanted.payment_id, "mer_x", Money(1234, "INR"), "pay_00000000000000"))
    connector.withdraw(attempt(provider_reference="qr_00000000000000"))
    ours = [request for request in razorpay.requests if request.method == "POST"]
    sent_by_us = [json.loads(request.body) for request in ours]
    with RecordingServer([OBJECT] * 5) as theirs:
        client = razorpay_sdk.Client(auth=("rzp_test_1", "secret"), base_url=theirs.url("").rstrip("/"))
        client.order.create(sent_by_us[0])
        client.payment.createPaymentJson(sent_by_us[1])
        client.qrcode.create(sent_by_us[2])
        key = {"X-Refund-Idempotency": "ref_" + "c" * 26, "Content-Type": "application/json"}
        client.payment.refund("pay_00000000000000", sent_by_us[3], headers=key)
        client.qrcode.close("qr_00000000000000")
        assert len(ours) == len(theirs.requests) == 5
        for our, their in zip(ours, theirs.requests, strict=True):
            assert (our.method, our.path) == (their.method, their.path)
            assert json.loads(our.body or b"{}") == json.loads(their.body or b"{}")
            assert our.headers["authorization"] == their.headers["authorization"]


def test_razorpays_own_client_sends_the_same_capture(razorpay: FakeRazorpay) -> None:
    connector, wanted = Razorpay(KEYS), attempt(is_manual=True)
    connector.charge(wanted, Card(number=PAN, expiry_month=12, expiry_year=2031, holder=None))
    razorpay.authorize(razorpay.payments["pay_00000000000000"])
    connector.capture(CaptureRequest("cap_" + "d" * 26, wanted.payment_id, "mer_x", wanted.amount, "pay_00000000000000"))
    ours = razorpay.requests[-1]
    assert json.loads(razorpay.requests[0].body)["payment"] == {
        "capture": "manual",
        "capture_options": {"manual_expiry_period": 4320, "refund_speed": "normal"},
    }
    with RecordingServer([OBJECT]) as theirs:
        client = razorpay_sdk.Client(auth=("rzp_test_1", "secret"), base_url=theirs.url("").rstrip("/"))
        client.payment.capture("pay_00000000000000", wanted.amount.minor, {"currency": "INR"})
        (their,) = theirs.requests
        assert (ours.method, ours.path, json.loads(ours.body)) == (their.method, their.path, json.loads(their.body))


@pytest.mark.parametrize("field", ["amount", "currency"])
def test_a_field_without_a_value_is_never_sent(field: str) -> None:
    with pytest.raises(request_bodies.Unstated, match=field):
        request_bodies.form({"payment_intent": "pi_0", field: None})  # type: ignore[dict-item]  # the very mistake
    with pytest.raises(request_bodies.Unstated, match=f"notes.{field}"):
        request_bodies.body({"notes": {field: None}})
    assert request_bodies.form({**request_bodies.if_given("description", None), "amount": 5}) == b"amount=5"


@pytest.mark.parametrize("sends", ["stripe", "razorpay"])
def test_an_amount_that_has_no_number_never_leaves(request: pytest.FixtureRequest, sends: str) -> None:
    """A caller that forgets to ask for `amount_problem` first is stopped before anything is sent."""
    server = request.getfixturevalue(sends)
    connector = Stripe({"secret_key": "sk_test_51"}) if sends == "stripe" else Razorpay(KEYS)
    uneven = Money(1005, "KWD")
    with pytest.raises(Inexpressible):
        connector.refund(RefundRequest("ref_x", "pay_x", "mer_x", uneven, "pi_0"))
    with pytest.raises(Inexpressible):
        connector.charge(attempt(amount=uneven), Card(number=PAN, expiry_month=12, expiry_year=2031, holder=None))
    assert server.requests == []
