"""Cards that Stripe and Razorpay keep: what is said to them, what is read of them, and that both forget."""

import json
from typing import Any

import pytest
import razorpay as razorpay_sdk  # type: ignore[import-untyped]  # the official client has no types
import stripe as stripe_sdk

from paycorex import settings
from paycorex.money import Money
from payments.connectors.razorpay import kept as razorpay_kept
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import Attempt
from payments.connectors.stripe import kept as stripe_kept
from payments.connectors.stripe.connector import Stripe
from tests.fakes.http_servers import RecordingServer
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.fakes.receiver_behaviours import Reply
from tests.integration.payments.test_fields_at_providers import STRIPE, razorpay, stripe  # noqa: F401 - fixtures
from tests.integration.payments.test_kept_cards import charge, tick
from tests.integration.payments.test_provider_fields import begun, look
from tests.integration.payments.test_requests_fit_the_providers import OBJECT, attempt, form_of
from tests.support import payments as support
from tests.support import published
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World
from tokens.instruments import ProviderToken

AT_STRIPE = ProviderToken("stripe", "pm_1", "cus_1", "visa", "4242", 8, 2030)
AT_RAZORPAY = ProviderToken("razorpay", "token_1", "cust_1", "visa", "1111", None, None)


def token_of(world: World, who: Signer, payment: dict[str, Any]) -> dict[str, Any]:
    token_id = support.show(world, who, payment["payment_id"])["token_id"]
    found: dict[str, Any] = world.call(who, "GET", f"/v1/tokens/{token_id}").body
    return found


def at_stripe(world: World, who: Signer, server: FakeStripe) -> dict[str, Any]:
    payment = begun(world, who, save=True, user_id="asha")
    assert tick(world, payment).body == {"parameters": {}}
    server.pay_in_fields(server.intents[payment["provider_reference"]])
    assert look(world, payment).body["status"] == "success"
    return token_of(world, who, payment)


def at_razorpay(world: World, who: Signer, server: FakeRazorpay) -> dict[str, Any]:
    payment = begun(world, who, save=True, user_id="asha")
    customer = tick(world, payment).body["parameters"]["customer_id"]
    server.keep_card(server.check_out(payment["next_action"]["order_id"]), customer)
    assert look(world, payment).body["status"] == "success"
    return token_of(world, who, payment)


def test_stripe_keeps_charges_and_forgets(world: World, who: Signer, stripe: FakeStripe) -> None:  # noqa: F811 - the fixture
    token = at_stripe(world, who, stripe)
    assert (token["type"], token["connector"], token["brand"], token["last4"]) == ("provider_token", "stripe", "visa", "4242")
    assert stripe.intents["pi_0"]["setup_future_usage"] == "off_session"
    paid = charge(world, who, token).body
    assert (paid["status"], paid["provider"], stripe.intents["pi_1"]["customer"]) == ("success", "stripe", "cus_0")
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").status == 200
    assert stripe.methods == {}
    assert support.findings() == []


def test_a_tick_that_is_taken_back_keeps_nothing_at_stripe(world: World, who: Signer, stripe: FakeStripe) -> None:  # noqa: F811
    payment = begun(world, who, save=True, user_id="asha")
    for keep in (True, False, True, False):
        assert tick(world, payment, keep=keep).status == 200
    stripe.pay_in_fields(stripe.intents["pi_0"])
    look(world, payment)
    assert support.show(world, who, payment["payment_id"])["token_id"] is None
    assert stripe.methods == {}


def test_a_charge_of_a_kept_card_whose_answer_was_lost_is_found_by_its_name(
    world: World,
    who: Signer,
    stripe: FakeStripe,  # noqa: F811
) -> None:
    """Its intent has a customer, so it cannot be asked for again under its key; it is found among the others."""
    token = at_stripe(world, who, stripe)
    paid = charge(world, who, token).body
    connector, stripe.expects_other_requests = Stripe(STRIPE), True
    names = stripe.intents[paid["provider_reference"]]["metadata"]
    asked = Attempt(names["attempt_id"], names["payment_id"], who.merchant_id, "tokenized", Money(500, "INR"))
    assert connector._find(asked) == paid["provider_reference"]


def test_a_card_that_stripe_no_longer_keeps_is_forgotten_all_the_same(world: World, who: Signer, stripe: FakeStripe) -> None:  # noqa: F811
    token = at_stripe(world, who, stripe)
    stripe.methods.clear()
    assert_refused(charge(world, who, token), "provider_configuration")
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").body["is_active"] is False


def test_a_token_of_a_provider_that_does_not_answer_stays(world: World, who: Signer, stripe: FakeStripe) -> None:  # noqa: F811
    token = at_stripe(world, who, stripe)
    stripe.trouble["/detach"] = Reply(503, b"{}", [])
    assert_refused(world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}"), "provider_unavailable")
    assert world.call(who, "GET", f"/v1/tokens/{token['token_id']}").body["is_active"] is True
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").status == 200


