"""Waiting for a contended account: by time and not by count, each in turn, and given up only when the time is over."""

from collections.abc import Iterator

import pytest

from bench import contention
from paycorex.ledger import posting
from tests.fakes.fault_deciders import Call
from tests.fakes.faults import Fault, FaultyClient
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

# A refused transaction costs write units all the same.
MOST_TRIES = 40


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    signer = world.register()
    world.wallet(signer, "asha", "100.00")
    return signer


@pytest.mark.parametrize("clients", [6, 16])
def test_no_posting_is_given_up_while_others_are_faster(clients: int) -> None:
    """Transactions overlap, and the second is refused: every client has its turn, none waits the whole budget."""
    took, _seconds = contention.contend(clients)
    assert len(took) == contention.POSTINGS
    assert None not in took
    assert max(each or 0 for each in took) < posting.BUDGET_SECONDS


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.THROTTLED])
def test_a_store_that_stays_busy_is_answered_when_the_time_is_over(world: World, who: Signer, fault: Fault) -> None:
    def busy(call: Call) -> Fault:
        return fault if call.operation == "TransactWriteItems" else Fault.PASS

    before = world.dump()["test-ledgers"]
    client = FaultyClient(world.dynamo, busy)
    world.install(client, world.kms, world.sqs)
    started = world.clock.now
    assert_refused(world.call(who, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "1.00"}), "temporarily_unavailable")
    waited = world.clock.now - started
    assert posting.BUDGET_SECONDS <= waited <= posting.BUDGET_SECONDS + 2 * posting.LAST_CEILING_SECONDS
    assert posting.BUDGET_SECONDS / posting.LAST_CEILING_SECONDS < client.count("TransactWriteItems") < MOST_TRIES
    assert world.dump()["test-ledgers"] == before


def test_a_store_that_is_well_again_within_the_time_is_written_once(world: World, who: Signer) -> None:
    healthy_at = world.clock.now + posting.BUDGET_SECONDS - 1

    def busy(call: Call) -> Fault:
        is_busy = call.operation == "TransactWriteItems" and world.clock.now < healthy_at
        return Fault.CONFLICT if is_busy else Fault.PASS

    world.install(FaultyClient(world.dynamo, busy), world.kms, world.sqs)
    made = world.call(who, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "1.00"})
    assert made.status == 201, made.raw
    assert made.body["wallet"]["balance"] == "101.00"


def test_waits_are_short_at_first_longer_then_and_shorter_for_those_who_waited(world: World) -> None:
    attempt = posting._Attempt(contention.journal(0), lanes=1)
    ceilings = []
    for _ in range(20):
        ceilings.append(attempt._ceiling())
        attempt.tries += 1
    assert ceilings[0] == pytest.approx(posting.FIRST_CEILING_SECONDS, rel=0.01)
    assert ceilings[-1] == pytest.approx(posting.LAST_CEILING_SECONDS, rel=0.01)
    assert ceilings[:8] == sorted(ceilings[:8])
    world.clock.now += posting.BUDGET_SECONDS
    attempt.tries = 10_000
    assert attempt._ceiling() == pytest.approx(posting.LAST_CEILING_SECONDS * posting.LEAST_PATIENCE)


def test_where_a_try_takes_long_the_waits_are_as_long_from_the_first(world: World) -> None:
    attempt = posting._Attempt(contention.journal(0), lanes=1)
    attempt.placed()
    world.clock.now += 0.13
    assert attempt._ceiling() == pytest.approx(0.13, rel=0.01)
    attempt.placed()
    assert attempt._ceiling() == pytest.approx(posting.FIRST_CEILING_SECONDS, rel=0.01)
