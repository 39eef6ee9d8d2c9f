"""Imports that begin by themselves: one a day for each connector that can be asked, of every merchant, whatever ticks there are."""

from collections.abc import Callable

import pytest

from paycorex import settings, storage
from paycorex.records.merchant import MerchantItem
from paycorex.records.settlement_import import READING, SettlementImportItem
from settlements.sources import daily
from tests.scenarios.poison import Operator, spoil
from tests.support import payments as support
from tests.support.world import Signer, World

ALWAYS: Callable[[], bool] = lambda: True  # noqa: E731
DAY_SECONDS = 86_400


@pytest.fixture
def world(world: World) -> World:
    """One of days, not of minutes."""
    settings.use(world.settings.model_copy(update={"stage": "dev"}))
    return world


def begun() -> list[tuple[str, str]]:
    """Merchant and source of all imports that are being read."""
    return sorted((item.merchant_id, item.source) for item in storage.scan_all(SettlementImportItem) if item.due_at is not None)


def test_each_merchants_connectors_are_read_once_a_day(world: World, merchant: Signer) -> None:
    other = world.register("Other")
    support.settings(world, other, connectors={"stripe": support.STRIPE, "razorpay": support.RAZORPAY}, payee_name="Chai & Co")
    assert daily.tick(ALWAYS) == 3
    assert daily.tick(ALWAYS) == 0
    expected = sorted([(merchant.merchant_id, "sandbox"), (other.merchant_id, "razorpay"), (other.merchant_id, "stripe")])
    assert begun() == expected
    (of_merchant,) = (each for each in storage.scan_all(SettlementImportItem) if each.merchant_id == merchant.merchant_id)
    assert (of_merchant.status, int(of_merchant.to_ms or 0) - int(of_merchant.from_ms or 0)) == (READING, daily.LOOK_BACK_DAYS * 86_400_000)
    world.clock.now += DAY_SECONDS
    assert daily.tick(ALWAYS) == 3
    assert len(begun()) == 6


def test_two_ticks_at_once_begin_each_import_once(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [merchant.merchant_id, *(world.register(f"Shop {number}").merchant_id for number in range(4))]
    monkeypatch.setattr(daily, "MERCHANTS", 2)
    begin = daily._begin
    counts: list[int] = []
    inside: list[int] = []

    def begin_and_tick(found: MerchantItem) -> int:
        made = begin(found)
        if not inside:
            inside.append(1)
            counts.append(daily.tick(ALWAYS))
        return made

    monkeypatch.setattr(daily, "_begin", begin_and_tick)
    counts.append(daily.tick(ALWAYS))
    assert sum(counts) == len(names)
    assert begun() == sorted((name, "sandbox") for name in names)


def test_a_tick_without_time_left_is_gone_on_by_the_next(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        world.register(f"Shop {number}")
    monkeypatch.setattr(daily, "MERCHANTS", 2)
    turns = iter([True, False])
    assert daily.tick(lambda: next(turns)) == 2
    assert daily.tick(ALWAYS) == 3
    assert len(begun()) == 5


def test_a_merchant_that_cannot_be_read_holds_up_no_other(world: World, merchant: Signer, capsys: pytest.CaptureFixture[str]) -> None:
    operator = Operator(capsys)
    for number in range(3):
        world.register(f"Shop {number}")
    mend = spoil(world, "merchants", {"merchant_id": {"S": merchant.merchant_id}}, "version")
    assert daily.tick(ALWAYS) == 3
    assert operator.aside() == [(daily.LOOP, merchant.merchant_id)]
    mend()
    operator.retry(daily.LOOP)
    daily.tick(ALWAYS)
    assert operator.aside() == []
    assert (merchant.merchant_id, "sandbox") in begun()


def test_on_a_laptop_minutes_take_the_place_of_days(world: World, merchant: Signer) -> None:
    settings.use(world.settings)
    assert daily.tick(ALWAYS) == 1
    world.clock.now += daily.LOCAL_PERIOD_MS / 1000
    assert daily.tick(ALWAYS) == 1
