"""Stripe's and Razorpay's own card fields: what is made there, what their browser scripts may bring, and that neither settles by itself."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import razorpay as razorpay_sdk  # type: ignore[import-untyped]  # the official client has no types
import stripe as stripe_sdk

from paycorex import settings
from payments.connectors.model import CallbackRefused
from payments.connectors.razorpay.connector import Razorpay
from payments.connectors.requests import Attempt
from payments.connectors.results import Begun, Pending
from payments.connectors.stripe import documents as stripe_documents
from payments.connectors.stripe.connector import Stripe
from tests.fakes.http_servers import RecordingServer
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.integration.payments.test_payer_access import follow
from tests.integration.payments.test_provider_fields import begin, begun, look
from tests.integration.payments.test_requests_fit_the_providers import OBJECT, attempt, form_of
from tests.support import payments as support
from tests.support import published
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

STRIPE = {**support.STRIPE, "publishable_key": "pk_test_51"}


@pytest.fixture
def stripe(world: World, who: Signer) -> Iterator[FakeStripe]:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"stripe": STRIPE})
        yield server
        assert server.problems == []


@pytest.fixture
def razorpay(world: World, who: Signer) -> Iterator[FakeRazorpay]:
    with FakeRazorpay() as server:
        settings.use(world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"razorpay": support.RAZORPAY})
        yield server
        assert server.problems == []


def hook(world: World, who: Signer, name: str, sent: tuple[list[tuple[str, str]], bytes]) -> Any:
    answer = world.send("POST", f"/v1/callbacks/{name}/{who.merchant_id}", *sent)
    assert answer.status == 200, answer.raw
    return answer.body


def status(world: World, who: Signer, payment: dict[str, Any]) -> str:
    return str(support.show(world, who, payment["payment_id"])["status"])


# Stripe


def test_stripes_intent_is_ours_and_its_secret_goes_to_the_payer(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = begun(world, who, description="chai")
    action, intent = payment["next_action"], stripe.intents["pi_0"]
    assert (action["provider"], action["publishable_key"], action["client_secret"]) == ("stripe", "pk_test_51", "pi_0_secret_0")
    assert intent["metadata"] == {
        "payment_id": payment["payment_id"],
        "attempt_id": stripe.requests[0].headers["idempotency-key"],
        "flow": "fields",
    }
    assert look(world, payment).body["status"] == "pending"
    stripe.pay(intent)
    assert look(world, payment, razorpay_payment_id="pay_1", razorpay_signature="x").body["status"] == "success"
    assert support.balances(who, "stripe") == (-1000, 0, 1000)


def test_stripes_signed_callback_settles_without_a_browser(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = begun(world, who)
    stripe.pay(stripe.intents["pi_0"])
    assert hook(world, who, "stripe", stripe.webhook("payment_intent.succeeded", stripe.intents["pi_0"]))["applied"] is True
    assert status(world, who, payment) == "success"


def test_a_card_that_stripe_refuses_leaves_another_try_until_the_intent_is_canceled(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = begun(world, who)
    stripe.refuse_in_fields(stripe.intents["pi_0"])
    assert hook(world, who, "stripe", stripe.webhook("payment_intent.payment_failed", stripe.intents["pi_0"]))["applied"] is False
    assert look(world, payment).body["status"] == "pending"
    support.tick(world, after_seconds=1801)
    assert status(world, who, payment) == "failed"
    assert stripe.intents["pi_0"]["status"] == "canceled"


def test_without_a_publishable_key_the_next_connector_takes_it_or_the_settings_are_named(
    world: World, who: Signer, stripe: FakeStripe
) -> None:
    support.settings(world, who, connectors={"stripe": support.STRIPE})
    refused = begin(world, who)
    assert_refused(refused, "provider_configuration")
    assert "publishable_key" in refused.body["error"]["message"]
    assert stripe.requests == []
    support.settings(world, who, routing_rules=[{"use": [{"connector": "stripe"}, {"connector": "sandbox", "weight": 0}]}])
    assert begun(world, who)["provider"] == "sandbox"


def test_a_secret_of_another_intent_is_not_shown(world: World, who: Signer, stripe: FakeStripe) -> None:
    made = stripe._create

    def confused(fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        code, intent = made(fields)
        return code, {**intent, "client_secret": "pi_9_secret_9"}

    stripe._create = confused  # type: ignore[method-assign]  # a Stripe that answers with another's secret
    assert_refused(begin(world, who), "provider_unavailable")
    assert support.undecided() == []


def test_stripes_own_client_begins_the_same(world: World, who: Signer, stripe: FakeStripe) -> None:
    wanted = attempt()
    assert isinstance(Stripe(STRIPE).begin(wanted), Begun)
    (ours,) = stripe.requests
    names = {"payment_id": wanted.payment_id, "attempt_id": wanted.attempt_id, "flow": "fields"}
    create = {"amount": 1234, "currency": "inr", "payment_method_types": ["card"], "description": "Tea & cake", "metadata": names}
    with RecordingServer([OBJECT]) as theirs:
        client = stripe_sdk.StripeClient("sk_test_51", base_addresses={"api": theirs.url("").rstrip("/")}, max_network_retries=0)
        client.v1.payment_intents.create(create, {"idempotency_key": wanted.attempt_id})  # type: ignore[arg-type]
        assert (ours.method, ours.path, form_of(ours)) == (theirs.requests[0].method, theirs.requests[0].path, form_of(theirs.requests[0]))


def test_stripes_genuine_intent_of_the_fields_waits_for_another_card() -> None:
    refused = {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}
    intent = published.stripe_object("payment_intent") | {"last_payment_error": refused}
    assert intent["status"] == "requires_payment_method"
    assert stripe_documents.result_of(intent | {"metadata": {"flow": "fields"}}) == Pending(intent["id"])


# Razorpay


def signature(order_id: str, payment_id: str) -> str:
    """As Razorpay's own client computes and checks it."""
    client = razorpay_sdk.Client(auth=(support.RAZORPAY["key_id"], support.RAZORPAY["key_secret"]))
    made = hmac.new(support.RAZORPAY["key_secret"].encode(), f"{order_id}|{payment_id}".encode(), hashlib.sha256).hexdigest()
    said = {"razorpay_order_id": order_id, "razorpay_payment_id": payment_id, "razorpay_signature": made}
    assert client.utility.verify_payment_signature(said)
    return made


