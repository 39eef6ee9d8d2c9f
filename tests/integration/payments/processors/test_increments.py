"""Holds that are made larger by the library: what the processor is asked, and what its answer does to the hold."""

from typing import Any

import pytest

from tests.fakes.receiver_behaviours import CutMidBody
from tests.integration.payments.processors import fake, stripe
from tests.integration.payments.processors.test_certified import PAYER, server
from tests.integration.payments.processors.test_stripe_requests_fit import sent
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", [stripe.Fake], ids=["stripe"])
FEATURES = "incremental_authorization,overcapture"


def hold(world: World, who: Signer, server: stripe.Fake, *, asks: str = FEATURES, has: str = FEATURES, **more: Any) -> Reply:
    """A hold of 12.34. asks: what the settings name. has: what Stripe enabled for the account."""
    server.holds.features = set(has.split(","))
    credentials = {**server.credentials, "webhook_secret": server.webhook_secret, **({"card_features": asks} if asks else {})}
    support.settings(world, who, connectors={"prism:stripe": credentials}, routing_rules=[])
    given: dict[str, Any] = {"capture_method": "manual", "currency": "USD", "payer": PAYER, "security_code": "737", **more}
    return support.charge(world, who, fake.APPROVED, "12.34", **given)


def held(world: World, who: Signer, server: stripe.Fake, **more: Any) -> str:
    made = hold(world, who, server, **more)
    assert made.body.get("status") == "authorized", made.raw
    return str(made.body["payment_id"])


def larger(world: World, who: Signer, payment_id: str, amount: str = "15.00", key: str | None = None) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment_id}/increment", {"amount": amount}, key=key)


def authorized(world: World, who: Signer, payment_id: str) -> tuple[str, str]:
    payment = support.show(world, who, payment_id)
    return payment["authorization"]["amount"], payment["status"]


def test_a_hold_is_made_larger_once_and_captured_whole(world: World, who: Signer, server: stripe.Fake) -> None:
    payment_id = held(world, who, server)
    grown = [larger(world, who, payment_id, key="i") for _ in range(2)]
    assert [(reply.status, reply.body["authorization"]["amount"]) for reply in grown] == [(200, "15.00")] * 2, grown[0].raw
    (asked,) = server.asked("/increment_authorization")
    assert asked.headers["idempotency-key"].startswith("inc_")
    assert sent(server) == {"POST payment_intents", "POST increment_authorization"}
    assert larger(world, who, payment_id, "14.00").code == "invalid_amount"
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {}).status == 201
    (taken,) = server.payments.values()
    assert (taken.amount, taken.captured) == (1500, 1500)
    assert support.show(world, who, payment_id)["amount_captured"] == "15.00"
    assert support.findings() == []


def test_more_than_the_hold_is_captured_where_its_charge_says_so(world: World, who: Signer, server: stripe.Fake) -> None:
    payment_id = held(world, who, server)
    # A fifth more, in whole percent of the hold, rounded down.
    refused = world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "14.69"})
    assert refused.code == "capture_exceeds_authorization"
    assert server.asked("/capture") == []
    assert world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "14.68"}).status == 201
    assert support.show(world, who, payment_id)["amount_captured"] == "14.68"
    assert support.findings() == []


@pytest.mark.parametrize(("asks", "has"), [("", FEATURES), ("overcapture", "overcapture")], ids=["not asked", "another"])
def test_a_hold_whose_charge_does_not_say_so_is_not_made_larger(
    world: World, who: Signer, server: stripe.Fake, asks: str, has: str
) -> None:
    payment_id = held(world, who, server, asks=asks, has=has)
    assert larger(world, who, payment_id).code == "not_capturable"
    assert server.asked("/increment_authorization") == []


def test_an_account_that_may_not_ask_is_refused_the_hold(world: World, who: Signer, server: stripe.Fake) -> None:
    refused = hold(world, who, server, has="")
    assert refused.body["error"]["details"]["payment"]["attempts"][0]["code"] == "payment_intent_invalid_parameter", refused.raw
    assert server.payments == {}


def test_a_charge_that_is_not_held_asks_for_nothing_of_it(world: World, who: Signer, server: stripe.Fake) -> None:
    assert hold(world, who, server, capture_method="automatic").body["status"] == "success"
    assert b"request_" not in server.requests[-1].body.replace(b"request_three_d_secure", b"")


def held_by_fields(world: World, who: Signer, server: stripe.Fake) -> str:
    """What the payer confirmed in Stripe's fields, and is not looked up yet."""
    server.holds.features = set(FEATURES.split(","))
    given = {**server.credentials, "webhook_secret": server.webhook_secret, "publishable_key": "pk_browser", "card_features": FEATURES}
    support.settings(world, who, connectors={"prism:stripe": given}, routing_rules=[])
    body = {"amount": "12.34", "currency": "USD", "method": "tokenized", "payer": PAYER, "capture_method": "manual"}
    headers = [("Host", "shop.example"), ("X-Forwarded-Proto", "https")]
    payment_id = world.call(who, "POST", "/v1/payments/create", body, headers=headers).body["payment_id"]
    (begun,) = server.payments.values()
    server.confirm(begun)
    return str(payment_id)


def test_what_the_fields_hold_asks_for_it_too(world: World, who: Signer, server: stripe.Fake) -> None:
    payment_id = held_by_fields(world, who, server)
    support.settle_all(world)
    assert authorized(world, who, payment_id) == ("12.34", "authorized")
    assert larger(world, who, payment_id).status == 200
    assert authorized(world, who, payment_id) == ("15.00", "authorized")
    assert sent(server) >= {"POST payment_intents", "POST increment_authorization"}


