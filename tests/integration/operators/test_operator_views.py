"""An operator looks at a merchant's page: reads alone, for half an hour, with a line on both sides."""

import json

import pytest

from paycorex.audit import chain
from paycorex.credentials import sessions, viewers
from paycorex.credentials.operators import REALM, is_operators
from tests.support import gateway
from tests.support.expectations import assert_refused, nothing_written
from tests.support.operators import Operator, grow_stale, join
from tests.support.people import Person, newcomer
from tests.support.people import join as join_merchant
from tests.support.world import Signer, World


@pytest.fixture
def operator(world: World) -> Operator:
    return join(world, "operate")


def look(operator: Operator, merchant: Signer) -> Person:
    """The browser on the merchant's page."""
    begun = operator.send("POST", f"/merchants/{merchant.merchant_id}/view", {"reason": "A question about a refund."})
    assert begun.status == 201, begun.raw
    assert "Max-Age=1800" in begun.headers["set-cookie"]
    cookie = begun.headers["set-cookie"].partition(";")[0].partition("=")[2]
    return Person(operator.world, operator.authenticator, cookie=cookie, token=sessions.csrf_token(cookie))


def test_the_merchants_page_is_read_and_says_who_looks(world: World, merchant: Signer, operator: Operator) -> None:
    page = look(operator, merchant)
    assert page.send("GET", "/v1/merchants/me").body["merchant_id"] == merchant.merchant_id
    shown = page.send("GET", "/v1/console/session").body["signed_in"]
    assert (shown["person"]["role"], shown["person"]["name"]) == ("operator_view", "An operate")
    for entry in (chain.head(REALM), chain.head(merchant.merchant_id)):
        assert entry is not None
        assert (entry.operation, entry.actor) == ("operator_begin_view", operator.operator_id)
        assert json.loads(entry.asked) == {"reason": "A question about a refund."}
    listed = world.call(merchant, "GET", "/v1/audit").body["data"][0]
    assert listed["actor_name"] == "operator An operate"


def test_an_owner_is_let_in_again_by_a_link_that_is_shown_once_and_stands_in_no_log(world: World, merchant: Signer) -> None:
    admin, owner = join(world), join_merchant(world, merchant)
    body = {"email": "owner@example.com", "name": "Asha", "reason": "She called back on the number of the contract."}
    path = f"/merchants/{merchant.merchant_id}/owners"
    first, second = (admin.send("POST", path, body) for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert (second.body["person_id"], second.body["role"], second.body["merchant_id"]) == (owner.person_id, "owner", merchant.merchant_id)
    older, secret = (reply.body["invitation_url"].partition("#welcome=")[2] for reply in (first, second))
    for entry in (chain.head(REALM), chain.head(merchant.merchant_id)):
        assert entry is not None
        assert (entry.operation, entry.actor) == ("operator_let_owner_in", admin.operator_id)
        assert json.loads(entry.asked)["reason"] == body["reason"]
        assert secret not in f"{entry.asked}{entry.before}{entry.after}"
    back = newcomer(world)
    assert back.accept(older).status != 201
    assert back.accept(secret).status == 201
    assert back.person_id == owner.person_id
    assert newcomer(world).accept(secret).status != 201


def test_an_owner_of_no_merchant_and_without_a_reason_is_not_let_in(world: World, merchant: Signer) -> None:
    admin = join(world)
    person = {"email": "new@example.com", "name": "New"}
    with nothing_written(world, but_outcomes=True):
        assert_refused(admin.send("POST", f"/merchants/{merchant.merchant_id}/owners", person), "invalid_request")
        missing = f"/merchants/mer_{'a' * 26}/owners"
        assert admin.send("POST", missing, {**person, "reason": "Asked by phone."}).status == 404


def test_nothing_can_be_changed_by_it(merchant: Signer, operator: Operator) -> None:
    page, wrong = look(operator, merchant), []
    for app in gateway.apps():
        for route in app.routes:
            if route.public or not route.mutating or is_operators(route.path) or (route.scope or "").endswith(":read"):
                continue
            target = "/".join("unknown" if part.startswith("{") else part for part in route.path.split("/"))
            reply = page.send(route.method, target)
            if (reply.status, reply.code) != (403, "forbidden"):
                wrong.append(f"{route.method} {route.path}: {reply.status}")
    assert wrong == []


def test_it_ends_by_time_by_the_operator_and_with_the_operators_rights(world: World, merchant: Signer, operator: Operator) -> None:
    page = look(operator, merchant)
    cookies = f"__Host-paycorex-operator={operator.cookie}; {sessions.COOKIE}={page.cookie}"
    ended = operator.send("DELETE", "/view", cookie=cookies)
    assert ended.body == {"ended": True}
    assert page.send("GET", "/v1/merchants/me").status == 401
    page = look(operator, merchant)
    world.clock.now += viewers.LIFETIME_SECONDS - 60
    assert page.send("GET", "/v1/merchants/me").status == 200
    world.clock.now += 61
    assert page.send("GET", "/v1/merchants/me").status == 401
    operator.sign_in()
    page = look(operator, merchant)
    admin = join(world, email="root@platform.example")
    assert admin.send("PATCH", f"/operators/{operator.operator_id}", {"status": "disabled"}).status == 200
    assert page.send("GET", "/v1/merchants/me").status == 401


def test_it_asks_for_a_reason_a_fresh_passkey_and_an_active_merchant(world: World, merchant: Signer, operator: Operator) -> None:
    path = f"/merchants/{merchant.merchant_id}/view"
    assert operator.send("POST", path, {}).status == 400
    assert operator.send("POST", "/merchants/mer_" + "a" * 26 + "/view", {"reason": "x"}).status == 404
    grow_stale(world)
    assert operator.send("POST", path, {"reason": "x"}).body["error"]["details"]["step_up"] is True
    operator.step_up()
    operator.send("POST", f"/merchants/{merchant.merchant_id}/suspend", {"reason": "x"})
    world.clock.now += 76
    assert operator.send("POST", path, {"reason": "x"}).code == "invalid_state"


def test_a_persons_own_session_is_not_ended_by_an_operator(world: World, merchant: Signer, operator: Operator) -> None:
    from tests.support.people import join as join_merchant

    owner = join_merchant(world, merchant)
    cookies = f"__Host-paycorex-operator={operator.cookie}; {sessions.COOKIE}={owner.cookie}"
    assert operator.send("DELETE", "/view", cookie=cookies).body == {"ended": False}
    assert owner.send("GET", "/v1/merchants/me").status == 200
