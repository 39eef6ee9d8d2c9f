"""Money that came late is given back by people as any refund: a large one asks for a fresh passkey, and for a second person."""

import json
from functools import partial
from typing import Any

import pytest

from paycorex import storage
from paycorex.approvals import demands
from paycorex.money import Money
from payments.connectors.requests import Attempt
from payments.connectors.sandbox import charges as sandbox_books
from payments.payment import settlement as settle
from payments.payment.states import Outcome
from payments.payment.versions import Change
from payments.refunds import refund as refunds
from tests.integration.people.test_dangerous_acts import choose, decide, step_up, waiting
from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.expectations import assert_refused, nothing_written
from tests.support.people import Person, join
from tests.support.world import Signer, World


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    return join(world, merchant)


@pytest.fixture
def admin(world: World, merchant: Signer, owner: Person) -> Person:
    return join(world, merchant, "admin")


def late(world: World, merchant: Signer, owner: Person, amount: str) -> str:
    """The path of the decision about money that came after its payment was canceled."""
    payment_id = support.charge(world, merchant, support.TIMEOUT_APPROVED, amount).body["payment_id"]
    assert owner.send("POST", f"/v1/payments/{payment_id}/cancel").status in {200, 202}
    support.tick(world, after_seconds=600)
    return f"/v1/payments/{payment_id}/late"


def test_a_large_one_asks_for_a_passkey_and_a_second_person(world: World, merchant: Signer, owner: Person, admin: Person) -> None:
    choose(world, owner, ["refunds"])
    path, body = late(world, merchant, owner, "5000.00"), {"action": "refund"}
    world.clock.now += demands.FRESH_SECONDS + 1
    owner.send("GET", "/v1/merchants/me")
    with nothing_written(world, but_outcomes=True):
        refused = owner.send("POST", path, body)
    assert_refused(refused, "forbidden")
    assert refused.body["error"]["details"]["step_up"] is True
    assert step_up(owner).status == 200
    approval_id = waiting(owner.send("POST", path, body))
    admin.sign_in()
    assert json.loads(admin.send("GET", f"/v1/approvals/{approval_id}").body["asked"])["of"]["amount"] == "5000.00"
    assert decide(admin, approval_id).status == 200
    done = owner.send("POST", path, body, idempotency_key="k")
    assert (done.status, done.body["amount"]) == (201, "5000.00")
    again = owner.send("POST", path, body, idempotency_key="k")
    assert (again.status, again.body["refund_id"]) == (201, done.body["refund_id"])
    assert_refused(owner.send("POST", path, body), "invalid_state")


def test_a_small_one_and_what_is_taken_ask_for_nothing(world: World, merchant: Signer, owner: Person) -> None:
    choose(world, owner, ["refunds"])
    small, large = late(world, merchant, owner, "100.00"), late(world, merchant, owner, "5000.00")
    world.clock.now += demands.FRESH_SECONDS + 1
    assert owner.send("POST", small, {"action": "refund"}).status == 201
    assert owner.send("POST", large, {"action": "accept"}).status == 200


def held(world: World, merchant: Signer) -> tuple[str, list[str]]:
    """A paid payment beside which 60.00 came twice: the path of the decision, and the names of both."""
    payment_id = support.charge(world, merchant, support.APPROVE, "60.00").body["payment_id"]
    for number in (1, 2):
        attempt = Attempt(f"att_{number}", "another", merchant.merchant_id, "tokenized", Money(60_00, "INR"))
        line = sandbox_books.charge(attempt, "sandbox", kind="charge", status="approved", way="approve")
        storage.run(storage.put(line))
        paid = Change(Outcome.PAID, connector="sandbox", provider_reference=str(line.reference), amount=Money(60_00, "INR"))
        settle.apply(support.stored(payment_id), paid)
    return f"/v1/payments/{payment_id}/late", [f"{payment_id}.{number}" for number in (1, 2)]


def test_of_two_of_one_moment_that_are_large_together_one_is_made(
    world: World, merchant: Signer, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one comes when the first has passed its door."""
    choose(world, owner, ["refunds"])
    path, (first, second) = held(world, merchant)
    real, others = refunds.refund_late, []

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(refunds, "refund_late", real)
        others.append(owner.send("POST", path, {"action": "refund", "late_id": second}))
        return real(*given)

    monkeypatch.setattr(refunds, "refund_late", overtaken)
    slow = owner.send("POST", path, {"action": "refund", "late_id": first}, idempotency_key="slow")
    assert [other.status for other in others] == [201]
    assert_refused(slow, "conflict")
    # It is no outcome of the request: the same again is met as what it is now.
    waiting(owner.send("POST", path, {"action": "refund", "late_id": first}, idempotency_key="slow"))
    assert [each["status"] in {"refunding", "refunded"} for each in owner.send("GET", path).body["data"]] == [False, True]


def test_those_that_race_stay_below_the_amount(world: World, merchant: Signer, owner: Person) -> None:
    choose(world, owner, ["refunds"])
    path, names = held(world, merchant)
    replies = run_at_once(
        world, [partial(owner.send, "POST", path, {"action": "refund", "late_id": name}) for name in names], environments=2
    )
    assert sum(reply.status == 201 for reply in replies) == 1
    assert {reply.status for reply in replies} <= {201, 403, 409}


def test_a_machine_gives_it_back_by_its_scopes(world: World, merchant: Signer, owner: Person) -> None:
    choose(world, owner, ["refunds"])
    path = late(world, merchant, owner, "5000.00")
    assert world.call(merchant, "POST", path, {"action": "refund"}).status == 201
