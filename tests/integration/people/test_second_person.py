"""The second person: none is made by the first, each sees what is approved, could do it, and is still there when it is done."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from paycorex import storage
from paycorex.idempotency.items import ClaimItem
from tests.integration.people.test_dangerous_acts import STRIPE, choose, decide, waiting
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.people import Person, join, newcomer, ticket_of
from tests.support.world import Signer, World

NEW_KEY = ("POST", "/v1/merchants/apikey", {"scopes": ["payments:read"]})
INVITED = {"email": "second@example.com", "name": "S"}
ADYEN = {"api_key": "adyen-secret-key-1", "merchant_account": "ShopECOM"}


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    return join(world, merchant)


@pytest.fixture
def admin(world: World, merchant: Signer, owner: Person) -> Person:
    return join(world, merchant, "admin")


def invite(person: Person, role: str) -> Reply:
    return person.send("POST", "/v1/console/users", {**INVITED, "role": role})


def settings(person: Person, **body: Any) -> Reply:
    return person.send("PATCH", "/v1/merchants/me", body)


def asked(person: Person, approval_id: str) -> Any:
    return json.loads(person.send("GET", f"/v1/approvals/{approval_id}").body["asked"])


@pytest.mark.parametrize("kind", ["refunds", "connectors", "bank_details", "write_offs"])
def test_where_any_kind_needs_two_no_one_makes_a_second_self_or_a_key_alone(world: World, owner: Person, admin: Person, kind: str) -> None:
    choose(world, owner, [kind])
    acts: list[Callable[[], Reply]] = [lambda: invite(admin, "finance"), lambda: admin.send(*NEW_KEY)]
    for act in acts:
        approval_id = waiting(act())
        assert_refused(decide(admin, approval_id), "forbidden")
        assert decide(owner, approval_id).status == 200
        assert act().status == 201


def test_an_approval_that_was_used_is_over_when_its_claim_is(world: World, owner: Person, admin: Person) -> None:
    choose(world, owner, ["bank_details"])

    def ask() -> Reply:
        return owner.send("PATCH", "/v1/merchants/me", {"payee_vpa": "first@okbank"}, idempotency_key="k")

    approval_id = waiting(ask())
    assert decide(admin, approval_id).status == 200
    assert [ask().status, ask().status] == [200, 200]
    corrected = waiting(settings(admin, payee_vpa="good@okbank"))
    assert decide(owner, corrected).status == 200
    assert settings(admin, payee_vpa="good@okbank").body["payee_vpa"] == "good@okbank"
    world.clock.now += 36 * 86_400
    for item in list(storage.scan_all(ClaimItem)):
        if int(item.expires_at) <= world.clock.now:
            storage.run(storage.delete(ClaimItem, ClaimItem.wire_key(item.claim_id), None))
    owner.sign_in()
    assert waiting(ask()) == approval_id
    assert owner.send("GET", "/v1/merchants/me").body["payee_vpa"] == "good@okbank"


def test_who_approves_a_connector_sees_what_is_no_secret_and_whether_a_secret_is_another(
    world: World, owner: Person, admin: Person
) -> None:
    assert settings(owner, connectors={"prism:adyen": ADYEN}).status == 200
    choose(world, owner, ["connectors"])

    def shown(**changed: str) -> Any:
        return asked(admin, waiting(settings(owner, connectors={"prism:adyen": {**ADYEN, **changed}})))["connectors"]["prism:adyen"]

    account, key = shown(merchant_account="OtherECOM", endpoint_prefix="abc-shop"), shown(api_key="adyen-secret-key-2")
    assert (account["endpoint_prefix"], account["merchant_account"]["as_stored"], account["api_key"]["as_stored"]) == (
        "abc-shop",
        False,
        True,
    )
    assert (key["merchant_account"]["as_stored"], key["api_key"]["as_stored"]) == (True, False)
    assert key["api_key"]["fingerprint"] != account["api_key"]["fingerprint"]
    removed = asked(admin, waiting(settings(owner, connectors={"prism:adyen": None})))
    assert removed["connectors"] == {"prism:adyen": None}
    kept = str(world.dump())
    assert not [secret for secret in ("adyen-secret-key-1", "adyen-secret-key-2", "OtherECOM") if secret in kept]


def test_a_fingerprint_is_one_merchants_and_one_fields(world: World) -> None:
    prints = []
    for name in ("One", "Two"):
        merchant = world.register(name)
        owner, admin = join(world, merchant), join(world, merchant, "admin")
        choose(world, owner, ["connectors"])
        both = {"stripe": {"secret_key": STRIPE["stripe"]["secret_key"]}, "sandbox": {"webhook_secret": STRIPE["stripe"]["secret_key"]}}
        shown = asked(admin, waiting(settings(owner, connectors=both)))["connectors"]
        prints += [shown["stripe"]["secret_key"]["fingerprint"], shown["sandbox"]["webhook_secret"]["fingerprint"]]
    assert len(set(prints)) == 4


def test_an_approval_is_of_what_was_shown(world: World, owner: Person, admin: Person) -> None:
    """The same credentials over others than those that stood then are another change."""
    first, between = {"stripe": {"secret_key": "sk_test_one"}}, {"stripe": {"secret_key": "sk_test_two"}}
    assert settings(owner, connectors=first).status == 200
    choose(world, owner, ["connectors"])
    approval_id = waiting(settings(owner, connectors=first))
    assert decide(admin, approval_id).status == 200
    other = waiting(settings(admin, connectors=between))
    assert decide(owner, other).status == 200
    assert settings(admin, connectors=between).status == 200
    world.clock.now += 80
    assert waiting(settings(owner, connectors=first)) == approval_id
    assert asked(admin, approval_id)["connectors"]["stripe"]["secret_key"]["as_stored"] is False


def test_what_is_too_long_to_be_shown_waits_for_no_one(world: World, owner: Person, admin: Person) -> None:
    choose(world, owner, ["bank_details"])
    rules = [{"connector": "sandbox", "when": {"currency": ["INR"]}}] * 700
    with nothing_written(world, but_outcomes=True):
        assert_refused(settings(owner, payee_vpa="evil@okbank", routing_rules=rules), "invalid_request")
    assert admin.send("GET", "/v1/approvals").body["data"] == []


def test_a_default_that_comes_back_is_shown(world: World, owner: Person, admin: Person) -> None:
    choose(world, owner, ["keys"])
    assert asked(admin, waiting(settings(owner, dangerous_acts=None, payee_name=None))) == {"dangerous_acts": None, "payee_name": None}


@pytest.mark.parametrize("change", ["removed", "disabled", "read_only"])
def test_an_approval_ends_with_its_approver(world: World, merchant: Signer, owner: Person, admin: Person, change: str) -> None:
    choose(world, owner, ["keys"])
    developer = join(world, merchant, "developer")
    approval_id = waiting(admin.send(*NEW_KEY))
    assert decide(developer, approval_id).status == 200
    target = f"/v1/console/users/{developer.person_id}"
    if change == "removed":
        assert owner.send("DELETE", target).status == 200
    elif change == "disabled":
        assert owner.send("PATCH", target, {"status": "disabled"}).status == 200
    else:
        given = waiting(owner.send("PATCH", target, {"role": change}))
        assert decide(admin, given).status == 200
        assert owner.send("PATCH", target, {"role": change}).status == 200
    assert waiting(admin.send(*NEW_KEY)) == approval_id
    assert decide(owner, approval_id).status == 200
    assert admin.send(*NEW_KEY).status == 201


def test_a_key_is_approved_by_who_has_all_of_its_scopes(world: World, merchant: Signer, owner: Person, admin: Person) -> None:
    choose(world, owner, ["keys"])
    developer = join(world, merchant, "developer")
    approval_id = waiting(admin.send("POST", "/v1/merchants/apikey", {"scopes": ["payments:write"]}))
    assert_refused(decide(developer, approval_id), "forbidden")
    # One without a list has the person's own.
    every = waiting(admin.send("POST", "/v1/merchants/apikey", {}))
    assert_refused(decide(developer, every), "forbidden")
    assert "payments:write" in asked(owner, every)["scopes"]
    assert decide(developer, approval_id, "reject").status == 200
    assert decide(owner, every).status == 200


def test_a_role_is_approved_by_who_could_give_it(world: World, owner: Person, admin: Person) -> None:
    second = newcomer(world)
    added = owner.send("POST", "/v1/console/users", {"email": "o2@example.com", "name": "O", "role": "owner"})
    assert second.accept(ticket_of(added)).status == 201
    choose(world, owner, ["roles"])
    approval_id = waiting(invite(owner, "owner"))
    assert_refused(decide(admin, approval_id), "forbidden")
    assert decide(second, approval_id).status == 200
    assert invite(owner, "owner").status == 201
    invited = next(each for each in owner.send("GET", "/v1/console/users").body["data"] if each["email"] == INVITED["email"])
    link = waiting(owner.send("POST", f"/v1/console/users/{invited['person_id']}/invitation"))
    assert_refused(decide(admin, link), "forbidden")
    assert asked(second, link)["of"]["role"] == "owner"
    # To take the role from an owner, too, is an owner's.
    taken = waiting(owner.send("PATCH", f"/v1/console/users/{second.person_id}", {"role": "support"}))
    assert_refused(decide(admin, taken), "forbidden")
    assert (asked(admin, taken)["role"], asked(admin, taken)["of"]["email"]) == ("support", "o2@example.com")
