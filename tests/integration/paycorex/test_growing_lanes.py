"""Lanes that grow: no reader, however old its memory of the merchant, leaves out what any writer wrote, and growth has its bounds."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import ledger
from paycorex.credentials import directory
from paycorex.ledger import lane_counts, lanes, posting
from tests.fakes.aws_errors import client_error, operation_names
from tests.fakes.fault_deciders import Call
from tests.fakes.faults import Fault, FaultyClient
from tests.support import rollups
from tests.support.expectations import assert_refused
from tests.support.payments import findings
from tests.support.warm import Environment
from tests.support.world import Signer, World

ME = "/v1/merchants/me"
AMOUNT = "1.00"
MANY = posting.REFUSALS_PER_LANE_ASKED


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    signer = world.register()
    world.wallet(signer, "asha", "100000.00")
    return signer


def bound(world: World, who: Signer, lanes: int) -> None:
    reply = world.call(who, "PATCH", ME, {"ledger_lanes": lanes})
    assert reply.status == 200, reply.raw
    assert reply.body["ledger_lanes_effective_at"] is None


def pay(world: World, who: Signer) -> str:
    made = world.pay(who, "asha", AMOUNT)
    assert made.status == 201, made.raw
    payment_id: str = made.body["payment_id"]
    return payment_id


def all_pages(world: World, who: Signer, target: str) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = world.call(who, "GET", f"{target}?limit=7{cursor}").body
        found += [row.get("payment_id") or row["reference"]["id"] for row in page["data"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def assert_nothing_is_left_out(world: World, who: Signer, paid: set[str]) -> None:
    """Lists, CSV, ledger, balance and statistics, in the environment that runs."""
    for target in ("/v1/payments", "/v1/dashboard/payments"):
        assert set(all_pages(world, who, target)) == paid, target
    for target in ("/v1/dashboard/payments", "/v1/dashboard/ledgers"):
        assert world.call(who, "GET", f"{target}?format=csv").raw.count(b"\r\n") == len(paid) + 1, target
    assert len(world.call(who, "GET", "/v1/dashboard/ledgers?limit=100").body["data"]) == min(len(paid), 100)
    shown = world.call(who, "GET", "/v1/dashboard/stats").body
    assert shown["balance"] == shown["volume"] == f"{len(paid)}.00"
    assert shown["count"]["success"] == len(paid)


def lanes_used(world: World, who: Signer) -> set[str]:
    prefix = f"{who.merchant_id}#merchant#"
    return {account.rpartition("#")[2] for item in world.dump()["test-ledgers"] if (account := item["account"]["S"]).startswith(prefix)}


def grow(who: Signer, world: World) -> int:
    """As a posting does that the lanes refused again and again, in the environment that runs."""
    world.clock.now += lane_counts.GROWTH_SECONDS
    return lanes.ask_for_more(who.merchant_id, lane_counts.read(who.merchant_id).used)


@pytest.mark.parametrize("seed", range(6))
def test_environments_that_remember_different_counts_see_every_payment(world: World, who: Signer, seed: int) -> None:
    """Readers and writers warm and cold, growth and bounds in any order, clocks between none and two minutes on."""
    dice = random.Random(seed)
    environments = [Environment() for _ in range(4)]
    paid: set[str] = set()
    for _ in range(60):
        with (chosen := dice.choice(environments)).running():
            match dice.choice(("pay", "pay", "pay", "look", "look", "bound", "grow", "grow", "wait", "cold")):
                case "pay":
                    paid.add(pay(world, who))
                case "look":
                    assert_nothing_is_left_out(world, who, paid)
                case "bound":
                    bound(world, who, dice.choice((1, 2, 8, 64)))
                case "grow":
                    grow(who, world)
                case "wait":
                    world.clock.now += dice.choice((0.5, 10, 29, 59.999, 60, 74, 75, 120))
        if dice.random() < 0.3:
            chosen.cold()
    for environment in environments:
        with environment.running():
            assert_nothing_is_left_out(world, who, paid)
    assert len(lanes_used(world, who)) > 1
    assert findings() == []


def test_a_reader_that_remembers_the_merchant_of_before_sees_what_is_on_new_lanes_at_once(world: World, who: Signer) -> None:
    reader, paid = Environment(), {pay(world, who)}
    with reader.running():
        assert_nothing_is_left_out(world, who, paid)
    for _ in range(6):
        writer = Environment()
        with writer.running():
            grow(who, world)
            for _ in range(3):
                paid.add(pay(world, who))
        with reader.running():
            remembered = directory.find_merchant(who.merchant_id)
            assert remembered is not None
            assert remembered.settings.open_ledger_lanes == 1
            assert_nothing_is_left_out(world, who, paid)
    assert len(lanes_used(world, who)) > 3


def test_lanes_are_read_consistently(world: World, who: Signer) -> None:
    """A table whose eventually consistent reads lag behind shows the newest count all the same."""
    with World(eventual_lag=5.0).running() as lagging:
        late = lagging.register()
        with Environment().running():
            for expected in (2, 4, 8):
                grow(late, lagging)
                assert ledger.lanes_to_read(late.merchant_id) == expected
    assert world
    assert who


def test_growth_doubles_is_bounded_and_comes_at_most_every_few_seconds(world: World, who: Signer) -> None:
    seen = [grow(who, world) for _ in range(8)]
    assert seen == [2, 4, 8, 16, 32, 64, 64, 64]
    other = world.register("Other")
    bound(world, other, 3)
    assert [grow(other, world) for _ in range(4)] == [2, 3, 3, 3]
    bound(world, other, 64)
    assert lanes.ask_for_more(other.merchant_id, 3) == 6
    assert lanes.ask_for_more(other.merchant_id, 6) == 6
    world.clock.now += lane_counts.GROWTH_SECONDS
    assert lanes.ask_for_more(other.merchant_id, 6) == 12


def test_of_two_that_grow_the_same_count_one_does_and_the_other_learns_of_it(world: World, who: Signer) -> None:
    world.clock.now += lane_counts.GROWTH_SECONDS
    seen = lane_counts.read(who.merchant_id)
    assert lane_counts.grow(who.merchant_id, seen).open == 2
    assert lane_counts.grow(who.merchant_id, seen).open == 2
    assert lane_counts.read(who.merchant_id).open == 2
    assert lane_counts.grow("mer_unknown", lane_counts.LaneCounts()).open == 1
    assert all(item["merchant_id"]["S"] != "mer_unknown" for item in world.dump()["test-merchants"])


class RefusingChain:
    """A client that refuses transactions because of one kind of account, so many times; then calls on `merchants` have a fault."""

    def __init__(self, client: Any, entity: str, times: int, *, operation: str = "", fault: Fault = Fault.PASS) -> None:
        self.left = times
        self._mark = f"#{entity}#"
        self._client = FaultyClient(client, lambda call: self._fault_of(call, operation, fault))

    def __getattr__(self, name: str) -> Any:
        operation = operation_names("dynamodb")[name]
        return lambda **request: self._make_api_call(operation, request)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> Any:
        if operation != "TransactWriteItems" or self.left == 0:
            return self._client._make_api_call(operation, request)
        self.left -= 1
        accounts = [next(iter(write.values())).get("Item", {}).get("account", {}).get("S", "") for write in request["TransactItems"]]
        reasons = [{"Code": "TransactionConflict" if self._mark in account else "None"} for account in accounts]
        raise client_error("dynamodb", operation, "TransactionCanceledException", "refused", CancellationReasons=reasons)

    def _fault_of(self, call: Call, operation: str, fault: Fault) -> Fault:
        return fault if self.left == 0 and call.operation == operation and call.tables == ("test-merchants",) else Fault.PASS


def refuse(world: World, entity: str, times: int, **faults: Any) -> RefusingChain:
    client = RefusingChain(world.dynamo, entity, times, **faults)
    world.install(client, world.kms, world.sqs)
    return client


@pytest.mark.parametrize(("entity", "times", "lanes"), [("merchant", MANY - 1, 1), ("merchant", MANY, 2), ("wallet", MANY, 1)])
def test_a_payment_that_lanes_refused_again_and_again_opens_more_and_is_booked_once(
    world: World, who: Signer, entity: str, times: int, lanes: int
) -> None:
    """A wallet has one chain, and more lanes would not help it."""
    pay(world, who)
    client = refuse(world, entity, times)
    pay(world, who)
    assert client.left == 0
    assert ledger.lanes_to_read(who.merchant_id) == lanes
    assert world.call(who, "GET", ME).body["open_ledger_lanes"] == lanes
    assert world.call(who, "GET", "/v1/dashboard/stats").body["count"]["success"] == 2
    assert findings() == []


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.COMMIT_THEN_TIMEOUT, Fault.INTERNAL_ERROR])
@pytest.mark.parametrize("operation", ["GetItem", "UpdateItem"])
def test_lanes_that_cannot_be_asked_for_leave_the_payment_with_those_it_knows(
    world: World, who: Signer, fault: Fault, operation: str
) -> None:
    pay(world, who)
    client = refuse(world, "merchant", MANY, operation=operation, fault=fault)
    pay(world, who)
    assert client.left == 0
    assert lanes.known_lanes(who.merchant_id, 1) == 1
    world.install(world.dynamo, world.kms, world.sqs)
    assert world.call(who, "GET", "/v1/dashboard/stats").body["count"]["success"] == 2
    assert findings() == []


def test_fewer_lanes_than_are_open_act_at_once_and_what_is_on_the_others_is_still_read(world: World, who: Signer) -> None:
    world.spread(who, 64)
    paid = set()
    for _ in range(10):
        world.restart()
        paid.add(pay(world, who))
    bound(world, who, 1)
    world.restart()
    before = lanes_used(world, who)
    for _ in range(5):
        world.restart()
        paid.add(pay(world, who))
    assert lanes_used(world, who) <= {"0", *before}
    assert_nothing_is_left_out(world, who, paid)


def test_statistics_of_counted_rows_hold_while_lanes_grow(world: World, who: Signer) -> None:
    reader, paid = Environment(), set()
    for _ in range(6):
        for _ in range(6):
            world.clock.now += 10
            writer = Environment()
            with writer.running():
                grow(who, world)
                paid.add(pay(world, who))
            rollups.roll(rollups.stream(world))
            with reader.running():
                shown = world.call(who, "GET", "/v1/dashboard/stats").body
            assert shown["count"]["success"] == len(paid)


@pytest.mark.parametrize("lanes", [0, 65, -1, "8", 1.5])
def test_a_bound_that_cannot_be_is_refused_and_nothing_changes(world: World, who: Signer, lanes: object) -> None:
    before = world.call(who, "GET", ME).body
    assert_refused(world.call(who, "PATCH", ME, {"ledger_lanes": lanes}), "invalid_request")
    assert world.call(who, "GET", ME).body == before
