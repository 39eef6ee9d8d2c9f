"""Dangerous acts of a merchant's people: a passkey that was just used, and two people where the merchant says so."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from paycorex import storage
from paycorex.approvals import demands
from paycorex.audit import chain
from paycorex.records.approval import LIFETIME_SECONDS, ApprovalItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.merchant_settings import DANGEROUS_KINDS
from tests.support import gateway
from tests.support import payments as support
from tests.support.dangers import DANGEROUS, HARMLESS
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.people import Person, join
from tests.support.world import Signer, World

KINDS = ["refunds", "keys", "connectors", "bank_details", "roles"]
STRIPE = {"stripe": {"secret_key": "sk_test_verysecret1", "webhook_secret": "whsec_verysecret2"}}
Act = Callable[[Person], Reply]


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    return join(world, merchant)


@pytest.fixture
def admin(world: World, merchant: Signer, owner: Person) -> Person:
    return join(world, merchant, "admin")


@pytest.fixture
def acts(world: World, merchant: Signer) -> dict[str, Act]:
    """By kind: a request that is such an act, the same each time."""
    world.wallet(merchant, "asha", "1000")
    paid = world.pay(merchant, "asha", "500").body["payment_id"]
    return {
        "refunds": lambda person: person.send("POST", "/v1/payments/refund", {"payment_id": paid, "amount": "200.00"}),
        "keys": lambda person: person.send("POST", "/v1/merchants/apikey", {"scopes": ["payments:read"]}),
        "connectors": lambda person: person.send("PATCH", "/v1/merchants/me", {"connectors": STRIPE}),
        "bank_details": lambda person: person.send("PATCH", "/v1/merchants/me", {"payee_vpa": "tea@okbank"}),
        "roles": lambda person: person.send("POST", "/v1/console/users", {"email": "n@example.com", "name": "N", "role": "support"}),
    }


def step_up(person: Person, **changed: Any) -> Reply:
    """The person uses the passkey again."""
    challenge = person.send("POST", "/v1/console/session/step_up").body
    return person.send("PATCH", "/v1/console/session/step_up", {"credential": person.authenticator.get(challenge, **changed)})


def choose(world: World, person: Person, two_people: list[str], refund_above: str | None = "100.00") -> None:
    """Say which acts two people do, and let it act."""
    chosen = {"refund_above": refund_above, "two_people": two_people}
    assert person.send("PATCH", "/v1/merchants/me", {"dangerous_acts": chosen}).status == 200
    world.clock.now += 80


def waiting(reply: Reply) -> str:
    assert_refused(reply, "forbidden")
    return str(reply.body["error"]["details"]["approval_id"])


def decide(person: Person, approval_id: str, decision: str = "approve", **more: Any) -> Reply:
    return person.send("PATCH", f"/v1/approvals/{approval_id}", {"decision": decision, **more})


def entries(merchant: Signer) -> list[tuple[str, str, str]]:
    return [(entry.operation, entry.actor, entry.object_id) for entry in chain.after(merchant.merchant_id, 0)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_dangerous_act_asks_for_a_passkey_that_was_just_used(world: World, owner: Person, acts: dict[str, Act], kind: str) -> None:
    choose(world, owner, [])
    world.clock.now += demands.FRESH_SECONDS + 1
    owner.send("GET", "/v1/merchants/me")
    with nothing_written(world, but_outcomes=True):
        refused = acts[kind](owner)
    assert_refused(refused, "forbidden")
    assert refused.body["error"]["details"]["step_up"] is True
    assert step_up(owner).status == 200
    assert acts[kind](owner).status in {200, 201}


@pytest.fixture
def alone(world: World, merchant: Signer) -> dict[str, Act]:
    """By kind: a request that asks for a fresh passkey, and never for a second person."""
    endpoint = world.call(merchant, "POST", "/v1/webhooks/provider", {"url": "https://hooks.example.com/x"}).body["endpoint_id"]
    world.wallet(merchant, "asha", "1000")
    support.charge(world, merchant, "4000000000000259")
    support.tick(world)
    (dispute,) = storage.scan_all(DisputeItem)
    return {
        "top_ups": lambda person: person.send("POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "5.00"}),
        "webhook_secrets": lambda person: person.send("POST", f"/v1/webhooks/provider/{endpoint}/rotate", {}),
        "disputes": lambda person: person.send("POST", f"/v1/disputes/{dispute.dispute_id}/accept", {}),
    }


@pytest.mark.parametrize("kind", ["top_ups", "webhook_secrets", "disputes"])
def test_what_one_person_does_alone_asks_for_a_passkey_that_was_just_used(
    world: World, owner: Person, alone: dict[str, Act], kind: str
) -> None:
    choose(world, owner, [*DANGEROUS_KINDS])
    world.clock.now += demands.FRESH_SECONDS + 1
    owner.send("GET", "/v1/merchants/me")
    with nothing_written(world, but_outcomes=True):
        refused = alone[kind](owner)
    assert_refused(refused, "forbidden")
    assert refused.body["error"]["details"]["step_up"] is True
    assert step_up(owner).status == 200
    assert alone[kind](owner).status in {200, 201}
    assert owner.send("GET", "/v1/approvals").body["data"] == []


def test_a_dispute_that_is_only_tried_and_a_top_up_by_a_key_ask_for_nothing(
    world: World, merchant: Signer, owner: Person, alone: dict[str, Act]
) -> None:
    world.clock.now += demands.FRESH_SECONDS + 1
    (dispute,) = storage.scan_all(DisputeItem)
    assert owner.send("POST", f"/v1/disputes/{dispute.dispute_id}/accept", {"dry_run": True}).status == 200
    assert world.call(merchant, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "5.00"}).status == 201


def test_every_way_to_change_something_is_known_to_be_dangerous_or_not() -> None:
    """A new one is weighed: it moves money out, lets someone in or says where money goes, or it stands in HARMLESS."""
    with World().running():
        routes = [route for route in gateway.merchants_routes() if route.mutating and not route.public]
        found = {f"{route.method} {route.path}": route.danger is not None for route in routes}
    assert {name for name, is_dangerous in found.items() if is_dangerous} == DANGEROUS
    # One's own passkeys and recovery codes are looked at where they are added: test_own_passkeys.
    harmless = {name for name, is_dangerous in found.items() if not is_dangerous and "/console/" not in name}
    assert harmless == set(HARMLESS)


def test_what_is_not_dangerous_asks_for_nothing(world: World, merchant: Signer, owner: Person, admin: Person) -> None:
    assert owner.send("PATCH", "/v1/merchants/me", {"payee_vpa": "tea@okbank"}).status == 200
    choose(world, owner, KINDS)
    world.clock.now += demands.FRESH_SECONDS + 1
    world.wallet(merchant, "asha", "1000")
    paid = world.pay(merchant, "asha", "500").body["payment_id"]
    assert owner.send("POST", "/v1/payments/refund", {"payment_id": paid, "amount": "100.00"}).status == 201
    # The form sends what is there already, too.
    assert owner.send("PATCH", "/v1/merchants/me", {"name": "Chai", "payee_vpa": "tea@okbank"}).status == 200
    assert owner.send("PATCH", f"/v1/console/users/{admin.person_id}", {"name": "B"}).status == 200
    # To lock one out may be urgent.
    assert owner.send("PATCH", f"/v1/console/users/{admin.person_id}", {"status": "disabled"}).status == 200


def test_a_large_refund_in_small_parts_is_a_large_one(world: World, merchant: Signer, owner: Person) -> None:
    choose(world, owner, ["refunds"])
    world.wallet(merchant, "asha", "1000")
    paid = world.pay(merchant, "asha", "500").body["payment_id"]
    small = {"payment_id": paid, "amount": "60.00"}
    assert owner.send("POST", "/v1/payments/refund", small).status == 201
    waiting(owner.send("POST", "/v1/payments/refund", small))
    waiting(owner.send("POST", "/v1/payments/refund", {"payment_id": paid}))


def test_a_stale_or_foreign_passkey_is_not_fresh(world: World, owner: Person, admin: Person) -> None:
    world.clock.now += demands.FRESH_SECONDS + 1
    challenge = owner.send("POST", "/v1/console/session/step_up").body
    credential = admin.authenticator.get(challenge)
    assert owner.send("PATCH", "/v1/console/session/step_up", {"credential": credential}).status == 401
    for_sign_in = owner.send("POST", "/v1/console/sessions/challenge").body
    credential = owner.authenticator.get(for_sign_in)
    assert owner.send("PATCH", "/v1/console/session/step_up", {"credential": credential}).status == 401
    assert_refused(owner.send("POST", "/v1/merchants/apikey", {}), "forbidden")


@pytest.mark.parametrize("kind", KINDS)
def test_two_people_do_what_the_merchant_says(
    world: World, merchant: Signer, owner: Person, admin: Person, acts: dict[str, Act], kind: str
) -> None:
    choose(world, owner, [kind])
    approval_id = waiting(acts[kind](owner))
    assert waiting(acts[kind](owner)) == approval_id
    shown = admin.send("GET", "/v1/approvals").body["data"]
    assert [(one["approval_id"], one["status"], one["kinds"], one["asked_by"]) for one in shown] == [
        (approval_id, "asked", [kind], owner.person_id)
    ]
    approved = decide(admin, approval_id, reason="As agreed")
    assert approved.status == 200, approved.raw
    assert (approved.body["status"], approved.body["decided_by"]) == ("approved", admin.person_id)
    done = acts[kind](owner)
    assert done.status in {200, 201}, done.raw
    assert owner.send("GET", f"/v1/approvals/{approval_id}").body["status"] == "used"
    # Once: what is asked for again waits again. (An address that is set already is no change.)
    assert kind == "bank_details" or waiting(acts[kind](owner)) == approval_id
    made = [entry for entry in entries(merchant) if entry[2] == approval_id]
    asked, decided = ("ask_second_person", owner.person_id), ("decide_approval", admin.person_id)
    assert [(operation, actor) for operation, actor, _ in made] == ([asked, decided] if kind == "bank_details" else [asked, decided, asked])


def test_the_one_who_asks_approves_in_no_way(world: World, owner: Person, admin: Person, acts: dict[str, Act]) -> None:
    choose(world, owner, ["keys"])
    approval_id = waiting(acts["keys"](owner))
    for decision in ("approve", "reject"):
        with nothing_written(world, but_outcomes=True):
            assert_refused(decide(owner, approval_id, decision), "forbidden")
    # Another session of the same person is the same person.
    owner.sign_in()
    assert_refused(decide(owner, approval_id), "forbidden")
    assert_refused(decide(admin, approval_id, "withdraw"), "forbidden")
    waiting(acts["keys"](owner))


def test_what_was_approved_for_one_is_not_anothers_and_no_other_act(
    world: World, owner: Person, admin: Person, acts: dict[str, Act]
) -> None:
    choose(world, owner, ["keys", "connectors"])
    approval_id = waiting(acts["connectors"](owner))
    assert decide(admin, approval_id).status == 200
    other = {"stripe": {**STRIPE["stripe"], "secret_key": "sk_test_anotherone"}}
    assert waiting(owner.send("PATCH", "/v1/merchants/me", {"connectors": other})) != approval_id
    assert waiting(acts["connectors"](admin)) != approval_id
    assert waiting(acts["keys"](owner)) != approval_id
    assert acts["connectors"](owner).status == 200


def test_to_approve_takes_the_scope_and_a_fresh_passkey(
    world: World, merchant: Signer, owner: Person, admin: Person, acts: dict[str, Act]
) -> None:
    finance = join(world, merchant, "finance")
    choose(world, owner, ["keys"])
    approval_id = waiting(acts["keys"](owner))
    assert finance.send("GET", "/v1/approvals").body["data"] == []
    assert_refused(decide(finance, approval_id), "not_found")
    world.clock.now += demands.FRESH_SECONDS + 1
    stale = decide(admin, approval_id)
    assert_refused(stale, "forbidden")
    assert stale.body["error"]["details"]["step_up"] is True
    assert step_up(admin).status == 200
    assert decide(admin, approval_id).status == 200


@pytest.mark.parametrize("decision", ["reject", "withdraw"])
@pytest.mark.parametrize("is_approved", [False, True])
def test_what_is_rejected_or_withdrawn_is_not_done(
    world: World, owner: Person, admin: Person, acts: dict[str, Act], decision: str, is_approved: bool
) -> None:
    choose(world, owner, ["keys"])
    approval_id = waiting(acts["keys"](owner))
    if is_approved:
        assert decide(admin, approval_id).status == 200
    decider = admin if decision == "reject" else owner
    assert decide(decider, approval_id, decision).body["status"] == ("rejected" if decision == "reject" else "withdrawn")
    assert_refused(decide(admin, approval_id), "invalid_state")
    assert waiting(acts["keys"](owner)) == approval_id


@pytest.mark.parametrize("is_approved", [False, True])
def test_what_waits_is_over_after_a_day(world: World, owner: Person, admin: Person, acts: dict[str, Act], is_approved: bool) -> None:
    choose(world, owner, ["keys"])
    approval_id = waiting(acts["keys"](owner))
    if is_approved:
        assert decide(admin, approval_id).status == 200
    world.clock.now += LIFETIME_SECONDS
    for person in (owner, admin):
        person.sign_in()
    assert admin.send("GET", f"/v1/approvals/{approval_id}").body["status"] == "expired"
    assert_refused(decide(admin, approval_id), "invalid_state")
    waiting(acts["keys"](owner))
    assert admin.send("GET", f"/v1/approvals/{approval_id}").body["status"] == "asked"


def test_a_repetition_of_the_request_that_used_it_is_answered_from_the_first(
    world: World, owner: Person, admin: Person, acts: dict[str, Act]
) -> None:
    choose(world, owner, ["keys"])
    body = {"scopes": ["payments:read"]}

    def ask(key: str) -> Reply:
        return owner.send("POST", "/v1/merchants/apikey", body, idempotency_key=key)

    approval_id = waiting(ask("one"))
    assert decide(admin, approval_id).status == 200
    first, again = ask("two"), ask("two")
    assert (first.status, again.status, again.body["key_id"]) == (201, 201, first.body["key_id"])
    waiting(ask("three"))


def test_the_rule_itself_is_changed_by_two_and_by_no_key(world: World, merchant: Signer, owner: Person, admin: Person) -> None:
    with nothing_written(world, but_outcomes=True):
        refused = world.call(merchant, "PATCH", "/v1/merchants/me", {"dangerous_acts": {"two_people": []}})
    assert_refused(refused, "forbidden")
    choose(world, owner, ["keys"])
    loosened: dict[str, Any] = {"dangerous_acts": {"two_people": []}}
    approval_id = waiting(owner.send("PATCH", "/v1/merchants/me", loosened))
    assert decide(admin, approval_id).status == 200
    changed = owner.send("PATCH", "/v1/merchants/me", loosened)
    assert changed.body["dangerous_acts"] == {"refund_above": None, "two_people": []}


def test_a_machine_is_bound_by_its_scopes_alone(world: World, merchant: Signer, owner: Person) -> None:
    choose(world, owner, KINDS)
    world.wallet(merchant, "asha", "1000")
    paid = world.pay(merchant, "asha", "500").body["payment_id"]
    assert world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": paid}).status == 201


def test_no_secret_of_what_waits_is_kept_or_shown(
    world: World, merchant: Signer, owner: Person, admin: Person, acts: dict[str, Act]
) -> None:
    choose(world, owner, ["connectors"])
    approval_id = waiting(acts["connectors"](owner))
    shown = admin.send("GET", f"/v1/approvals/{approval_id}").raw.decode()
    kept = str(list(storage.scan_all(ApprovalItem))) + str(world.dump())
    for secret in ("sk_test_verysecret1", "whsec_verysecret2"):
        assert secret not in shown + kept
    assert "stripe" in json.loads(json.loads(shown)["asked"])["connectors"]


def test_another_merchants_people_see_and_decide_nothing(world: World, owner: Person, admin: Person, acts: dict[str, Act]) -> None:
    stranger = join(world, world.register("Other"))
    choose(world, owner, ["keys"])
    approval_id = waiting(acts["keys"](owner))
    assert stranger.send("GET", "/v1/approvals").body["data"] == []
    assert_refused(decide(stranger, approval_id), "not_found")
