"""Ranges between two computed bounds, wherever a query has one: what ends before it begins holds nothing, and costs no read."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from crypto_monitor.stores import transfers as transfer_store
from dashboard.statistics import rollup_store
from local.paths import ROOT
from paycorex import ids, ledger
from paycorex.ledger import Account
from paycorex.ledger import store as ledger_store
from paycorex.records.payment import PaymentItem
from payments.payment import store as payments_store
from tests.support.metering import MeteredDynamo
from tests.support.world import Signer, World
from webhooks.stores import deliveries as webhooks_store
from webhooks.stores import events as event_store


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    signer = world.register()
    world.wallet(signer, "asha", "100.00")
    for _ in range(3):
        assert world.pay(signer, "asha", "1.00").status == 201
    return signer


def listed(who: Signer, low: int, high: int, position: str | None = None) -> list[PaymentItem]:
    page = payments_store.list_payments(
        merchant_id=who.merchant_id, lanes=1, from_ms=low, to_ms=high, keep=lambda _: True, limit=10, position=position
    )
    return page.items


RANGES: dict[str, Callable[[Signer, int, int], Iterable[Any]]] = {
    "payments": listed,
    "entries": lambda who, low, high: ledger.entries_between(Account.of_merchant(who.merchant_id, "INR"), from_ms=low, to_ms=high),
    "places": lambda who, low, high: (
        ledger_store.read(Account.of_merchant(who.merchant_id, "INR"), first_seq=low % 10**6, last_seq=high % 10**6).items
    ),
    "days": lambda who, low, high: rollup_store.days_between("money", who.merchant_id, "INR", low // 10**8, high // 10**8, consistent=True),
    "events": lambda who, low, high: event_store.events_between(who.merchant_id, low, high),
    "deliveries": lambda who, low, high: (
        webhooks_store.deliveries_between(
            f"{who.merchant_id}#0", ids.earliest_ordered("whd", low), ids.earliest_ordered("whd", high), after=None
        ).items
    ),
    "transfers": lambda _who, low, high: transfer_store.in_state("ethereum", "detected", first=low, last=high),
}


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("length", [0, 1, 86_400_000, 10**10])
def test_a_range_that_ends_before_it_begins_is_empty(world: World, who: Signer, name: str, length: int) -> None:
    now = int(world.clock.now * 1000)
    for end in (0, 1, now - 10**9, now, now + 10**9):
        assert list(RANGES[name](who, end + length + 1, end)) == []


def test_a_reversed_range_costs_no_read(world: World, who: Signer) -> None:
    metered = MeteredDynamo(world.dynamo)
    world.install(metered, world.kms, world.sqs)
    for name in ("payments", "places", "days", "deliveries", "transfers"):
        assert list(RANGES[name](who, 10**11 + 9, 10**11 - 10**9)) == [], name
    assert metered.read_units == 0


def test_a_cursor_from_above_the_range_and_one_from_below_it_go_on_within_it(world: World, who: Signer) -> None:
    """A position outside the range that the query names: from above nothing is skipped, from below nothing is left."""
    start = int(world.clock.now * 1000)
    world.clock.now += 60
    assert world.pay(who, "asha", "1.00").status == 201
    middle = int(world.clock.now * 1000)
    newest, *others = listed(who, 0, middle + 1)
    assert len(others) == 3
    assert listed(who, middle, middle + 1, position=others[0].order_key) == []
    assert [item.order_key for item in listed(who, 0, start + 1, position=newest.order_key)] == [item.order_key for item in others]


def test_ranges_are_asked_for_in_one_place_that_knows_about_reversed_bounds() -> None:
    """Every BETWEEN goes through `storage.query` or `ledger.store.read`, which both answer reversed bounds by themselves."""
    raw = {
        str(path.relative_to(ROOT))
        for folder in ("functions", "layers")
        for path in (ROOT / folder).rglob("*.py")
        if " BETWEEN :" in path.read_text(encoding="utf-8")
    }
    assert raw == {"layers/common/paycorex/ledger/store.py"}
