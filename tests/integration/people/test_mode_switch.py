"""The console's two modes: one session of one person, about the live merchant or the test merchant beside it."""

import pytest

from paycorex.credentials.roles import ROLE_NAMES
from tests.support.expectations import assert_refused, nothing_written
from tests.support.people import Person, join
from tests.support.world import Signer, World

SESSION = "/v1/console/session"
ME = "/v1/merchants/me"


@pytest.fixture
def live(world: World) -> Signer:
    return world.register("Chai", mode="live")


@pytest.fixture
def owner(world: World, live: Signer) -> Person:
    return join(world, live)


def shown(person: Person) -> dict[str, object]:
    signed_in = person.send("GET", SESSION).body["signed_in"]
    return {name: signed_in[name] for name in ("merchant_id", "mode", "modes")}


def test_a_person_makes_test_mode_and_goes_there_and_back_in_one_session(world: World, live: Signer, owner: Person) -> None:
    assert shown(owner) == {"merchant_id": live.merchant_id, "mode": "live", "modes": ["live"]}
    made = owner.send("POST", "/v1/test")
    assert (made.status, made.body["api_key"], made.body["secret"], made.body["key_id"]) == (201, None, None, None)
    test_id = made.body["merchant_id"]
    chosen = owner.send("PATCH", SESSION, {"mode": "test"})
    assert chosen.body == {"mode": "test", "merchant_id": test_id, "merchant_name": "Chai"}
    assert shown(owner) == {"merchant_id": test_id, "mode": "test", "modes": ["live", "test"]}
    assert owner.send("GET", ME).body["merchant_id"] == test_id
    key = owner.send("POST", "/v1/merchants/apikey", {}).body
    assert key["api_key"].startswith("pcx_test_")
    test = Signer(key["api_key"], key["secret"], test_id)
    world.wallet(test, "asha", "10.00")
    assert world.pay(test, "asha", "1.00").status == 201
    assert len(owner.send("GET", "/v1/payments").body["data"]) == 1
    assert owner.send("PATCH", SESSION, {"mode": "live"}).status == 200
    assert owner.send("GET", ME).body["merchant_id"] == live.merchant_id
    assert owner.send("GET", "/v1/payments").body["data"] == []
    assert [each["session_id"] for each in owner.send("GET", "/v1/console/sessions").body["data"]] == [owner.session_id]


def test_people_and_their_sessions_are_of_no_mode(world: World, live: Signer, owner: Person) -> None:
    owner.send("POST", "/v1/test")
    owner.send("PATCH", SESSION, {"mode": "test"})
    invited = owner.send("POST", "/v1/console/users", {"email": "b@example.com", "name": "B", "role": "support"})
    assert invited.status == 201
    assert world.call(live, "GET", f"/v1/console/users/{invited.body['person_id']}").status == 200
    assert len(owner.send("GET", "/v1/console/users").body["data"]) == 2
    codes = owner.send("POST", "/v1/console/users/me/recovery_codes")
    assert (codes.status, len(codes.body["recovery_codes"]) > 0) == (201, True)
    assert owner.send("DELETE", f"/v1/console/sessions/{owner.session_id}").status == 200
    assert owner.send("GET", ME).status == 401


