"""Commit: a step is written once; what lost is made again from what is stored by then, within a time."""

from collections.abc import Iterator

import pytest

from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.payment import PaymentItem
from payments.payment import commit, lookup, settlement, store, versions
from payments.payment.commit import Step
from tests.fakes.fault_deciders import Call
from tests.fakes.faults import Fault, FaultyClient
from tests.support import payments as support
from tests.support.world import Signer, World


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


@pytest.fixture
def payment(world: World, who: Signer) -> PaymentItem:
    return support.stored(support.charge(world, who, support.APPROVE).body["payment_id"])


def described(payment: PaymentItem, text: str, *, is_last: bool = True) -> Step[PaymentItem]:
    after = storage.copy_of(payment)
    after.description = text
    after = versions.next_revision(payment, after, clock.now_ms())
    return Step(payment, after, lambda: store.changes(payment, after), is_last=is_last)


def test_a_step_that_lost_is_made_again_from_what_is_stored(payment: PaymentItem) -> None:
    settlement.revise(payment, lambda found: described(found, "first").after)
    seen: list[str | None] = []

    def rule(found: PaymentItem) -> Step[PaymentItem]:
        seen.append(found.description)
        return described(found, f"{found.description}, second")

    done = commit.commit(rule, lambda: lookup.find(payment.merchant_id, payment.payment_id), payment)
    assert seen == [payment.description, "first"]
    assert support.stored(payment.payment_id).description == done.after.description == "first, second"


def test_with_nothing_to_do_nothing_is_written(world: World, payment: PaymentItem) -> None:
    before = world.dump()
    commit.commit(lambda found: Step(found, found), lambda: payment)
    assert world.dump() == before


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.COMMIT_THEN_TIMEOUT])
def test_it_gives_up_when_the_time_is_over(world: World, payment: PaymentItem, fault: Fault) -> None:
    def busy(call: Call) -> Fault:
        return fault if call.operation == "UpdateItem" else Fault.PASS

    client = FaultyClient(world.dynamo, busy)
    world.install(client, world.kms, world.sqs)
    started, tries = world.clock.now, iter(range(1000))
    with pytest.raises(TemporarilyUnavailable):
        settlement.revise(payment, lambda found: described(found, str(next(tries))).after)
    assert commit.BUDGET_SECONDS < world.clock.now - started <= commit.BUDGET_SECONDS + commit.LAST_CEILING_SECONDS
    assert client.count("UpdateItem") >= commit.LEAST_TRIES


def test_a_claim_that_is_taken_is_not_tried_again(world: World, who: Signer, payment: PaymentItem) -> None:
    taken = store.new_payment(support.stored(support.charge(world, who, support.APPROVE).body["payment_id"]))
    before = world.dump()
    with pytest.raises(storage.TransactionRefused):
        commit.commit(lambda found: described(found, "never"), lambda: payment, claim=[taken])
    assert world.dump() == before


def test_a_rule_that_never_ends_is_stopped_and_what_it_did_stays(payment: PaymentItem) -> None:
    def read() -> PaymentItem:
        return lookup.find(payment.merchant_id, payment.payment_id)

    with pytest.raises(TemporarilyUnavailable):
        commit.commit(lambda found: described(found, f"step {found.version}", is_last=False), read)
    assert int(read().version) == int(payment.version) + commit.MAX_STEPS