def after_a_webhook(world: World, who: Signer, server: stripe.Fake) -> Reply:
    (taken,) = server.payments.values()
    headers, body = server.event(taken, "payment_intent.amount_capturable_updated")
    return world.send("POST", f"/v1/callbacks/prism:stripe/{who.merchant_id}", headers, body)


@pytest.mark.parametrize("act", ["increment", "capture"])
def test_a_hold_that_a_webhook_reported_is_asked_about_before_more_is_refused(
    world: World, who: Signer, server: stripe.Fake, act: str
) -> None:
    """The webhook of a hold names its charge, and not what that charge allows."""
    payment_id = held_by_fields(world, who, server)
    assert after_a_webhook(world, who, server).body == {"received": True, "applied": True}
    assert authorized(world, who, payment_id) == ("12.34", "authorized")
    done = world.call(who, "POST", f"/v1/payments/{payment_id}/{act}", {"amount": "14.00"})
    assert done.status in {200, 201}, done.raw
    (taken,) = server.payments.values()
    assert (taken.amount, taken.captured) == ((1400, 0) if act == "increment" else (1234, 1400))
    assert support.findings() == []


def test_a_lost_increment_that_a_webhook_reported_is_answered_under_its_key(world: World, who: Signer, server: stripe.Fake) -> None:
    payment_id = held(world, who, server)
    server.trouble["/increment_authorization"], server.acts = CutMidBody(), True
    server.trouble["/payment_intents/pi_"] = CutMidBody()
    assert larger(world, who, payment_id, key="i").status == 503
    server.trouble.clear()
    assert after_a_webhook(world, who, server).body == {"received": True, "applied": True}
    assert authorized(world, who, payment_id) == ("15.00", "authorized")
    assert larger(world, who, payment_id, key="i").status == 200
    assert larger(world, who, payment_id, key="another").code == "invalid_amount"
    (taken,) = server.payments.values()
    assert taken.amount == 1500
    assert len({request.headers["idempotency-key"] for request in server.asked("/increment_authorization")}) == 2


def test_the_issuers_refusal_leaves_the_hold_as_it_was(world: World, who: Signer, server: stripe.Fake) -> None:
    payment_id = held(world, who, server)
    refused = larger(world, who, payment_id, "15.02")
    assert (refused.status, refused.code) == (422, "not_capturable"), refused.raw
    assert refused.body["error"]["details"]["code"] == "insufficient_funds"
    assert authorized(world, who, payment_id) == ("12.34", "authorized")


def test_an_answer_that_was_lost_is_found_by_a_question(world: World, who: Signer, server: stripe.Fake) -> None:
    payment_id = held(world, who, server)
    server.trouble["/increment_authorization"], server.acts = CutMidBody(), True
    assert larger(world, who, payment_id).body["authorization"]["amount"] == "15.00"
    assert len(server.asked("/increment_authorization")) == 1
    (taken,) = server.payments.values()
    assert taken.amount == 1500


def test_what_no_question_finds_is_asked_for_again_under_the_same_key(world: World, who: Signer, server: stripe.Fake) -> None:
    payment_id = held(world, who, server)
    server.trouble["/increment_authorization"] = CutMidBody()
    assert larger(world, who, payment_id, key="i").status == 503
    assert authorized(world, who, payment_id) == ("12.34", "authorized")
    assert larger(world, who, payment_id, key="i").body["authorization"]["amount"] == "15.00"
    keys = {request.headers["idempotency-key"] for request in server.asked("/increment_authorization")}
    assert len(keys) == 1


WRONG = {"id": "pi_9", "metadata.order_id": "pay_" + "z" * 26, "amount": 9900, "currency": "eur"}


@pytest.mark.parametrize("path", WRONG)
def test_an_answer_about_something_else_makes_no_hold_larger(world: World, who: Signer, server: stripe.Fake, path: str) -> None:
    payment_id = held(world, who, server)
    server.lies, server.lies_at = {path: WRONG[path]}, "/increment_authorization"
    assert larger(world, who, payment_id).status == 503
    payment = support.show(world, who, payment_id)
    assert (payment["authorization"]["amount"], payment["review"] is None) == ("12.34", False)


def test_only_what_was_tested_is_said_to_be_possible(world: World, who: Signer, server: stripe.Fake) -> None:
    every = {}
    for name in ("prism:stripe", "prism:adyen", "prism:cybersource", "prism:worldpay", "prism:shift4", "prism:trustpayments", "prism:payu"):
        shown = world.call(who, "GET", f"/v1/processors/{name}").body
        every[name] = (shown["flows"]["increment"], any(limit["flow"] == "increment" for limit in shown["limits"]))
    assert every.pop("prism:stripe") == (True, False)
    assert every.pop("prism:payu") == (False, False)
    assert set(every.values()) == {(False, True)}
    assert server.requests == []


@pytest.mark.parametrize("features", ["multicapture", "any", "overcapture,", "overcapture overcapture"])
def test_features_are_those_that_can_be_used_by_this_way(world: World, who: Signer, server: stripe.Fake, features: str) -> None:
    given = {**server.credentials, "card_features": features}
    refused = world.call(who, "PATCH", "/v1/merchants/me", {"connectors": {"prism:stripe": given}})
    assert refused.code == "invalid_request"
    assert "card_features is some of overcapture" in refused.raw.decode()
