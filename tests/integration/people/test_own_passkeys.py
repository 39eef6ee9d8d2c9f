"""One's own passkeys and recovery codes let one in: a session that was left open gives none away and makes none."""

from collections.abc import Callable

import pytest

from paycorex.approvals import demands
from tests.integration.people.test_dangerous_acts import step_up
from tests.support import gateway
from tests.support.authenticator import Authenticator
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.people import HOST, ORIGIN, Person, join, newcomer
from tests.support.world import Signer, World

ME = "/v1/console/users/me"
# Of one's own, and no way in: another mode, the end of a session, the use of a passkey, and what has a check of its own.
NO_WAY_IN = {
    "PATCH /v1/console/session",
    "DELETE /v1/console/sessions/{console_session_id}",
    "POST /v1/console/session/step_up",
    "PATCH /v1/console/session/step_up",
    "PATCH /v1/approvals/{approval_id}",
}


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    return join(world, merchant)


def add(person: Person, name: str = "Key") -> Reply:
    """Add a passkey to the person's own."""
    begun = person.send("POST", f"{ME}/passkeys/challenge")
    if begun.status != 201:
        return begun
    credential = Authenticator(ORIGIN, HOST).create(begun.body)
    return person.send("POST", f"{ME}/passkeys", {"name": name, "credential": credential})


def remove(person: Person) -> Reply:
    """Remove the person's first passkey."""
    passkeys = person.send("GET", "/v1/console/session").body["signed_in"]["person"]["passkeys"]
    return person.send("DELETE", f"{ME}/passkeys/{passkeys[0]['passkey_id']}")


def renew(person: Person) -> Reply:
    return person.send("POST", f"{ME}/recovery_codes")


ACTS: dict[str, Callable[[Person], Reply]] = {
    f"POST {ME}/passkeys/challenge": add,
    f"POST {ME}/recovery_codes": renew,
    f"DELETE {ME}/passkeys/{{passkey_id}}": remove,
}
BEGUN = f"POST {ME}/passkeys"


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_session_that_was_left_open_changes_no_way_in(world: World, owner: Person, act: Callable[[Person], Reply]) -> None:
    assert add(owner, "Another").status == 201
    world.clock.now += demands.FRESH_SECONDS + 1
    owner.send("GET", "/v1/merchants/me")
    with nothing_written(world, but_outcomes=True):
        refused = act(owner)
    assert_refused(refused, "forbidden")
    assert refused.body["error"]["details"]["step_up"] is True
    assert step_up(owner).status == 200
    assert act(owner).status in {200, 201}


def test_a_passkey_that_was_begun_in_time_is_added_in_time(world: World, owner: Person) -> None:
    world.clock.now += demands.FRESH_SECONDS - 10
    begun = owner.send("POST", f"{ME}/passkeys/challenge").body
    world.clock.now += 11
    body = {"name": "Key", "credential": Authenticator(ORIGIN, HOST).create(begun)}
    assert_refused(owner.send("POST", f"{ME}/passkeys", body), "forbidden")


def test_every_way_in_of_ones_own_is_known_here() -> None:
    with World().running():
        found = {f"{route.method} {route.path}" for route in gateway.merchants_routes() if route.mutating and route.scope == "console:own"}
    assert found == {*ACTS, BEGUN} | NO_WAY_IN


def test_who_comes_in_by_a_recovery_code_has_a_passkey_and_may_add_another(world: World, owner: Person) -> None:
    """The code itself adds one, so no session is without a passkey; its device may be lost in turn."""
    world.clock.now += demands.FRESH_SECONDS + 1
    back = newcomer(world)
    assert back.accept(owner.codes[0]).status == 201
    assert add(back).status == 201
    world.clock.now += demands.FRESH_SECONDS + 1
    assert_refused(renew(back), "forbidden")
    assert step_up(back).status == 200
    assert len(renew(back).body["recovery_codes"]) == 10