def test_where_the_connector_is_gone_a_token_can_still_be_deleted(world: World, who: Signer, stripe: FakeStripe) -> None:  # noqa: F811
    token = at_stripe(world, who, stripe)
    support.settings(world, who, connectors={"stripe": None})
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").status == 200
    assert list(stripe.methods) == ["pm_pi_0"]


def test_razorpay_keeps_charges_and_forgets(world: World, who: Signer, razorpay: FakeRazorpay) -> None:  # noqa: F811
    token = at_razorpay(world, who, razorpay)
    assert (token["connector"], token["brand"], token["last4"], token["expiry_year"]) == ("razorpay", "visa", "1111", 2032)
    paid = charge(world, who, token).body
    support.tick(world, after_seconds=120)
    assert support.show(world, who, paid["payment_id"])["status"] == "success"
    assert world.call(who, "DELETE", f"/v1/tokens/{token['token_id']}").status == 200
    assert razorpay.tokens == {}
    assert support.findings() == []


def test_a_customer_that_the_browser_named_otherwise_is_not_kept(world: World, who: Signer, razorpay: FakeRazorpay) -> None:  # noqa: F811
    first, second = (begun(world, who, save=True, user_id=name) for name in ("asha", "ben"))
    other = tick(world, first).body["parameters"]["customer_id"]
    tick(world, second)
    razorpay.keep_card(razorpay.check_out(second["next_action"]["order_id"]), other)
    assert look(world, second).body["status"] == "success"
    assert support.show(world, who, second["payment_id"])["token_id"] is None


def test_stripes_own_client_asks_the_same(world: World) -> None:
    """To keep a card, to charge it, to forget it."""
    wanted = attempt(provider_reference="pi_0")
    with RecordingServer([OBJECT] * 9) as ours, RecordingServer([OBJECT] * 9) as theirs:
        base = ours.url("").rstrip("/")
        settings.use(world.settings.model_copy(update={"stripe_base_url": base, "razorpay_base_url": base}))
        Stripe(STRIPE).agree(wanted, keeps=True)
        Stripe(STRIPE).charge(attempt(), AT_STRIPE)
        Stripe(STRIPE).forget_card("mer_x", AT_STRIPE)
        client = stripe_sdk.StripeClient("sk_test_51", base_addresses={"api": theirs.url("").rstrip("/")}, max_network_retries=0)
        names = {"payment_id": wanted.payment_id, "attempt_id": wanted.attempt_id}
        client.v1.customers.create({"metadata": names})
        client.v1.payment_intents.update("pi_0", {"customer": "pi_0", "setup_future_usage": "off_session"})
        create: Any = {"amount": 1234, "currency": "inr", "payment_method_types": ["card"], "description": "Tea & cake", "metadata": names}
        client.v1.payment_intents.create(create | {"customer": "cus_1"})
        confirm = {"payment_method": "pm_1", "return_url": wanted.return_url, "expand": ["latest_charge"]}
        client.v1.payment_intents.confirm("pi_0", confirm)  # type: ignore[arg-type]
        client.v1.payment_methods.detach("pm_1")
        assert len(ours.requests) == len(theirs.requests) == 5
        for our, their in zip(ours.requests, theirs.requests, strict=True):
            assert (our.method, our.path, form_of(our)) == (their.method, their.path, form_of(their))


def test_razorpays_own_client_sends_the_same_recurring_payment(razorpay: FakeRazorpay) -> None:  # noqa: F811
    Razorpay(support.RAZORPAY).charge(attempt(return_url=None), AT_RAZORPAY)
    (ours,) = razorpay.asked("/recurring")
    razorpay.problems.clear()  # the token is none of the server's
    documented = {"email", "contact", "amount", "currency", "order_id", "customer_id", "token", "recurring", "notes", "description"}
    assert set(json.loads(ours.body)) <= documented
    with RecordingServer([OBJECT]) as theirs:
        client = razorpay_sdk.Client(auth=("rzp_test_1", "secret"), base_url=theirs.url("").rstrip("/"))
        client.payment.createRecurring(json.loads(ours.body))
        assert (ours.method, ours.path) == (theirs.requests[0].method, theirs.requests[0].path)


def test_genuine_cards_of_the_providers_are_read() -> None:
    method = published.stripe_object("payment_method") | {"customer": "cus_1"}
    assert stripe_kept.card_of("stripe", method) == ProviderToken("stripe", method["id"], "cus_1", "visa", "4242", 8, 2030)
    token = published.razorpay_answer("fake_merchant_token")
    assert razorpay_kept.card_of("razorpay", token["customer_id"], token) == ProviderToken(
        "razorpay", token["id"], token["customer_id"], "visa", "1111", None, None
    )


@pytest.mark.parametrize("card", [AT_STRIPE, AT_RAZORPAY])
def test_a_kept_card_is_no_secret_that_is_shown_in_a_text(card: ProviderToken) -> None:
    assert card.reference not in repr(card)