def handed_over(order_id: str, payment_id: str) -> dict[str, str]:
    """What checkout.js hands to the page."""
    return {"razorpay_payment_id": payment_id, "razorpay_order_id": order_id, "razorpay_signature": signature(order_id, payment_id)}


def test_razorpays_order_is_ours_and_checkout_pays_it(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment = begun(world, who, "12.34")
    (order,) = razorpay.orders.values()
    action = payment["next_action"]
    assert (action["provider"], action["publishable_key"], action["order_id"]) == ("razorpay", "rzp_test_1", order["id"])
    assert "client_secret" not in action
    assert (order["amount"], order["notes"]["payment_id"]) == (1234, payment["payment_id"])
    razorpay.check_out(order["id"], "failed")
    assert look(world, payment).body["status"] == "pending"
    paid = razorpay.check_out(order["id"])
    assert look(world, payment, **handed_over(order["id"], paid["id"])).body["status"] == "success"
    assert support.show(world, who, payment["payment_id"])["provider_reference"] == paid["id"]
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment["payment_id"], "amount": "2.34"})
    assert (made.status, made.body["status"]) == (201, "success")
    assert support.findings() == []


def test_what_the_browser_brings_is_checked_with_the_order_that_we_stored(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment, cheap = begun(world, who, "99.00"), begun(world, who, "1.00")
    order, other = payment["next_action"]["order_id"], cheap["next_action"]["order_id"]
    paid = razorpay.check_out(other)
    with nothing_written(world):
        refused = look(world, payment, **handed_over(other, paid["id"]))
        assert_refused(refused, "invalid_request")
        assert_refused(look(world, payment, razorpay_payment_id=paid["id"], razorpay_order_id=order), "invalid_request")
    assert status(world, who, payment) == "pending"
    # Genuinely signed for this order, and nothing of it was paid: the look-up counts.
    assert look(world, payment, **handed_over(order, paid["id"])).body["status"] == "pending"
    assert look(world, cheap, **handed_over(other, paid["id"])).body["status"] == "success"


def test_each_byte_of_the_signature_counts() -> None:
    order, connector = "order_00000000000000", Razorpay(support.RAZORPAY)
    asked = Attempt("att_" + "a" * 26, "pay_" + "b" * 26, "mer_x", "tokenized", attempt().amount, provider_reference=order)
    genuine = handed_over(order, "pay_1")
    connector.check_return(asked, genuine)
    client = razorpay_sdk.Client(auth=("rzp_test_1", support.RAZORPAY["key_secret"]))
    for name in ("razorpay_signature", "razorpay_payment_id"):
        for place in range(len(genuine[name])):
            raw = bytearray(genuine[name].encode())
            raw[place] ^= 1
            flipped = genuine | {name: raw.decode()}
            with pytest.raises(CallbackRefused):
                connector.check_return(asked, flipped)
            with pytest.raises(razorpay_sdk.errors.SignatureVerificationError):
                client.utility.verify_payment_signature(flipped)


def test_an_order_that_is_paid_settles_by_razorpays_signed_callback(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment = begun(world, who)
    (order,) = razorpay.orders.values()
    paid = razorpay.check_out(order["id"])
    assert hook(world, who, "razorpay", razorpay.webhook("order.paid", payment=paid, order=order))["applied"] is True
    assert status(world, who, payment) == "success"


def test_names_that_a_payer_wrote_into_a_payment_pay_and_fail_nothing_else(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    """The key of checkout.js is public: a person who opens it with another payment's names on it shall change nothing there."""
    victim, own = begun(world, who), begun(world, who)
    order = razorpay.orders[own["next_action"]["order_id"]]
    written = razorpay.orders[victim["next_action"]["order_id"]]["notes"]
    paid = razorpay.check_out(order["id"], notes=written)
    assert hook(world, who, "razorpay", razorpay.webhook("payment.captured", payment=paid))["applied"] is True
    loose = {**paid, "id": "pay_loose", "order_id": None}
    hook(world, who, "razorpay", razorpay.webhook("payment.captured", payment=loose))
    failed = razorpay.check_out(order["id"], "failed", notes=written)
    hook(world, who, "razorpay", razorpay.webhook("payment.failed", payment=failed))
    own_try = razorpay.check_out(victim["next_action"]["order_id"], "failed", notes=written)
    hook(world, who, "razorpay", razorpay.webhook("payment.failed", payment=own_try))
    support.tick(world, after_seconds=60)
    assert (status(world, who, victim), status(world, who, own)) == ("pending", "success")
    assert support.balances(who, "razorpay") == (-1000, 0, 1000)


def test_a_payment_of_another_order_in_a_callback_is_not_read(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    begun(world, who)
    begun(world, who)
    first, second = razorpay.orders.values()
    sent = razorpay.webhook("order.paid", payment=razorpay.check_out(second["id"]), order=first)
    answer = world.send("POST", f"/v1/callbacks/razorpay/{who.merchant_id}", *sent)
    assert_refused(answer, "invalid_request")


def test_a_payment_of_another_order_in_an_answer_is_not_booked(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    payment = begun(world, who)
    paid = razorpay.check_out(payment["next_action"]["order_id"])
    read = razorpay._read
    razorpay._read = lambda path, query: (200, {"items": [paid | {"order_id": "order_x"}]}) if "orders" in path else read(path, query)  # type: ignore[method-assign]
    assert look(world, payment).body["status"] == "pending"
    assert support.show(world, who, payment["payment_id"])["review"]["reason"] == "another_object"
    assert support.balances(who, "razorpay") == (0, 0, 0)


def test_razorpays_own_client_begins_the_same(world: World, who: Signer, razorpay: FakeRazorpay) -> None:
    assert isinstance(Razorpay(support.RAZORPAY).begin(attempt()), Begun)
    (ours,) = razorpay.requests
    with RecordingServer([OBJECT]) as theirs:
        client = razorpay_sdk.Client(auth=("rzp_test_1", "secret"), base_url=theirs.url("").rstrip("/"))
        client.order.create(json.loads(ours.body))
        assert (ours.method, ours.path, json.loads(ours.body)) == (
            theirs.requests[0].method,
            theirs.requests[0].path,
            json.loads(theirs.requests[0].body),
        )
    assert set(json.loads(ours.body)) <= set(published.razorpay_answer("fake_order")) | {"payment_capture"}


# The page


@pytest.mark.parametrize("name", ["stripe", "razorpay"])
def test_the_page_lets_the_providers_hosts_in_and_shows_no_secret(
    world: World, who: Signer, request: pytest.FixtureRequest, name: str
) -> None:
    request.getfixturevalue(name)
    page = follow(world, begun(world, who))
    hosts = {
        "stripe": ["https://js.stripe.com", "https://hooks.stripe.com", "https://api.stripe.com", "https://*.js.stripe.com"],
        "razorpay": [
            "https://checkout.razorpay.com",
            "https://cdn.razorpay.com",
            "https://api.razorpay.com",
            "https://lumberjack.razorpay.com",
            "https://lumberjack-metrics.razorpay.com",
        ],
    }[name]
    policy = page.headers["content-security-policy"]
    assert {word.rstrip(";") for word in policy.split() if word.startswith("http")} == set(hosts)
    assert "default-src 'none'" in policy
    text = page.raw.decode()
    for secret in (*support.STRIPE.values(), support.RAZORPAY["key_secret"], support.RAZORPAY["webhook_secret"], support.RAZORPAY["email"]):
        assert f'"{secret}"' not in text
    assert "sk_test" not in text
    assert "whsec" not in text


def test_a_payer_whom_stripe_sends_back_sees_the_page(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = begun(world, who)
    added = "&payment_intent=pi_0&payment_intent_client_secret=pi_0_secret_0&redirect_status=succeeded"
    path, _, token = payment["next_action"]["pay_url"].partition("?t=")
    assert world.send("GET", f"{path}?t={token}{added}", []).status == 200
    assert status(world, who, payment) == "pending"
