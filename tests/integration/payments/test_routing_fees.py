"""Routing and replay by fees: those that are measured, else those of the price list."""

from typing import Any

import pytest

from paycorex import caching
from payments.payment import fee_books
from payments.payment.fees import KnownFee
from tests.integration.payments.test_routing_that_learns import BACKUP, BEST, MAIN, VISA, measured
from tests.support import payments as support
from tests.support import rollups
from tests.support.world import Signer, World

SINCE = "2020-01-01T00:00:00Z"
PRICES = [{"connector": MAIN, "percent": "3", "from": SINCE}, {"connector": BACKUP, "percent": "1", "tax_percent": "18", "from": SINCE}]


@pytest.fixture
def who(world: World) -> Signer:
    """A merchant whose two connectors succeed alike."""
    merchant = world.register()
    support.settings(world, merchant, routing_rules=[BEST])
    for name in (MAIN, BACKUP):
        measured(world, merchant, name, approved=36, declined=4)
    return merchant


def paid(world: World, who: Signer) -> dict[str, Any]:
    made = support.charge(world, who, support.APPROVE, "1000.00")
    assert made.status == 201, made.raw
    body: dict[str, Any] = made.body
    return body


def numbers(payment: dict[str, Any]) -> dict[str, str]:
    return {each["connector"]: each["fee"] for each in payment["routing"]["numbers"]}


def test_of_two_that_succeed_alike_the_cheaper_by_its_price_list_is_taken(world: World, who: Signer) -> None:
    support.settings(world, who, fee_schedules=PRICES)
    payment = paid(world, who)
    assert (payment["provider"], numbers(payment)) == (BACKUP, {MAIN: "0.0300", BACKUP: "0.0118"})
    support.settings(world, who, fee_schedules=[{**PRICES[0], "percent": "0.5"}, PRICES[1]])
    assert paid(world, who)["provider"] == MAIN


def test_what_is_measured_counts_more_than_the_price_list(world: World, who: Signer) -> None:
    support.settings(world, who, fee_schedules=PRICES)
    dear = paid(world, who)
    assert dear["provider"] == BACKUP
    fee_books.book(dear["payment_id"], KnownFee("report", 5_000, 900, "INR"))
    records = rollups.stream(world)
    for batch in (records, records[::-1], records):
        rollups.roll(batch)
    caching.forget_everything()
    after = paid(world, who)
    assert (after["provider"], numbers(after)) == (MAIN, {MAIN: "0.0300", BACKUP: "0.0590"})


def test_a_replay_knows_what_a_payment_cost_and_what_it_would_have_cost(world: World, who: Signer) -> None:
    support.settings(world, who, fee_schedules=PRICES)
    payment = paid(world, who)
    fee_books.book(payment["payment_id"], KnownFee("report", 1_100, 198, "INR"))
    rules = [{"use": [{"connector": MAIN}]}]
    answer = world.call(who, "POST", "/v1/routing/replay", {"routing_rules": rules}).body
    assert (answer["fees_before"], answer["fees_after"]) == ({"INR": "12.98"}, {"INR": "27.00"}), "0.9 of 30.00"
    same = world.call(who, "POST", "/v1/routing/replay", {"routing_rules": [BEST]}).body
    assert same["fees_before"] == same["fees_after"] == {"INR": "12.98"}


def test_segments_show_the_fee_that_is_measured(world: World, who: Signer) -> None:
    payment = paid(world, who)
    fee_books.book(payment["payment_id"], KnownFee("provider", 2_000, 360, "INR"))
    rollups.roll(rollups.stream(world))
    rows = world.call(who, "GET", "/v1/routing/segments").body["data"]
    assert {row["connector"]: row["fee"] for row in rows}[payment["provider"]] == "0.0236"
    assert VISA.brand == rows[0]["brand"]
