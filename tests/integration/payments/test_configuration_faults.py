"""What a provider refuses about the request or the account is no declined card: its own code, the provider's words, no secrets."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from paycorex import settings, storage
from paycorex.records.payment import PaymentItem
from payments.connectors import breakers
from payments.connectors.http_calls import shown
from payments.connectors.razorpay import errors
from payments.connectors.results import Declined, Fault, Redirect, Unavailable, Unknown
from payments.connectors.stripe import errors as stripe_errors
from payments.connectors.stripe.connector import Stripe
from payments.payment import asking
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.fakes.receiver_behaviours import Reply
from tests.support import payments as support
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

STRIPE_KEYS = {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}
RAZORPAY_KEYS = {
    "key_id": "rzp_test_1",
    "key_secret": "secret",
    "webhook_secret": "rzp_webhook",
    "email": "till@example.com",
    "contact": "+919000090000",
}
WITH_BACKUP = [{"use": [{"connector": "stripe"}, {"connector": "sandbox_backup", "weight": 0}]}]
PARAMETER: dict[str, Any] = {"type": "invalid_request_error", "code": "parameter_invalid_integer", "message": "Invalid integer: amount"}


def _error(status: int, **error: Any) -> Reply:
    return Reply(status, json.dumps({"error": error}).encode(), [("Content-Type", "application/json")])


@pytest.fixture
def stripe(world: World, who: Signer) -> Iterator[FakeStripe]:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"stripe": STRIPE_KEYS})
        yield server


@pytest.fixture
def razorpay(world: World, who: Signer) -> Iterator[FakeRazorpay]:
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"razorpay": RAZORPAY_KEYS})
        yield server


STRIPE_REFUSALS = [
    (_error(400, **PARAMETER), "parameter_invalid_integer", "Invalid integer: amount"),
    (_error(401, message="Invalid API Key provided: sk_test_51"), "unauthorized", "The provider answered 401"),
    (_error(403, type="invalid_request_error"), "forbidden", "The provider answered 403"),
    (_error(404, type="invalid_request_error", code="account_invalid"), "account_invalid", "Stripe refused the request."),
    (Reply(400, b'{"what": "ever"}'), "request_refused", "Stripe refused the request."),
]


@pytest.mark.parametrize("at", ["/v1/payment_intents", "/confirm"])
@pytest.mark.parametrize(("refusal", "code", "words"), STRIPE_REFUSALS, ids=lambda value: str(getattr(value, "status", ""))[:9])
def test_what_stripe_refuses_about_the_request_is_no_declined_card(
    world: World, who: Signer, stripe: FakeStripe, at: str, refusal: Reply, code: str, words: str
) -> None:
    stripe.trouble[at] = refusal
    refused = support.charge(world, who, support.APPROVE)
    assert_refused(refused, "provider_configuration")
    payment = refused.body["error"]["details"]["payment"]
    (attempt,) = payment["attempts"]
    assert (payment["status"], attempt["status"], attempt["code"]) == ("failed", "declined", code)
    assert attempt["reason"].startswith(words)
    assert attempt["reason"] in payment["failure_message"]
    assert support.stored(payment["payment_id"]).entries is None


def test_it_goes_on_to_another_connector_and_holds_no_breaker_open(world: World, who: Signer, stripe: FakeStripe) -> None:
    """A breaker's 503 would ask for a retry, and no retry mends it."""
    support.settings(world, who, routing_rules=WITH_BACKUP)
    for _ in range(breakers.THRESHOLD + 1):
        stripe.trouble["/v1/payment_intents"] = _error(401, message="Invalid API Key")
        paid = support.charge(world, who, support.APPROVE).body
        assert [attempt["code"] for attempt in paid["attempts"]] == ["unauthorized", None]
    assert not breakers.is_open(who.merchant_id, "stripe")


