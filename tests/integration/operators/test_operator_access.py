"""Who comes in to the operators' routes: a role by its table, cell by cell; no merchant, no key, no other origin."""

from collections.abc import Iterator

import pytest

from paycorex import aws, settings
from paycorex.credentials import operator_sessions, operators, sessions
from paycorex.credentials.operators import ROLE_NAMES, ROUTES
from tests.support import gateway
from tests.support.operators import Operator, Watch, grow_stale, join, ticket
from tests.support.people import Person, newcomer
from tests.support.people import join as join_merchant
from tests.support.world import Signer, World
from tests.unit.operations.test_admin import ask

# By hand, so that a change of the code's table is seen here. What begins with ! asks for a fresh passkey.
READ = {
    *("POST session/step_up/challenge", "POST session/step_up", "DELETE session", "DELETE view"),
    *("GET operators", "GET audit", "GET merchants", "GET merchants/{merchant_id}", "GET merchants/{merchant_id}/fee_plans"),
    *("GET chains", "GET alarms", "GET volumes", "GET reconciliation", "GET lost_records"),
    *(
        "GET payments/stuck",
        "GET reviews",
        "GET answers",
        "GET set_aside",
        "GET queues",
        "GET ledger/checkpoints",
        "GET ledger/verifications",
    ),
}
OPERATE = READ | {
    *("!POST merchants/{merchant_id}/suspend", "!POST merchants/{merchant_id}/resume", "!POST merchants/{merchant_id}/view"),
    *("POST merchants/{merchant_id}/rate", "POST queues/webhooks_dead/redrive", "!POST reviews", "!POST answers", "POST lost_records"),
    *("!POST merchants/{merchant_id}/fee_plans", "!POST merchants/{merchant_id}/periods/{month}/reopen"),
    *("POST set_aside/{loop}/{item_id}/retry", "!POST set_aside/{loop}/{item_id}/resolve", "POST ledger/verifications"),
}
ADMIN = OPERATE | {
    *("!POST operators", "!PATCH operators/{operator_id}", "!DELETE operators/{operator_id}"),
    *("!POST operators/{operator_id}/invitation", "!POST merchants/{merchant_id}/owners"),
}
MAY = {"read": READ, "operate": OPERATE, "admin": ADMIN}
KEYS = [f"{method} {path.removeprefix('/operator/v1/')}" for method, path in ROUTES]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World().running() as world:
        aws.use("cloudwatch", Watch())
        yield world
        aws.use("cloudwatch", None)


@pytest.fixture(scope="module")
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture(scope="module")
def owner(world: World, merchant: Signer) -> Person:
    world.clock.now += 61
    return join_merchant(world, merchant)


@pytest.fixture(scope="module")
def signed_in(world: World) -> dict[str, Operator]:
    return {role: join(world, role) for role in ROLE_NAMES}


def target_of(path: str) -> str:
    return "/".join("unknown" if part.startswith("{") else part for part in path.split("/"))


def body_of(method: str, path: str) -> object:
    found = gateway.match(method, target_of(path))
    assert found is not None
    # A body of another kind is refused before anything is done, and after the role was asked.
    return [] if found[1].body else None


def test_the_table_is_the_doors_and_the_doors_are_the_table(world: World) -> None:
    declared = {
        (route.method, route.path): route.scope
        for app in gateway.apps()
        for route in app.routes
        if operators.is_operators(route.path) and not route.public
    }
    assert declared == {key: needs.scope for key, needs in ROUTES.items()}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_route_is_open_to_a_role_exactly_by_the_table(world: World, signed_in: dict[str, Operator], role: str, key: str) -> None:
    method, _, rest = key.partition(" ")
    path, operator = f"/operator/v1/{rest}", signed_in[role]
    if key == "DELETE session":
        operator = join(world, role, email=f"leaving-{role}@platform.example")
    operator.sign_in()
    reply = operator.send(method, target_of(path).removeprefix("/operator/v1"), body_of(method, path))
    refused = reply.status == 403 and reply.body["error"]["details"] == {"scope": ROUTES[method, path].scope}
    assert reply.status not in {401, 500, 503}, reply.raw
    assert refused is not (key in MAY[role] or f"!{key}" in MAY[role]), reply.raw


@pytest.mark.parametrize("key", KEYS)
def test_a_route_asks_for_a_fresh_passkey_exactly_by_the_table(world: World, signed_in: dict[str, Operator], key: str) -> None:
    method, _, rest = key.partition(" ")
    path, operator = f"/operator/v1/{rest}", signed_in["admin"]
    if key == "DELETE session":
        operator = join(world, email="leaving-late@platform.example")
    operator.sign_in()
    grow_stale(world)
    reply = operator.send(method, target_of(path).removeprefix("/operator/v1"), body_of(method, path))
    asked = reply.status == 403 and reply.body["error"]["details"].get("step_up") is True
    assert asked is (f"!{key}" in ADMIN), reply.raw


