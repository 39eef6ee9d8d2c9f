"""Raising `ledger_lanes`: no reader, however old its memory of the merchant, leaves out what any writer wrote."""

import random
from collections.abc import Iterator

import pytest

from paycorex.credentials import directory
from paycorex.records.effective import NOTICE_SECONDS
from tests.support import rollups
from tests.support.expectations import assert_refused
from tests.support.payments import findings
from tests.support.warm import Environment
from tests.support.world import Signer, World

ME = "/v1/merchants/me"
AMOUNT = "1.00"


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    signer = world.register()
    world.wallet(signer, "asha", "100000.00")
    return signer


def patch(world: World, who: Signer, lanes: int) -> str | None:
    reply = world.call(who, "PATCH", ME, {"ledger_lanes": lanes})
    assert reply.status == 200, reply.raw
    moment: str | None = reply.body["ledger_lanes_effective_at"]
    return moment


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


@pytest.mark.parametrize("seed", range(6))
def test_environments_that_remember_different_records_see_every_payment(world: World, who: Signer, seed: int) -> None:
    """Readers and writers warm and cold, raises and cuts in any order, clocks between none and two minutes on."""
    dice = random.Random(seed)
    environments = [Environment() for _ in range(4)]
    paid: set[str] = set()
    for _ in range(60):
        with (chosen := dice.choice(environments)).running():
            match dice.choice(("pay", "pay", "pay", "look", "look", "set", "wait", "wait", "cold")):
                case "pay":
                    paid.add(pay(world, who))
                case "look":
                    assert_nothing_is_left_out(world, who, paid)
                case "set":
                    patch(world, who, dice.choice((1, 2, 8, 64)))
                case "wait":
                    world.clock.now += dice.choice((0.5, 10, 29, 59.999, 60, 74, 75, 120))
        if dice.random() < 0.3:
            chosen.cold()
    for environment in environments:
        with environment.running():
            assert_nothing_is_left_out(world, who, paid)
    assert findings() == []


@pytest.mark.parametrize("age", [0.0, 1.0, 14.0], ids="the reader's record was {} s old when it was read".format)
@pytest.mark.parametrize("after", [0, 1, 30, 59, 60, 61, 73, 74, 75, 76, 90])
def test_a_reader_that_read_an_old_record_just_after_the_raise_still_sees_everything(
    world: World, who: Signer, age: float, after: int
) -> None:
    reader, paid = Environment(), {pay(world, who)}
    with reader.running():
        assert_nothing_is_left_out(world, who, paid)
        # An eventually consistent read brings a record as it was before the change.
        stale = directory.find_merchant(who.merchant_id)
        assert stale is not None
    patch(world, who, 64)
    world.clock.now += age
    with reader.running():
        directory._merchants.put(who.merchant_id, stale)
    world.clock.now += max(after - age, 0)
    for _ in range(5):
        writer = Environment()
        with writer.running():
            paid.add(pay(world, who))
        with reader.running():
            assert_nothing_is_left_out(world, who, paid)


def test_more_lanes_are_used_from_the_moment_that_the_answer_names(world: World, who: Signer) -> None:
    before = world.clock.now
    moment = patch(world, who, 64)
    assert moment is not None
    assert world.call(who, "GET", ME).body["ledger_lanes"] == 64
    for _ in range(10):
        world.restart()
        pay(world, who)
    assert lanes_used(world, who) == {"0"}
    world.clock.now = before + NOTICE_SECONDS + 0.01
    assert world.call(who, "GET", ME).body["ledger_lanes_effective_at"] is None
    for _ in range(10):
        world.restart()
        pay(world, who)
    assert len(lanes_used(world, who)) > 4


def test_fewer_lanes_act_at_once_and_what_is_on_the_others_is_still_read(world: World, who: Signer) -> None:
    world.spread(who, 64)
    paid = set()
    for _ in range(10):
        world.restart()
        paid.add(pay(world, who))
    assert patch(world, who, 1) is None
    world.restart()
    before = lanes_used(world, who)
    for _ in range(5):
        world.restart()
        paid.add(pay(world, who))
    assert lanes_used(world, who) <= {"0", *before}
    assert_nothing_is_left_out(world, who, paid)


def test_a_raise_that_waits_is_not_put_off_by_being_asked_for_again_and_never_comes_early(world: World, who: Signer) -> None:
    first = patch(world, who, 8)
    world.clock.now += 40
    assert patch(world, who, 8) == first
    second = patch(world, who, 64)
    assert second is not None
    assert first is not None
    assert second > first
    world.clock.now += 40
    for _ in range(8):
        world.restart()
        pay(world, who)
    assert lanes_used(world, who) == {"0"}


def test_statistics_of_counted_rows_hold_over_a_raise(world: World, who: Signer) -> None:
    reader, paid = Environment(), set()
    for lanes in (1, 8, 64):
        patch(world, who, lanes)
        for _ in range(12):
            world.clock.now += 10
            writer = Environment()
            with writer.running():
                paid.add(pay(world, who))
            rollups.roll(rollups.stream(world))
            with reader.running():
                shown = world.call(who, "GET", "/v1/dashboard/stats").body
            assert shown["count"]["success"] == len(paid)


@pytest.mark.parametrize("lanes", [0, 65, -1, "8", 1.5])
def test_lanes_that_cannot_be_are_refused_and_nothing_changes(world: World, who: Signer, lanes: object) -> None:
    before = world.call(who, "GET", ME).body
    assert_refused(world.call(who, "PATCH", ME, {"ledger_lanes": lanes}), "invalid_request")
    assert world.call(who, "GET", ME).body == before