def test_an_amount_that_stripe_does_not_take_is_reported_as_that(world: World, who: Signer, stripe: FakeStripe) -> None:
    stripe.trouble["/v1/payment_intents"] = _error(
        400, type="invalid_request_error", code="amount_too_small", message="Amount must be at least $0.50 usd"
    )
    assert_refused(support.charge(world, who, support.APPROVE), "unsupported_amount")


def test_a_confirmation_that_was_sent_before_is_looked_up_and_not_refused(world: World, who: Signer, stripe: FakeStripe) -> None:
    """That the key or the intent was used already says that an earlier request may have taken the money."""
    for error in ({"type": "idempotency_error"}, {"type": "invalid_request_error", "code": "payment_intent_unexpected_state"}):
        stripe.trouble["/confirm"], stripe.acts = _error(400, **error), True
        payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
        assert support.show(world, who, payment_id)["status"] == "processing"
        support.settle_all(world)
        assert support.show(world, who, payment_id)["status"] == "success"


def test_an_intent_that_another_request_made_under_the_key_is_found_among_the_others(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.REDIRECT).body["payment_id"]
    unnoted = replace(asking.attempt_of(support.stored(payment_id), 0), provider_reference=None)
    used = _error(400, type="idempotency_error")
    stripe.trouble["/v1/payment_intents"] = used
    assert isinstance(Stripe(STRIPE_KEYS).lookup(unnoted), Redirect)
    stripe.change_account()
    stripe.trouble["/v1/payment_intents"] = used
    assert isinstance(Stripe(STRIPE_KEYS).lookup(unnoted), Unknown)


@pytest.mark.parametrize("refusal", [_error(401), _error(403), _error(400, **PARAMETER)])
def test_a_question_that_is_refused_ends_no_payment(world: World, who: Signer, stripe: FakeStripe, refusal: Reply) -> None:
    """The credentials may be other ones now than when the money was taken."""
    payment_id = support.charge(world, who, support.REDIRECT).body["payment_id"]
    for _ in range(3):
        stripe.trouble["/pi_0"] = refusal
        support.tick(world, after_seconds=300)
    assert support.show(world, who, payment_id)["status"] == "processing"
    unnoted = replace(asking.attempt_of(support.stored(payment_id), 0), provider_reference=None)
    stripe.trouble["/v1/payment_intents"] = refusal
    assert isinstance(Stripe(STRIPE_KEYS).lookup(unnoted), Unknown if refusal.status == 400 else Unavailable)


def test_a_refused_refund_says_why_and_one_that_waits_says_for_what(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = support.charge(world, who, support.APPROVE).body["payment_id"]
    stripe.trouble["/v1/refunds"] = _error(400, type="invalid_request_error", code="charge_disputed", message="Charge pi_0 is disputed.")
    refused = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "1.00"}).body
    assert [refused[name] for name in ("status", "failure_code", "failure_message")] == [
        "failed",
        "charge_disputed",
        "Charge pi_0 is disputed.",
    ]
    stripe.trouble["/v1/refunds"] = _error(401)
    waits = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "2.00"}).body
    assert (waits["status"], waits["failure_code"]) == ("pending", None)
    assert waits["failure_message"].startswith("The provider answered 401")
    support.settle_all(world)
    made = world.call(who, "GET", f"/v1/refunds/{waits['refund_id']}").body
    assert (made["status"], made["failure_message"]) == ("success", None)
    assert support.show(world, who, payment_id)["amount_refunded"] == "2.00"


RAZORPAY_REFUSALS = [
    (
        _error(400, code="BAD_REQUEST_ERROR", description="no contact", source="business", reason="input_validation_failed"),
        "setup",
    ),
    (_error(400, code="BAD_REQUEST_ERROR", description="Authentication failed"), "setup"),
    (_error(401, code="BAD_REQUEST_ERROR", description="Authentication failed"), "setup"),
    # As the official client has recorded it.
    (_error(400, code="BAD_REQUEST_ERROR", description="The amount is invalid", field="amount"), "amount"),
]