def test_a_passkey_that_is_used_again_is_fresh_for_five_minutes(world: World, merchant: Signer) -> None:
    operator = join(world, "operate", email="fresh@platform.example")
    grow_stale(world)
    path = f"/merchants/{merchant.merchant_id}/suspend"
    assert operator.send("POST", path, {"reason": "Chargebacks."}).status == 403
    stepped = operator.step_up()
    assert stepped.status == 201, stepped.raw
    assert operator.send("POST", path, {"reason": "Chargebacks."}).body["status"] == "suspended"
    assert operator.send("POST", path.replace("suspend", "resume"), {"reason": "Explained."}).body["status"] == "active"
    grow_stale(world)
    assert operator.send("POST", path, {"reason": "Chargebacks."}).status == 403


def test_anothers_passkey_makes_no_session_fresh(world: World) -> None:
    operator, other = join(world, "operate", email="one@platform.example"), join(world, "operate", email="two@platform.example")
    grow_stale(world)
    challenge = operator.send("POST", "/session/step_up/challenge").body
    other.authenticator.handle = operator.authenticator.handle
    assert operator.send("POST", "/session/step_up", {"credential": other.authenticator.get(challenge)}).status == 401
    # Nor does the challenge of one session serve another person, or a sign-in.
    challenge = operator.send("POST", "/session/step_up/challenge").body
    assert other.send("POST", "/session/step_up", {"credential": other.authenticator.get(challenge)}).status == 401
    challenge = operator.send("POST", "/sessions/challenge").body
    assert operator.send("POST", "/session/step_up", {"credential": operator.authenticator.get(challenge)}).status == 401


@pytest.mark.parametrize("key", KEYS)
def test_no_merchants_person_or_key_reaches_an_operators_route(world: World, merchant: Signer, owner: Person, key: str) -> None:
    method, _, rest = key.partition(" ")
    target = target_of(f"/operator/v1/{rest}")
    assert owner.send(method, target).status == 401
    # The merchant's session under the operators' cookie, with the token that either side would make of it.
    for token in (owner.token, operator_sessions.csrf_token(owner.cookie)):
        reply = owner.send(method, target, cookie=f"{operators.COOKIE}={owner.cookie}", x_csrf_token=token)
        assert (reply.status, reply.code) == (401, "unauthorized")
    assert world.call(merchant, method, target).status == 401


def test_no_operator_reaches_a_merchants_route(world: World, merchant: Signer, signed_in: dict[str, Operator]) -> None:
    operator, wrong = signed_in["admin"], list[str]()
    operator.sign_in()
    for app in gateway.apps():
        for route in app.routes:
            if route.public or operators.is_operators(route.path):
                continue
            target = target_of(route.path)
            if gateway.match(route.method, target) is None:
                continue
            as_operator = operator.send(route.method, target)
            # The operator's session under the console's cookie, with the console's token for it.
            cookie = f"{sessions.COOKIE}={operator.cookie}"
            as_person = operator.send(route.method, target, cookie=cookie, x_csrf_token=sessions.csrf_token(operator.cookie))
            if {as_operator.status, as_person.status} != {401}:
                wrong.append(f"{route.method} {route.path}: {as_operator.status}, {as_person.status}")
    assert wrong == []


def test_a_door_refuses_a_caller_of_the_other_side_whatever_the_authorizer_says(world: World, merchant: Signer) -> None:
    from operations import door

    caller = operators.caller_of("opr_" + "a" * 26, "secret", frozenset({operators.READ})).to_context()
    for version, prefix in (("session", "opr_"), ("operator", "usr_")):
        event = gateway.proxy_event("GET", "/operator/v1/queues", [], b"") | {"resource": "/operator/v1/queues"}
        context = caller | {"key_id": prefix + "a" * 26, "signature_version": version, "signature_state": "verified"}
        event["requestContext"]["authorizer"] = context
        assert door.handler(event, None)["statusCode"] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"x_csrf_token": None},
        {"x_csrf_token": "0" * 64},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"user_agent": "curl/8"},
        {"cookie": None},
    ],
    ids=["no token", "a wrong token", "another site", "another origin of the site", "another browser", "no cookie"],
)
def test_the_cookie_alone_opens_nothing(signed_in: dict[str, Operator], headers: dict[str, str | None]) -> None:
    operator = signed_in["admin"]
    operator.sign_in()
    assert operator.send("GET", "/merchants").status == 200
    assert operator.send("GET", "/merchants", **headers).status == 401
    assert operator.send("POST", "/operators", {"email": "x@y.example", "name": "X", "role": "admin"}, **headers).status == 401


