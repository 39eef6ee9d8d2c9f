"""An event shows an object, so a key reads it only with the scope that shows the object itself; so does its delivery."""

import json

import pytest

from paycorex.credentials import ALL_SCOPES
from paycorex.records.stamps import EVENTS, scope_of
from tests.support.engine import Engine
from tests.support.expectations import assert_refused
from tests.support.webhooks import URL, register
from tests.support.world import Signer

CARD = {"user_id": "asha", "type": "card", "number": "4242424242424242", "expiry_month": 12, "expiry_year": 2031}


@pytest.fixture
def who(engine: Engine) -> Signer:
    """A merchant with events of every kind that a request makes, delivered."""
    who, _ = register(engine, URL)
    engine.world.pay(who, "asha", "1.00")
    assert engine.world.call(who, "POST", "/v1/tokens/create", CARD).status == 201
    return who


def key_with(engine: Engine, who: Signer, *scopes: str) -> Signer:
    made = engine.world.call(who, "POST", "/v1/merchants/apikey", {"scopes": list(scopes)})
    assert made.status == 201, made.raw
    engine.settle()
    engine.world.clock.now += 60
    return Signer(made.body["api_key"], made.body["secret"], who.merchant_id, made.body["key_id"])


def names(engine: Engine, who: Signer, path: str) -> set[str]:
    reply = engine.world.call(who, "GET", path)
    assert reply.status == 200, reply.raw
    return {row["event"] for row in reply.body["data"]}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_names_the_scope_of_what_it_shows(event: str) -> None:
    assert scope_of(event) in ALL_SCOPES


@pytest.mark.parametrize("scope", ["payments:read", "tokens:read", "wallet:read", "merchant:read"])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/webhooks/deliveries"])
def test_a_list_shows_the_events_of_what_the_key_may_read(engine: Engine, who: Signer, scope: str, path: str) -> None:
    narrow = key_with(engine, who, "webhooks:read", scope)
    every = names(engine, who, f"{path}?limit=100")
    shown = names(engine, narrow, f"{path}?limit=100")
    assert {scope_of(event) for event in every} >= {"payments:read", "tokens:read", "wallet:read", "merchant:read"}
    assert shown == {event for event in every if scope_of(event) in {scope, "webhooks:read"}}


def test_reading_on_after_an_event_shows_no_more(engine: Engine, who: Signer) -> None:
    narrow = key_with(engine, who, "webhooks:read", "tokens:read")
    oldest = engine.world.call(who, "GET", "/v1/events?limit=100").body["data"][-1]["id"]
    assert names(engine, narrow, f"/v1/events?after={oldest}") == {"token.created"}


@pytest.mark.parametrize("path", ["/v1/events?event=token.created", "/v1/webhooks/deliveries?event=token.created"])
def test_asking_for_events_of_something_else_is_refused(engine: Engine, who: Signer, path: str) -> None:
    narrow = key_with(engine, who, "webhooks:read", "payments:read")
    refused = engine.world.call(narrow, "GET", path)
    assert_refused(refused, "forbidden")
    assert refused.body["error"]["details"] == {"scope": "tokens:read"}


def test_one_delivery_is_shown_and_sent_again_with_the_scope_of_its_event_only(engine: Engine, who: Signer) -> None:
    narrow = key_with(engine, who, "webhooks:read", "webhooks:write", "payments:read")
    found = engine.world.call(who, "GET", "/v1/webhooks/deliveries?event=token.created").body["data"][0]
    before = engine.written()
    path = f"/v1/webhooks/deliveries/{found['delivery_id']}"
    assert_refused(engine.world.call(narrow, "GET", path), "forbidden")
    assert_refused(engine.world.call(narrow, "POST", f"{path}/redeliver"), "forbidden")
    assert engine.written() == before
    assert engine.world.call(who, "POST", f"{path}/redeliver").status == 200


def test_a_payments_deliveries_need_the_scope_of_payments(engine: Engine, who: Signer) -> None:
    narrow = key_with(engine, who, "webhooks:read", "tokens:read")
    paid = engine.world.call(who, "GET", "/v1/payments").body["data"][0]["payment_id"]
    assert_refused(engine.world.call(narrow, "GET", f"/v1/webhooks/deliveries?payment_id={paid}"), "forbidden")
    assert names(engine, who, f"/v1/webhooks/deliveries?payment_id={paid}")


def test_one_event_is_what_its_delivery_carried_and_shown_with_the_scope_of_its_object_only(engine: Engine, who: Signer) -> None:
    narrow = key_with(engine, who, "webhooks:read", "payments:read")
    found = engine.world.call(who, "GET", "/v1/events?event=token.created").body["data"][0]
    path = f"/v1/events/{found['id']}"
    shown = engine.world.call(who, "GET", path)
    assert (shown.status, shown.body) == (200, found)
    (carried,) = [each for each in engine.internet.received if each.headers["webhook-id"] == found["id"]]
    assert json.loads(carried.body) == found
    assert_refused(engine.world.call(narrow, "GET", path), "forbidden")
    other = engine.world.register()
    for caller, wanted in ((other, found["id"]), (who, f"evt_{'a' * 26}"), (who, "evt_1")):
        assert_refused(engine.world.call(caller, "GET", f"/v1/events/{wanted}"), "not_found")
