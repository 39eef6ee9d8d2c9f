"""What each role may do: one table of role and scope, asked cell by cell through the authorizer and the doors."""

from collections.abc import Iterator

import pytest

from paycorex.credentials import ALL_SCOPES
from paycorex.credentials.operators import is_operators
from paycorex.credentials.roles import OWN, ROLE_NAMES, may_give, scopes_of
from tests.support import gateway
from tests.support.people import Person, join
from tests.support.world import World

# By hand, so that a change of the code's table is seen here: what every role but the two with everything lacks.
LACKS = {
    "owner": set(),
    "admin": set(),
    "developer": {
        *("payments:write", "disputes:write", "settlements:write", "wallet:write", "tokens:write", "crypto:write"),
        *("people:read", "people:write", "customers:write", "checkout:write", "risk:write"),
    },
    "finance": {
        *("wallet:write", "tokens:write", "webhooks:write", "crypto:write", "merchant:write", "people:write"),
        "customers:write",
    },
    "support": {
        *("settlements:read", "settlements:write", "wallet:write", "tokens:write", "webhooks:write", "crypto:write"),
        *("merchant:write", "people:read", "people:write", "audit:read"),
    },
    "read_only": {scope for scope in ALL_SCOPES if scope.endswith(":write")} | {"people:read", "audit:read"},
}


@pytest.fixture(scope="module")
def people() -> Iterator[dict[str, Person]]:
    world = World()
    with world.running():
        merchant = world.register()
        yield {role: join(world, merchant, role) for role in ROLE_NAMES}


@pytest.mark.parametrize("scope", [*ALL_SCOPES, OWN])
@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_has_exactly_its_scopes(role: str, scope: str) -> None:
    assert (scope in scopes_of(role)) is (scope not in LACKS[role])


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_every_signed_operation_is_open_to_a_role_exactly_by_its_scope(people: dict[str, Person], role: str) -> None:
    """A path that names nothing and an empty body: what is not refused for its scope is refused for something else, or changes nothing."""
    wrong = []
    for app in gateway.apps():
        for route in app.routes:
            if route.public or is_operators(route.path) or route.function.__name__ in {"end_session", "renew_recovery_codes"}:
                continue
            target = "/".join("unknown" if part.startswith("{") else part for part in route.path.split("/"))
            if (found := gateway.match(route.method, target)) is None or found[1] is not route:
                continue
            reply = people[role].send(route.method, target, [] if route.body else None)
            refused = reply.status == 403 and reply.body["error"]["details"] == {"scope": route.scope}
            if refused is (route.scope in scopes_of(role)) or reply.status == 401:
                wrong.append((route.method, route.path, reply.status))
    assert wrong == []


@pytest.mark.parametrize("giver", ROLE_NAMES)
@pytest.mark.parametrize("given", ROLE_NAMES)
def test_a_role_is_given_only_by_who_has_it_or_more_and_owners_by_owners_alone(giver: str, given: str) -> None:
    allowed = may_give(scopes_of(giver), giver, given)
    assert allowed is (scopes_of(given) <= scopes_of(giver) and (given != "owner" or giver == "owner"))


def test_a_name_that_is_no_role_has_no_scope() -> None:
    assert scopes_of("root") == frozenset()
