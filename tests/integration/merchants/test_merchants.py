"""Registration, keys and settings."""

import json
from typing import Any

import pytest

from paycorex import settings
from paycorex.credentials import ALL_SCOPES
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

REGISTER = "/v1/merchants/register"
APIKEY = "/v1/merchants/apikey"
ME = "/v1/merchants/me"


def register(world: World, *, key: str | None = None, **fields: Any) -> Reply:
    body = json.dumps({"name": "Chai Point", "email": "chai@example.com", **fields}).encode()
    return world.send("POST", REGISTER, [("Idempotency-Key", key)] if key else [], body)


def rotated(world: World, signer: Signer, **fields: Any) -> Signer:
    reply = world.call(signer, "POST", APIKEY, fields)
    assert reply.status == 201, reply.raw
    fresh = Signer(reply.body["api_key"], reply.body["secret"], signer.merchant_id, reply.body["key_id"], reply.body)
    world.call(fresh, "GET", ME)  # its first use is noted
    return fresh


def test_registering_an_e_mail_twice_tells_nothing(world: World) -> None:
    """Two merchants, two answers of one shape: the answer does not reveal who is registered (acceptance 18)."""
    first, second = (register(world) for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert first.body.keys() == second.body.keys()
    differing = {name for name in first.body if first.body[name] != second.body[name]}
    assert differing == {"merchant_id", "key_id", "api_key", "secret", "created_at"}


def test_registrations_from_one_address_are_limited(world: World) -> None:
    """Acceptance 18."""
    settings.use(world.settings.model_copy(update={"registrations_per_minute": 30}))
    world.clock.now -= world.clock.now % 60  # a whole minute lies ahead
    statuses = [register(world).status for _ in range(200)]
    assert statuses == [201] * 30 + [429] * 170
    with nothing_written(world):
        assert_refused(register(world), "rate_limited")
    world.clock.now += 60
    assert register(world).status == 201


def test_a_closed_deployment_registers_no_merchant(world: World) -> None:
    settings.use(world.settings.model_copy(update={"registration_mode": "closed"}))
    with nothing_written(world):
        assert_refused(register(world), "forbidden")


def test_registering_again_under_one_key_shows_no_secret_again(world: World) -> None:
    first = register(world, key="once", webhook_url="https://example.com/hook")
    with nothing_written(world):
        again = register(world, key="once", webhook_url="https://example.com/hook")
    assert (again.status, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.body["merchant_id"] == first.body["merchant_id"]
    once = ("key_id", "api_key", "secret", "webhook")
    assert [again.body[name] for name in once] == [None] * 4
    assert all(first.body[name] for name in once)


def test_a_strangers_key_refuses_no_newcomer(world: World) -> None:
    """No merchant is signed in yet, so a key belongs to its whole request: another one with it makes another merchant, with secrets."""
    squatter = register(world, key="1", name="Squatter", email="squatter@example.com")
    newcomers = [register(world, key="1"), register(world, key="1", name="Other"), register(world, key="1", email="other@example.com")]
    assert [reply.status for reply in (squatter, *newcomers)] == [201] * 4
    assert len({reply.body["merchant_id"] for reply in (squatter, *newcomers)}) == 4
    assert all(reply.body["secret"] and "idempotent-replayed" not in reply.headers for reply in newcomers)
    with nothing_written(world):
        again = register(world, key="1")
    assert (again.body["merchant_id"], again.body["secret"]) == (newcomers[0].body["merchant_id"], None)


def test_v2_only_is_asked_for_by_a_v2_request(world: World, merchant: Signer) -> None:
    """So a client that can sign v1 alone does not lock itself out."""
    wanted = {"signature_policy": "v2_only"}
    with nothing_written(world, but_outcomes=True):
        reply = world.call(merchant, "PATCH", ME, wanted, scheme="v1-ms")
    assert_refused(reply, "invalid_request")
    assert reply.body["error"]["details"] == {"field": "signature_policy"}
    assert world.call(merchant, "PATCH", ME, {"name": "Still me"}, scheme="v1-ms").status == 200
    assert world.call(merchant, "PATCH", ME, wanted).body["signature_policy"] == "v2_only"


def test_a_webhook_url_at_registration_is_the_first_endpoint(world: World) -> None:
    answer = register(world, webhook_url="https://example.com/hook").body
    (stored,) = world.dump()["test-webhook_endpoints"]
    assert stored["merchant_id"]["S"] == answer["merchant_id"]
    assert stored["endpoint_id"]["S"] == answer["webhook"]["endpoint_id"]
    assert stored["url"]["S"] == "https://example.com/hook"
    assert answer["webhook"]["secret"].startswith("whsec_")


@pytest.mark.parametrize("url", ["ftp://example.com", "example.com", "https://", "javascript:alert(1)", "https://[", "x" * 3000, ""])
def test_a_url_that_no_webhook_is_sent_to_registers_no_merchant(world: World, url: str) -> None:
    with nothing_written(world):
        assert_refused(register(world, webhook_url=url), "invalid_request")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"name": "a\u202eb"},
        {"name": None},
        {"email": "no-address"},
        {"email": "a b@example.com"},
        {"email": "a\u0001@example.com"},
        {"email": "a\u202e@example.com"},
        {"email": "a@" + "b" * 300},
        {"currency": "XXX"},
        {"currency": "inr"},
        {"currency": 1},
        {"status": "active"},
        {"merchant_id": "mer_" + "a" * 26},
    ],
    ids=str,
)
def test_a_malformed_registration_is_refused(world: World, fields: dict[str, Any]) -> None:
    with nothing_written(world):
        assert_refused(register(world, **fields), "invalid_request")