def test_where_iam_alone_lets_operators_in_no_passkey_opens_anything(world: World) -> None:
    """OperatorSignIn=iam: a session of before, a passkey, an invitation and a recovery code are all refused, and nothing is used up."""
    operator, invited = join(world, email="before@platform.example"), ticket(email="later@platform.example")
    parts = [key.partition(" ") for key in KEYS]
    before = world.settings
    world.settings = before.model_copy(update={"operator_sign_in": "iam"})
    settings.use(world.settings)
    try:
        for method, _, rest in parts:
            reply = operator.send(method, target_of(f"/{rest}"), body_of(method, f"/operator/v1/{rest}"))
            assert reply.status == 401, (method, rest, reply.raw)
        credential = operator.authenticator.get({"challenge": "AAAA"})
        registration = operator.authenticator.create({"challenge": "AAAA", "user_handle": "AAAA"})
        for method, target, body in (
            ("GET", "/session", None),
            ("POST", "/sessions/challenge", None),
            ("POST", "/sessions", {"credential": credential}),
            ("POST", "/passkeys/challenge", {"ticket": invited}),
            ("POST", "/passkeys", {"ticket": invited, "credential": registration}),
        ):
            refused = operator.send(method, target, body)
            assert (refused.status, refused.code) == (403, "forbidden"), (target, refused.raw)
            assert "OperatorSignIn" in refused.body["error"]["message"]
        assert ask("GET", "/admin/merchants").status == 200
    finally:
        world.settings = before
        settings.use(before)
    assert operator.send("GET", "/merchants").status == 200
    assert Operator(world).accept(invited).status == 201


def test_the_tokens_of_the_two_pages_differ(signed_in: dict[str, Operator]) -> None:
    operator = signed_in["read"]
    operator.sign_in()
    assert operator.send("GET", "/merchants", x_csrf_token=sessions.csrf_token(operator.cookie)).status == 401


def test_a_cookie_that_someone_planted_is_never_taken_over(world: World) -> None:
    operator = join(world, email="planted@platform.example")
    operator.cookie = "A" * 43
    assert operator.sign_in().status == 201
    assert operator.cookie != "A" * 43


def test_signing_out_ends_the_session_and_a_new_sign_in_ends_the_one_before(world: World) -> None:
    operator = join(world, email="leaves@platform.example")
    before = operator.cookie, operator.token
    operator.sign_in()
    assert operator.send("GET", "/queues", cookie=f"{operators.COOKIE}={before[0]}", x_csrf_token=before[1]).status == 401
    reply = operator.send("DELETE", "/session")
    assert reply.status == 200
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert operator.send("GET", "/queues").status == 401


def test_a_session_ends_by_time_and_without_use(world: World) -> None:
    operator = join(world, email="idle@platform.example")
    world.clock.now += sessions.IDLE_SECONDS + 1
    assert operator.send("GET", "/queues").status == 401
    operator.sign_in()
    for _ in range(24):
        world.clock.now += sessions.IDLE_SECONDS - 60
        operator.send("GET", "/queues")
    world.clock.now += sessions.IDLE_SECONDS - 60
    assert operator.send("GET", "/queues").status == 401


def test_tickets_passkeys_and_codes_of_one_page_open_nothing_on_the_other(world: World, merchant: Signer, owner: Person) -> None:
    secret = ticket("read", email="ticket@platform.example")
    world.clock.now += 61
    person, operator = newcomer(world), Operator(world)
    assert person.accept(secret).status == 404
    assert operator.accept(secret).status == 201
    assert newcomer(world).accept(operator.codes[0]).status == 404
    assert Operator(world).accept(owner.codes[0]).status == 404
    # Passkeys of one side on the other, with that side's challenge.
    challenge = operator.send("POST", "/sessions/challenge").body
    assert operator.send("POST", "/sessions", {"credential": owner.authenticator.get(challenge)}).status == 401
    challenge = owner.send("POST", "/v1/console/sessions/challenge").body
    assert owner.send("POST", "/v1/console/sessions", {"credential": operator.authenticator.get(challenge)}).status == 401
    # And with a challenge that the other side made.
    challenge = owner.send("POST", "/v1/console/sessions/challenge").body
    assert operator.send("POST", "/sessions", {"credential": operator.authenticator.get(challenge)}).status == 401


def test_an_operator_who_is_locked_out_or_removed_is_refused_at_once(world: World) -> None:
    admin = join(world, email="root@platform.example")
    operator = join(world, "operate", email="goes@platform.example")
    changed = admin.send("PATCH", f"/operators/{operator.operator_id}", {"status": "disabled"})
    assert changed.status == 200, changed.raw
    assert operator.send("GET", "/queues").status == 401
    assert operator.sign_in().status == 401
    assert admin.send("DELETE", f"/operators/{operator.operator_id}").status == 200
    assert operator.accept(operator.codes[0]).status == 404


def test_a_role_that_is_changed_acts_with_the_next_request(world: World) -> None:
    admin = join(world, email="root2@platform.example")
    operator = join(world, "operate", email="lower@platform.example")
    assert admin.send("PATCH", f"/operators/{operator.operator_id}", {"role": "read"}).status == 200
    assert operator.send("POST", "/ledger/verifications").status == 403
    assert operator.send("GET", "/queues").status == 200


def test_every_refusal_looks_the_same_from_outside(world: World, merchant: Signer) -> None:
    """Whether an operator, a session or a route is there: one answer."""
    from tests.support.people import AGENT

    targets = ("/operator/v1/merchants", f"/operator/v1/merchants/{merchant.merchant_id}", "/operator/v1/merchants/mer_none")
    replies = [world.send("GET", target, [("user-agent", AGENT)]) for target in targets]
    shown = {(reply.status, str(reply.without_request_id())) for reply in replies}
    assert len(shown) == 1
    assert replies[0].status == 401