def test_the_audit_log_says_in_which_mode_something_was_done(live: Signer, owner: Person) -> None:
    owner.send("POST", "/v1/test")
    owner.send("PATCH", SESSION, {"mode": "test"})
    assert owner.send("PATCH", ME, {"payee_name": "Test tea"}).status == 200
    in_test = owner.send("GET", "/v1/audit").body["data"]
    assert [(each["operation"], each["actor"], each["actor_name"]) for each in in_test] == [("change_merchant", owner.person_id, "A owner")]
    owner.send("PATCH", SESSION, {"mode": "live"})
    in_live = [(each["operation"], each["asked"]) for each in owner.send("GET", "/v1/audit").body["data"]]
    assert in_live[0] == ("choose_mode", '{"mode":"live"}')
    assert in_live[1] == ("choose_mode", '{"mode":"test"}')
    assert [operation for operation, _asked in in_live[2:4]] == ["create_test_merchant", "accept_ticket"]


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_is_the_same_in_both_modes(world: World, live: Signer, role: str) -> None:
    assert world.call(live, "POST", "/v1/test").status == 201
    person = join(world, live, role)
    before = person.send("GET", SESSION).body["signed_in"]["scopes"]
    changed = person.send("PATCH", ME, {"payee_name": "Live tea"}).status
    assert person.send("PATCH", SESSION, {"mode": "test"}).status == 200
    assert person.send("GET", SESSION).body["signed_in"]["scopes"] == before
    assert person.send("PATCH", ME, {"payee_name": "Test tea"}).status == changed


def test_a_mode_that_is_not_there_is_refused_and_the_session_goes_on(world: World, live: Signer, owner: Person) -> None:
    assert owner.send("GET", ME).status == 200
    for body, code in (({"mode": "test"}, "invalid_state"), ({"mode": "both"}, "invalid_request"), ({}, "invalid_request")):
        with nothing_written(world, but_outcomes=True):
            assert_refused(owner.send("PATCH", SESSION, body), code)
    assert shown(owner) == {"merchant_id": live.merchant_id, "mode": "live", "modes": ["live"]}
    own_test = join(world, world.register("Only test", mode="test"), email="t@example.com")
    assert shown(own_test)["modes"] == ["test"]
    assert own_test.send("PATCH", SESSION, {"mode": "test"}).status == 200
    assert_refused(own_test.send("PATCH", SESSION, {"mode": "live"}), "invalid_state")
    assert_refused(own_test.send("POST", "/v1/test"), "invalid_state")


def test_no_key_chooses_a_mode(world: World, live: Signer) -> None:
    assert world.call(live, "GET", ME).status == 200
    with nothing_written(world, but_outcomes=True):
        assert_refused(world.call(live, "PATCH", SESSION, {"mode": "test"}), "forbidden")


def test_a_person_of_another_merchant_never_comes_to_this_ones_test_mode(world: World, live: Signer) -> None:
    test_id = world.call(live, "POST", "/v1/test").body["merchant_id"]
    stranger = join(world, world.register("Stranger", mode="live"), email="s@example.com")
    assert_refused(stranger.send("PATCH", SESSION, {"mode": "test"}), "invalid_state")
    assert test_id not in stranger.send("GET", ME).raw.decode()


def test_a_switch_that_is_repeated_is_one(owner: Person) -> None:
    owner.send("POST", "/v1/test")
    first = owner.send("PATCH", SESSION, {"mode": "test"}, idempotency_key="once")
    again = owner.send("PATCH", SESSION, {"mode": "test"}, idempotency_key="once")
    assert (again.status, again.body) == (200, first.body)
    assert [each["operation"] for each in owner.send("GET", "/v1/audit").body["data"]] == []


def test_a_page_that_shows_the_other_mode_is_refused_before_anything_is_done(world: World, live: Signer, owner: Person) -> None:
    """Two tabs share a session: what one shows may be over since the other was used."""
    owner.send("POST", "/v1/test")
    owner.send("PATCH", SESSION, {"mode": "test"})
    assert owner.send("GET", ME, x_mode="test").status == 200
    with nothing_written(world):
        assert owner.send("PATCH", ME, {"payee_name": "Tea"}, x_mode="live").status == 401
        assert owner.send("PATCH", SESSION, {"mode": "live"}, x_mode="live").status == 401
    assert owner.send("PATCH", SESSION, {"mode": "live"}, x_mode="test").status == 200
    assert owner.send("GET", ME, x_mode="test").status == 401
    assert owner.send("GET", ME, x_mode="live").body["merchant_id"] == live.merchant_id
