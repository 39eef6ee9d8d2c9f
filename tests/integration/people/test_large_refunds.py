"""Refunds above a merchant's amount: what is under way counts, and neither small parts nor one moment pass the second person."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from payments.refunds import refund as refunds
from payments.refunds import store as refunds_store
from tests.integration.people.test_dangerous_acts import choose, decide, waiting
from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.expectations import assert_refused
from tests.support.gateway import Reply
from tests.support.people import Person, join
from tests.support.world import Signer, World

LIMIT = 100_00


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def owner(world: World, merchant: Signer) -> Person:
    person = join(world, merchant)
    choose(world, person, ["refunds"])
    return person


@pytest.fixture(params=["wallet", "card, answered", "card, pending"])
def paid(request: pytest.FixtureRequest, world: World, merchant: Signer, owner: Person) -> str:
    """A payment of 500.00, and how its refunds go."""
    if request.param == "wallet":
        world.wallet(merchant, "asha", "1000")
        reply = world.pay(merchant, "asha", "500")
    else:
        number = support.REFUND_PENDING if request.param == "card, pending" else support.APPROVE
        reply = support.charge(world, merchant, number, "500.00")
    payment_id: str = reply.body["payment_id"]
    return payment_id


def refund(person: Person, payment_id: str, amount: str | None, **more: Any) -> Reply:
    body = {"payment_id": payment_id} | ({} if amount is None else {"amount": amount})
    return person.send("POST", "/v1/payments/refund", body, **more)


def reserved(payment_id: str) -> int:
    return int(support.stored(payment_id).amount_reserved)


def test_a_large_refund_in_small_parts_is_one_also_while_they_are_under_way(world: World, owner: Person, paid: str) -> None:
    assert refund(owner, paid, "90.00").status == 201
    for _ in range(3):
        waiting(refund(owner, paid, "90.00"))
    assert refund(owner, paid, "10.00").status == 201
    waiting(refund(owner, paid, "0.01"))
    assert reserved(paid) == LIMIT


def test_a_second_person_lets_more_through_once(world: World, merchant: Signer, owner: Person, paid: str) -> None:
    admin = join(world, merchant, "admin")
    assert refund(owner, paid, "90.00").status == 201
    approval_id = waiting(refund(owner, paid, "90.00"))
    assert decide(admin, approval_id).status == 200
    assert refund(owner, paid, "90.00").status == 201
    waiting(refund(owner, paid, "90.00"))
    assert reserved(paid) == 180_00


@pytest.mark.parametrize("step", [(refunds, "refundable_amount"), (refunds_store, "reserve_refund")], ids=["before the rule", "after it"])
def test_of_two_refunds_of_one_moment_that_are_large_together_one_is_made(
    world: World, owner: Person, paid: str, step: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one comes when the first has passed its door: at the latest the transaction refuses the first."""
    real: Callable[..., Any] = getattr(*step)
    others: list[Reply] = []

    def overtaken(*given: Any, **named: Any) -> Any:
        made = real(*given, **named)
        if not others:
            monkeypatch.setattr(*step, real)
            others.append(refund(owner, paid, "60.00"))
        return made

    monkeypatch.setattr(*step, overtaken)
    slow = refund(owner, paid, "60.00", idempotency_key="slow")
    assert [other.status for other in others] == [201]
    assert_refused(slow, "conflict")
    assert reserved(paid) == 60_00
    # It is no outcome of the request: the same again is met as what it is now.
    waiting(refund(owner, paid, "60.00", idempotency_key="slow"))


def test_refunds_that_race_stay_below_the_amount(world: World, owner: Person, paid: str) -> None:
    replies = run_at_once(world, [partial(refund, owner, paid, "40.00") for _ in range(8)], environments=4)
    assert sum(reply.status == 201 for reply in replies) == 2
    assert {reply.status for reply in replies} <= {201, 403, 409}
    assert reserved(paid) == 80_00


def test_a_retry_of_a_refund_is_a_replay_also_where_a_second_one_would_be_large(world: World, owner: Person, paid: str) -> None:
    first, again = (refund(owner, paid, "60.00", idempotency_key="once") for _ in range(2))
    assert (first.status, again.status, again.body["refund_id"]) == (201, 201, first.body["refund_id"])
    assert reserved(paid) == 60_00


def test_a_wallets_route_of_refunds_has_the_same_bound(world: World, merchant: Signer, owner: Person) -> None:
    world.wallet(merchant, "asha", "1000")
    paid = world.pay(merchant, "asha", "500").body["payment_id"]

    def back() -> Reply:
        return owner.send("POST", "/v1/wallet/refund", {"payment_id": paid, "amount": "60.00"})

    replies = run_at_once(world, [back] * 4, environments=4)
    assert sum(reply.status == 201 for reply in replies) == 1
    assert reserved(paid) == 60_00
    waiting(back())