def test_a_client_that_switches_keys_midway_never_fails(world: World) -> None:
    """Both keys work for the overlap, the old one no longer than a cache lives after it (acceptance 15)."""
    first = world.register()
    for _ in range(500):
        assert world.call(first, "GET", ME).status == 200
    second = rotated(world, first, overlap_seconds=5)
    assert second.registered["previous"]["key_id"] == first.key_id
    assert [world.call(signer, "GET", ME).status for signer in (first, second)] == [200, 200]
    for _ in range(500):
        assert world.call(second, "GET", ME).status == 200
    world.clock.now += 5 + 60
    with nothing_written(world):
        assert_refused(world.call(first, "GET", ME), "unauthorized")
    assert world.call(second, "GET", ME).status == 200


def test_a_rotation_without_overlap_ends_the_old_key_within_a_minute(world: World) -> None:
    """Acceptance 15."""
    first = world.register()
    second = rotated(world, first, overlap_seconds=0)
    world.clock.now += 60
    assert_refused(world.call(first, "GET", ME), "unauthorized")
    assert world.call(second, "GET", ME).status == 200


def test_a_revoked_key_is_refused_within_a_minute(world: World) -> None:
    first = world.register()
    second = rotated(world, first)
    assert world.call(second, "DELETE", f"/v1/merchants/apikeys/{first.key_id}").body["status"] == "revoked"
    world.clock.now += 60
    assert_refused(world.call(first, "GET", ME), "unauthorized")


def test_at_most_three_keys_live_and_the_last_one_stays(world: World, merchant: Signer) -> None:
    second = rotated(world, merchant)
    third = rotated(world, second)
    with nothing_written(world, but_outcomes=True):
        assert_refused(world.call(third, "POST", APIKEY, {}), "invalid_state")
    for signer in (merchant, second):
        assert world.call(third, "DELETE", f"/v1/merchants/apikeys/{signer.key_id}").status == 200
    with nothing_written(world, but_outcomes=True):
        assert_refused(world.call(third, "DELETE", f"/v1/merchants/apikeys/{third.key_id}"), "invalid_state")
    assert [key["status"] for key in world.call(third, "GET", "/v1/merchants/apikeys").body["data"]] == ["active", "revoked", "revoked"]


