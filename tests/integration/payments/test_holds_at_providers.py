"""Holds through our API at Stripe and Razorpay: what is asked of them, and what their answers and callbacks do to the books."""

from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import settings
from payments.connectors.requests import IncrementRequest
from payments.connectors.results import IncrementResult
from payments.connectors.stripe.connector import Stripe
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.fakes.receiver_behaviours import Reply as Answer
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

FEATURES = {"card_features": "multicapture,overcapture,incremental_authorization"}
DAY = 86_400


@pytest.fixture
def stripe(world: World, who: Signer) -> Iterator[FakeStripe]:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"stripe": support.STRIPE})
        yield server
        assert server.problems == []


@pytest.fixture
def razorpay(world: World, who: Signer) -> Iterator[FakeRazorpay]:
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"razorpay": support.RAZORPAY})
        yield server
        assert server.problems == []


def with_features(world: World, who: Signer, server: FakeStripe) -> None:
    server.holds.features = set(FEATURES["card_features"].split(","))
    support.settings(world, who, connectors={"stripe": {**support.STRIPE, **FEATURES}})


def authorize(world: World, who: Signer, number: str = support.APPROVE) -> dict[str, Any]:
    made = support.charge(world, who, number, "10.00", capture_method="manual")
    assert made.status == 201, made.raw
    payment: dict[str, Any] = made.body
    return payment


def post(world: World, who: Signer, payment: dict[str, Any], what: str, **body: Any) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/{what}", body)


def stands(world: World, who: Signer, payment: dict[str, Any]) -> tuple[str, str, str, str]:
    shown = support.show(world, who, payment["payment_id"])
    authorization = shown["authorization"]
    return shown["status"], authorization["status"], authorization["captured"], authorization["capturable"]


def hear(world: World, who: Signer, connector: str, sent: tuple[list[tuple[str, str]], bytes]) -> None:
    received = world.send("POST", f"/v1/callbacks/{connector}/{who.merchant_id}", *sent)
    assert received.body == {"received": True, "applied": True}, received.raw


