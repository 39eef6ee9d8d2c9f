"""Money that Stripe holds: what is sent to capture, release and enlarge it, and what is made of every answer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from paycorex import ids, settings
from paycorex.money import Money
from payments.connectors import http_calls
from payments.connectors.requests import Attempt, CaptureRequest, Captures, IncrementRequest, VoidRequest
from payments.connectors.results import (
    Approved,
    Authorized,
    Contradicts,
    Declined,
    Fault,
    NotFound,
    Released,
    Unavailable,
    Unknown,
)
from payments.connectors.stripe import charges
from payments.connectors.stripe.connector import Stripe
from tests.fakes.providers import FakeStripe
from tests.fakes.receiver_behaviours import Behaviour, CutMidBody, Hang, Reply
from tests.fakes.stripe_holds import HOLD_SECONDS, NETWORK_TRANSACTION_ID
from tests.support import payments as support
from tests.support.world import World
from tokens.instruments import Card

KEYS = {"secret_key": "sk_test_51", "webhook_secret": "whsec_stripe"}
FEATURES = ["multicapture", "overcapture", "incremental_authorization"]
PAYMENT, ATTEMPT = "pay_" + "b" * 26, "att_" + "a" * 26


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeStripe]:
    monkeypatch.setattr(http_calls, "CHARGE_SECONDS", 0.4)
    monkeypatch.setattr(http_calls, "LOOKUP_SECONDS", 0.4)
    monkeypatch.setattr(charges, "CREATE_SECONDS", 0.4)
    with World().running() as world, FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        yield server
        assert server.problems == []


def inr(minor: int) -> Money:
    return Money(minor, "INR")


def attempt(amount: Money | None = None) -> Attempt:
    return Attempt(ATTEMPT, PAYMENT, "mer_x", "tokenized", amount or inr(1000), is_manual=True)


def hold(server: FakeStripe, *features: str, number: str = support.APPROVE) -> tuple[Stripe, Authorized]:
    server.holds.features = set(features)
    connector = Stripe({**KEYS, **({"card_features": ",".join(features)} if features else {})})
    held = connector.charge(attempt(), Card(number=number, expiry_month=12, expiry_year=2031, holder=None))
    assert isinstance(held, Authorized)
    return connector, held


def take(minor: int, *, number: int = 0, final: bool = True, before: int = 0) -> CaptureRequest:
    return CaptureRequest(ids.derive("cap", str(number)), PAYMENT, "mer_x", inr(minor), "pi_0", before, final)


def release(left: int = 1000, captured: int = 0) -> VoidRequest:
    return VoidRequest("void_" + "d" * 26, PAYMENT, "mer_x", "pi_0", inr(left), captured)


def test_a_hold_says_until_when_and_what_can_be_done_with_it(server: FakeStripe) -> None:
    connector, held = hold(server)
    intent = server.intents["pi_0"]
    assert (held.provider_reference, held.amount, held.captured_minor, held.aliases) == ("pi_0", inr(1000), 0, ("ch_0",))
    assert (held.expires_ms, held.network_transaction_id) == (intent["capture_before"] * 1000, NETWORK_TRANSACTION_ID)
    assert intent["capture_before"] - intent["created"] == HOLD_SECONDS
    assert held.ability == connector.holds
    assert connector.holds.captures is Captures.ONE_PART
    assert connector.lookup(attempt()) == held


def test_features_are_asked_for_only_where_the_account_has_them(server: FakeStripe) -> None:
    _, held = hold(server, *FEATURES)
    assert held.ability is not None
    assert (held.ability.captures, held.ability.over_percent, held.ability.can_increment) == (Captures.MANY, 20, True)
    server.holds.features = set()
    refused = Stripe({**KEYS, "card_features": "multicapture"}).charge(
        replace(attempt(), attempt_id="att_" + "c" * 26), Card(number=support.APPROVE, expiry_month=12, expiry_year=2031, holder=None)
    )
    assert isinstance(refused, Declined)
    assert (refused.fault, refused.code) == (Fault.SETUP, "payment_intent_invalid_parameter")


def test_a_charge_that_is_not_held_asks_for_nothing_of_it(server: FakeStripe) -> None:
    connector = Stripe({**KEYS, "card_features": "multicapture"})
    card = Card(number=support.APPROVE, expiry_month=12, expiry_year=2031, holder=None)
    paid = connector.charge(replace(attempt(), is_manual=False), card)
    assert paid == Approved("pi_0", inr(1000), 0, ("ch_0",), NETWORK_TRANSACTION_ID)
    assert b"capture" not in server.requests[0].body


def test_one_capture_takes_a_part_and_the_rest_is_released(server: FakeStripe) -> None:
    connector, _ = hold(server)
    request = take(700)
    assert connector.capture(request) == connector.capture(request) == connector.lookup_capture(request) == Approved("ch_0", inr(700))
    assert server.asked("/capture")[0].headers["idempotency-key"] == request.capture_id
    assert connector.lookup(attempt()) == Approved("pi_0", inr(700), 0, ("ch_0",), NETWORK_TRANSACTION_ID)
    refused = connector.capture(take(300, number=1, before=700))
    assert isinstance(refused, Declined)
    assert refused.code == "not_capturable"


def test_several_captures_are_several(server: FakeStripe) -> None:
    connector, _ = hold(server, *FEATURES)
    assert connector.capture(take(300, final=False)) == Approved("ch_0", inr(300))
    assert connector.capture(take(200, number=1, final=False, before=300)) == Approved("ch_0", inr(200))
    held = connector.lookup(attempt())
    assert isinstance(held, Authorized)
    assert (held.amount, held.captured_minor) == (inr(1000), 500)
    assert held.ability is not None
    assert not held.ability.can_increment
    assert connector.lookup_capture(take(300)) == Approved("ch_0", inr(300))
    assert connector.lookup_capture(take(10, number=5, before=500)) == NotFound()
    assert connector.void(release(500, 500)) == connector.void(release(500, 500)) == Released("pi_0", 500)
    assert connector.lookup(attempt()) == Approved("pi_0", inr(500), 0, ("ch_0",), NETWORK_TRANSACTION_ID)


def test_more_than_the_hold_is_captured_where_its_card_allows_it(server: FakeStripe) -> None:
    connector, _ = hold(server, *FEATURES)
    refused = connector.capture(take(1201))
    assert isinstance(refused, Declined)
    assert refused.fault is Fault.AMOUNT
    assert connector.capture(take(1200, number=1)) == Approved("ch_0", inr(1200))


def test_a_hold_is_made_larger_where_its_card_allows_it(server: FakeStripe) -> None:
    connector, _ = hold(server, *FEATURES)
    grown = connector.increment(IncrementRequest("inc_" + "e" * 26, PAYMENT, "mer_x", "pi_0", inr(1500)))
    assert isinstance(grown, Authorized)
    assert (grown.amount, connector.lookup(attempt())) == (inr(1500), grown)
    declined = connector.increment(IncrementRequest("inc_" + "f" * 26, PAYMENT, "mer_x", "pi_0", inr(2002)))
    assert isinstance(declined, Declined)
    assert (declined.code, declined.fault) == ("insufficient_funds", Fault.PAYER)


def test_a_hold_without_the_feature_is_not_made_larger(server: FakeStripe) -> None:
    connector, _ = hold(server)
    refused = connector.increment(IncrementRequest("inc_" + "e" * 26, PAYMENT, "mer_x", "pi_0", inr(1500)))
    assert isinstance(refused, Declined)
    assert refused.fault is Fault.SETUP


def test_what_was_not_captured_is_canceled(server: FakeStripe) -> None:
    connector, _ = hold(server)
    assert connector.void(release()) == connector.void(release()) == Released("pi_0")
    assert connector.lookup(attempt()) == Released("pi_0")
    refused = connector.capture(take(100))
    assert isinstance(refused, Declined)
    assert refused.code == "not_capturable"


def test_what_was_captured_at_the_dashboard_is_not_taken_for_released(server: FakeStripe) -> None:
    connector, _ = hold(server)
    server.intents["pi_0"] |= {"status": "succeeded", "amount_received": 1000, "amount_capturable": 0}
    refused = connector.void(release())
    assert isinstance(refused, Declined)
    assert refused.code == "not_capturable"


@pytest.mark.parametrize("captured", [0, 300])
def test_a_hold_ends_by_its_time(server: FakeStripe, captured: int) -> None:
    connector, _ = hold(server, *FEATURES)
    if captured:
        connector.capture(take(captured, final=False))
    server.holds.expire(server.intents["pi_0"])
    paid = Approved("pi_0", inr(300), 0, ("ch_0",), NETWORK_TRANSACTION_ID)
    assert connector.lookup(attempt()) == (paid if captured else Released("pi_0", is_expired=True))
    refused = connector.capture(take(100, number=7, before=captured))
    assert isinstance(refused, Declined)
    assert refused.code == ("not_capturable" if captured else "authorization_expired")


def test_a_capture_is_declined(server: FakeStripe) -> None:
    connector, _ = hold(server, number="4000000000000341")
    declined = connector.capture(take(100))
    assert isinstance(declined, Declined)
    assert (declined.code, declined.fault) == ("generic_decline", Fault.PAYER)
    assert isinstance(connector.lookup(attempt()), Authorized)


TROUBLES = [Reply(500, b"{}"), Reply(409, b"{}"), Hang(), CutMidBody(), Reply(200, b"{}")]
name = lambda trouble: f"{type(trouble).__name__}{getattr(trouble, 'status', '')}"  # noqa: E731


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("trouble", TROUBLES, ids=name)
def test_a_capture_whose_answer_is_lost_is_found_by_its_name_and_made_once(server: FakeStripe, trouble: Behaviour, *, acts: bool) -> None:
    connector, _ = hold(server)
    server.trouble["/capture"], server.acts = trouble, acts
    assert isinstance(connector.capture(take(700)), Unknown)
    assert connector.lookup_capture(take(700)) == (Approved("ch_0", inr(700)) if acts else NotFound())
    assert connector.capture(take(700)) == Approved("ch_0", inr(700))
    assert server.intents["pi_0"]["amount_received"] == 700


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("trouble", TROUBLES, ids=name)
def test_a_void_whose_answer_is_lost_is_asked_for_again(server: FakeStripe, trouble: Behaviour, *, acts: bool) -> None:
    connector, _ = hold(server)
    server.trouble["/cancel"], server.acts = trouble, acts
    assert isinstance(connector.void(release()), Unknown)
    assert connector.void(release()) == Released("pi_0")


def test_a_capture_that_was_not_looked_at_is_not_made(server: FakeStripe) -> None:
    connector, _ = hold(server)
    server.trouble["/capture"] = Reply(429, b"{}")
    assert isinstance(connector.capture(take(700)), Unavailable)


def test_another_amount_is_reported_as_it_was_taken(server: FakeStripe) -> None:
    connector, _ = hold(server)
    server.holds.takes_less = 1
    assert connector.capture(take(700)) == Approved("ch_0", inr(699))
    assert connector.lookup_capture(take(700)) == Approved("ch_0", inr(699))


def test_a_capture_without_our_name_is_for_a_person(server: FakeStripe) -> None:
    """Our names are no longer on the intent: whether this capture or another one took the money cannot be said."""
    connector, _ = hold(server)
    connector.capture(take(700))
    server.intents["pi_0"]["metadata"] = {"payment_id": PAYMENT, "attempt_id": ATTEMPT}
    found = connector.lookup_capture(take(700))
    assert isinstance(found, Contradicts)
    assert found.code == "another_object"


LIES: list[tuple[dict[str, Any], str]] = [
    ({"id": "pi_9"}, "another_object"),
    ({"metadata": {"payment_id": "pay_other"}}, "another_object"),
    ({"currency": "usd"}, "another_object"),
    ({"amount_received": 10**40}, "unreadable_amount"),
    ({"amount_received": 0}, "unreadable_amount"),
    ({"latest_charge": {"id": "ch_0", "payment_intent": "pi_9"}}, "another_object"),
]


@pytest.mark.parametrize(("lie", "code"), LIES, ids=lambda value: str(value)[:40])
def test_an_answer_about_something_else_is_not_taken(
    server: FakeStripe, monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any], code: str
) -> None:
    connector, _ = hold(server)
    truthful = server._shown
    monkeypatch.setattr(server, "_shown", lambda intent, asked: (200, truthful(intent, asked)[1] | lie))
    said = connector.lookup(attempt()) if "latest_charge" in lie else connector.capture(take(700))
    assert isinstance(said, Contradicts)
    assert said.code == code


def test_webhooks_tell_of_every_step(server: FakeStripe) -> None:
    connector, _ = hold(server, *FEATURES)
    intent = server.intents["pi_0"]

    def reported(kind: str, subject: dict[str, Any]) -> object:
        headers, body = server.webhook(kind, subject)
        notice = connector.read_callback({name.lower(): (value,) for name, value in headers}, body)
        return None if notice is None else notice.result  # type: ignore[union-attr]  # a Notice

    assert reported("payment_intent.amount_capturable_updated", intent) == Authorized("pi_0", inr(1000), aliases=("ch_0",))
    connector.capture(take(300, final=False))
    assert reported("payment_intent.amount_capturable_updated", intent) == Authorized("pi_0", inr(1000), 300, aliases=("ch_0",))
    server.holds.expire(intent)
    paid = Approved("pi_0", inr(300), aliases=("ch_0",))
    assert reported("payment_intent.succeeded", intent) == paid
    assert reported("charge.captured", server.charge(intent)) == replace(paid, network_transaction_id=NETWORK_TRANSACTION_ID)


def test_webhooks_tell_of_a_hold_that_ended(server: FakeStripe) -> None:
    connector, _ = hold(server)
    intent = server.intents["pi_0"]
    server.holds.expire(intent)
    for kind, subject in (("payment_intent.canceled", intent), ("charge.expired", server.charge(intent))):
        headers, body = server.webhook(kind, subject)
        notice = connector.read_callback({name.lower(): (value,) for name, value in headers}, body)
        assert notice is not None
        assert notice.result == Released("pi_0", is_expired=True)  # type: ignore[union-attr]  # a Notice
        assert notice.payment_id == PAYMENT  # type: ignore[union-attr]