def test_a_key_grants_no_scope_that_it_lacks(world: World, merchant: Signer) -> None:
    narrow = rotated(world, merchant, scopes=["merchant:write"])
    with nothing_written(world):
        assert_refused(world.call(narrow, "POST", APIKEY, {"scopes": ["payments:write"]}), "invalid_request")
    assert rotated(world, narrow).registered["scopes"] == ["merchant:write"]


def test_a_key_that_had_every_scope_may_grant_those_that_came_later(world: World, merchant: Signer) -> None:
    before = sorted(set(ALL_SCOPES) - {"disputes:read", "disputes:write"})
    old = rotated(world, merchant, scopes=before)
    every = rotated(world, old, scopes=list(ALL_SCOPES))
    assert every.registered["scopes"] == sorted(ALL_SCOPES)
    world.call(every, "DELETE", f"/v1/merchants/apikeys/{merchant.key_id}")
    narrow = rotated(world, old, scopes=[scope for scope in before if scope != "crypto:read"])
    world.call(every, "DELETE", f"/v1/merchants/apikeys/{old.key_id}")
    with nothing_written(world):
        assert_refused(world.call(narrow, "POST", APIKEY, {"scopes": ["disputes:read"]}), "invalid_request")


IMPOSSIBLE = ["9999-12-31T23:59:59-23:59", "2300-01-01T00:00:00Z", "1960-01-01T00:00:00Z", "2027-06-01T00:00:00", "soon", "", "１", 1]


@pytest.mark.parametrize("moment", [*IMPOSSIBLE, "2026-01-01T00:00:00Z"])
def test_a_key_expires_at_a_moment_that_exists_and_lies_ahead(world: World, merchant: Signer, moment: object) -> None:
    with nothing_written(world):
        assert_refused(world.call(merchant, "POST", APIKEY, {"expires_at": moment}), "invalid_request")
    assert world.call(merchant, "GET", "/v1/merchants/apikeys").status == 200


def test_settings_change_only_what_is_given(world: World, merchant: Signer) -> None:
    before = world.call(merchant, "GET", ME).body
    changed = world.call(merchant, "PATCH", ME, {"payee_vpa": "chai@bank", "payee_name": "Chai Point"})
    said_from_when = {"settings_effective_at": changed.body["settings_effective_at"]}
    assert changed.body == {**before, "payee_vpa": "chai@bank", "payee_name": "Chai Point", **said_from_when}
    assert world.call(merchant, "GET", ME).body == changed.body


@pytest.mark.parametrize(
    "fields",
    [
        {"payee_name": "a\u202eb"},
        {"payee_name": "a\nb"},
        {"payee_vpa": "no-address"},
        {"routing_rules": [{"use": []}]},
        {"routing_rules": [{"use": [{"connector": "sandbox"}], "when": {"brand": "\u0007"}}]},
        {"ledger_lanes": 0},
        {"ledger_lanes": 65},
        {"ledger_lanes": "2"},
        {"ledger_lanes": True},
        {"signature_policy": "v1_only"},
        {"crypto_tolerance_percent": 11},
        {"crypto_tolerance_percent": "1e1"},
        {"xpubs": {"ethereum": "xpub"}},
        {"xpubs": {"dogecoin": None}},
        {"email": "other@example.com"},
        {"currency": "USD"},
        {"status": "suspended"},
    ],
    ids=str,
)
def test_malformed_settings_are_refused(world: World, merchant: Signer, fields: dict[str, Any]) -> None:
    with nothing_written(world):
        assert_refused(world.call(merchant, "PATCH", ME, fields), "invalid_request")


@pytest.mark.parametrize("amount", [-1, "abc", "1e3", "1.", " 1"])
def test_a_routing_rule_needs_amounts(world: World, merchant: Signer, amount: object) -> None:
    rules = [{"use": [{"connector": "sandbox"}], "when": {"min_amount": amount}}]
    with nothing_written(world):
        assert_refused(world.call(merchant, "PATCH", ME, {"routing_rules": rules}), "invalid_amount")