def test_stripe_takes_one_part_and_releases_the_rest(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = authorize(world, who)
    assert (stands(world, who, payment), support.balances(who, "stripe")) == (("authorized", "authorized", "0.00", "10.00"), (0, 0, 0))
    assert post(world, who, payment, "capture", amount="3.00", final=False).status == 422
    assert post(world, who, payment, "increment", amount="12.00").status == 422
    assert stripe.asked("/capture") == stripe.asked("/increment_authorization") == []
    captured = post(world, who, payment, "capture", amount="7.00").body
    assert (captured["status"], captured["provider_reference"]) == ("success", "ch_0")
    assert (stands(world, who, payment)[:3], support.balances(who, "stripe")) == (("success", "released", "7.00"), (-700, 0, 700))
    refund = {"payment_id": payment["payment_id"], "amount": "7.01"}
    assert world.call(who, "POST", "/v1/payments/refund", refund).status == 422
    assert world.call(who, "POST", "/v1/payments/refund", {**refund, "amount": "7.00"}).body["status"] == "success"
    assert support.findings() == []


def test_stripe_takes_several_parts_where_the_card_allows_it(world: World, who: Signer, stripe: FakeStripe) -> None:
    with_features(world, who, stripe)
    payment = authorize(world, who)
    assert post(world, who, payment, "increment", amount="12.00").status == 200
    for amount in ("3.00", "2.00"):
        assert post(world, who, payment, "capture", amount=amount, final=False).body["status"] == "success"
    assert stands(world, who, payment) == ("authorized", "authorized", "5.00", "7.00")
    post(world, who, payment, "void")
    assert (stands(world, who, payment)[:3], support.balances(who, "stripe")) == (("success", "released", "5.00"), (-500, 0, 500))
    (intent,) = stripe.intents.values()
    assert (intent["status"], intent["amount_received"], support.findings()) == ("succeeded", 500, [])


def test_a_webhook_that_comes_before_the_answer_to_an_increment_changes_nothing(
    world: World, who: Signer, stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_features(world, who, stripe)
    payment, increment = authorize(world, who), Stripe.increment

    def overtaken(connector: Stripe, request: IncrementRequest) -> IncrementResult:
        answer = increment(connector, request)
        hear(world, who, "stripe", stripe.webhook("payment_intent.amount_capturable_updated", stripe.intents["pi_0"]))
        return answer

    monkeypatch.setattr(Stripe, "increment", overtaken)
    grown = post(world, who, payment, "increment", amount="12.00")
    assert (grown.status, grown.body["authorization"]["amount"]) == (200, "12.00"), grown.raw
    assert stands(world, who, payment) == ("authorized", "authorized", "0.00", "12.00")


@pytest.mark.parametrize("acts", [True, False])
def test_an_increment_whose_answer_is_lost_is_made_once(world: World, who: Signer, stripe: FakeStripe, *, acts: bool) -> None:
    with_features(world, who, stripe)
    payment = authorize(world, who)
    stripe.trouble["/increment_authorization"], stripe.acts = Answer(500, b"{}"), acts
    path, body = f"/v1/payments/{payment['payment_id']}/increment", {"amount": "12.00"}
    assert world.call(who, "POST", path, body, key="i").status == (200 if acts else 503)
    assert world.call(who, "POST", path, body, key="i").body["authorization"]["amount"] == "12.00"
    assert stands(world, who, payment) == ("authorized", "authorized", "0.00", "12.00")
    assert len({request.headers["idempotency-key"] for request in stripe.asked("/increment_authorization")}) == 1


def test_a_hold_that_stripe_confirmed_by_a_page_is_reported_by_its_webhook(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = authorize(world, who, support.REDIRECT)
    assert payment["status"] == "processing"
    stripe.pay(stripe.intents["pi_0"])
    for _ in range(2):
        hear(world, who, "stripe", stripe.webhook("payment_intent.amount_capturable_updated", stripe.intents["pi_0"]))
    assert stands(world, who, payment) == ("authorized", "authorized", "0.00", "10.00")
    assert post(world, who, payment, "capture").body["status"] == "success"
    assert support.balances(who, "stripe") == (-1000, 0, 1000)


@pytest.mark.parametrize("late", [False, True])
def test_a_capture_whose_answer_is_lost_is_booked_once(world: World, who: Signer, stripe: FakeStripe, *, late: bool) -> None:
    payment = authorize(world, who)
    stripe.trouble["/capture"], stripe.acts = Answer(500, b"{}"), True
    assert post(world, who, payment, "capture", amount="7.00").body["status"] == "processing"
    if late:
        # Stripe has forgotten the key by then, and not the capture.
        stripe._by_key.clear()
        world.clock.now += 2 * DAY
    else:
        hear(world, who, "stripe", stripe.webhook("payment_intent.succeeded", stripe.intents["pi_0"]))
    support.settle_all(world)
    assert (stands(world, who, payment)[:3], support.balances(who, "stripe")) == (("success", "released", "7.00"), (-700, 0, 700))
    taken = [request for request in stripe.asked("/capture") if b"amount_to_capture=700" in request.body]
    assert (len(taken), stripe.intents["pi_0"]["amount_received"], support.findings()) == (1, 700, [])


def test_what_was_captured_at_stripes_dashboard_is_booked(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = authorize(world, who)
    stripe.intents["pi_0"] |= {"status": "succeeded", "amount_received": 600, "amount_capturable": 0}
    for kind, subject in (("payment_intent.succeeded", stripe.intents["pi_0"]), ("charge.captured", stripe.charge(stripe.intents["pi_0"]))):
        world.send("POST", f"/v1/callbacks/stripe/{who.merchant_id}", *stripe.webhook(kind, subject))
    assert (stands(world, who, payment)[:3], support.balances(who, "stripe")) == (("success", "released", "6.00"), (-600, 0, 600))
    assert support.findings() == []


@pytest.mark.parametrize("reported", [True, False])
def test_a_hold_that_stripe_ended_is_known_by_its_webhook_or_by_asking(
    world: World, who: Signer, stripe: FakeStripe, *, reported: bool
) -> None:
    payment = authorize(world, who)
    world.clock.now += 7 * DAY + 60
    stripe.holds.expire(stripe.intents["pi_0"])
    if reported:
        hear(world, who, "stripe", stripe.webhook("payment_intent.canceled", stripe.intents["pi_0"]))
    else:
        support.settle_all(world)
    assert (stands(world, who, payment)[:2], support.balances(who, "stripe")) == (("failed", "expired"), (0, 0, 0))
    assert post(world, who, payment, "capture").code == "authorization_expired"


def test_razorpay_holds_what_its_payer_confirmed_and_takes_all_of_it(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment = authorize(world, who, support.REDIRECT)
    (charged,) = razorpay.payments.values()
    razorpay.authorize(charged)
    hear(world, who, "razorpay", razorpay.webhook("payment.authorized", payment=charged))
    assert stands(world, who, payment) == ("authorized", "authorized", "0.00", "10.00")
    assert post(world, who, payment, "capture", amount="4.00").status == 422
    assert razorpay.asked("/capture") == []
    assert post(world, who, payment, "capture").body["status"] == "success"
    assert (stands(world, who, payment), support.balances(who, "razorpay")) == (("success", "captured", "10.00", "0.00"), (-1000, 0, 1000))
    hear(world, who, "razorpay", razorpay.webhook("payment.captured", payment=charged))
    assert (support.balances(who, "razorpay"), support.findings()) == ((-1000, 0, 1000), [])


def test_what_razorpay_gave_back_by_itself_is_expired(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment = authorize(world, who, support.REDIRECT)
    (charged,) = razorpay.payments.values()
    razorpay.authorize(charged)
    hear(world, who, "razorpay", razorpay.webhook("payment.authorized", payment=charged))
    razorpay.expire(charged)
    world.clock.now += 3 * DAY + 60
    support.settle_all(world)
    assert (stands(world, who, payment)[:2], support.balances(who, "razorpay")) == (("failed", "expired"), (0, 0, 0))
    assert support.findings() == []