@pytest.mark.parametrize(("refusal", "fault"), RAZORPAY_REFUSALS)
def test_what_razorpay_refuses_about_the_request_is_no_declined_card(
    world: World, who: Signer, razorpay: FakeRazorpay, refusal: Reply, fault: str
) -> None:
    code = {"setup": "provider_configuration", "amount": "unsupported_amount"}[fault]
    for at in ("/v1/orders", "/create/json"):
        razorpay.trouble[at] = refusal
        refused = support.charge(world, who, support.APPROVE)
        assert_refused(refused, code)
        assert refused.body["error"]["details"]["payment"]["attempts"][0]["reason"]
    before = list(storage.scan_all(PaymentItem))
    razorpay.trouble["/qr_codes"] = refusal
    refused = support.collect(world, who)
    assert_refused(refused, code)
    (attempt,) = refused.body["error"]["details"]["attempts"]
    assert (attempt["connector"], bool(attempt["reason"])) == ("razorpay", True)
    assert len(list(storage.scan_all(PaymentItem))) == len(before)


def test_a_card_without_the_contact_that_razorpay_wants_is_not_sent(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    some = {name: value for name, value in RAZORPAY_KEYS.items() if name not in {"email", "contact"}}
    support.settings(world, who, connectors={"razorpay": some})
    refused = support.charge(world, who, support.APPROVE)
    assert_refused(refused, "provider_configuration")
    assert "email and contact" in refused.body["error"]["message"]
    assert razorpay.requests == []


def test_an_instrument_that_no_connector_takes_is_no_declined_card(world: World, who: Signer, stripe: FakeStripe) -> None:
    vpa = {"user_id": "asha", "type": "upi", "vpa": "asha@okbank"}
    token_id = world.call(who, "POST", "/v1/tokens/create", vpa).body["token_id"]
    order = {"amount": "10", "method": "tokenized", "token_id": token_id}
    before = list(storage.scan_all(PaymentItem))
    for body in (order, {**order, "dry_run": True}):
        refused = world.call(who, "POST", "/v1/payments/create", body)
        assert_refused(refused, "unsupported_method")
        assert refused.body["error"]["details"]["skipped"] == [{"connector": "stripe", "reason": "does not take a upi"}]
    assert (stripe.requests, list(storage.scan_all(PaymentItem))) == ([], before)


@pytest.mark.parametrize("read", [lambda error: stripe_errors.refusal({"error": {**error, "type": "x"}}), errors.refusal])
def test_a_providers_words_are_kept_without_instruments_and_secrets_and_short(read: Callable[[Any], Declined]) -> None:
    words = "No such key sk_live_abcdef0123456789 for 4242 4242 4242 4242 of asha@okbank\x1b[2J " + "x" * 5000
    document = {"message": words, "description": words, "error": {"description": words}}
    refused = read(document)
    assert refused.fault is Fault.SETUP
    for secret in ("sk_live_abcdef", "4242 4242", "asha@okbank", "\x1b"):
        assert secret not in refused.reason
    assert refused.reason.startswith("No such key [redacted] for [card]")
    assert len(refused.reason) <= 200
    assert shown("the key s3cretvalue is wrong", ("", "s3cretvalue")) == "the key [redacted] is wrong"


def test_a_card_error_stays_a_declined_card() -> None:
    error = {"type": "card_error", "code": "card_declined", "decline_code": "do_not_honor", "message": "Your card was declined."}
    declined = stripe_errors.refusal({"error": error}, "pi_0")
    assert declined == Declined("do_not_honor", "Your card was declined.", provider_reference="pi_0")
    bank = {"code": "BAD_REQUEST_ERROR", "source": "issuer", "reason": "payment_failed", "metadata": {"payment_id": "pay_1"}}
    assert errors.refusal({"error": bank}).fault is Fault.PAYER
