"""Figures of the overview and of filtered lists: they are what is found by counting all that is stored."""

from decimal import Decimal
from typing import Any

import pytest

from paycorex import ledger
from paycorex.ledger import Account, Journal, Reference, ReferenceType
from paycorex.money import Money
from tests.integration.test_tenants_and_lists import DISPUTED
from tests.support.expectations import assert_refused
from tests.support.payments import APPROVE, DECLINE, charge, tick
from tests.support.rollups import roll, show, stream
from tests.support.world import Signer, World

SUMS = "/v1/dashboard/payment_sums"


@pytest.fixture
def shop(world: World, merchant: Signer) -> Signer:
    world.wallet(merchant, "asha", "1000.00")
    for amount in ("10.00", "20.00"):
        assert world.pay(merchant, "asha", amount).status == 201
    for card, amount in ((APPROVE, "100.00"), (DECLINE, "7.00"), (DECLINE, "8.00"), (APPROVE, "50.00")):
        charge(world, merchant, card, amount)
    return merchant


def listed(world: World, who: Signer, query: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = world.call(who, "GET", f"/v1/dashboard/payments?limit=100&{query}").body["data"]
    return data


def test_payments_are_counted_by_the_provider_that_decided_them_and_by_the_reason(world: World, shop: Signer) -> None:
    roll(stream(world))
    shown = show(world, shop)
    assert shown["by_processor"] == {"sandbox": {"success": 2, "failed": 2, "volume": "150.00", "success_rate": "0.5000"}}
    (reason,) = shown["by_reason"]
    assert shown["by_reason"][reason] == {"count": 2, "amount": "15.00"}
    found = listed(world, shop, f"failure_code={reason}")
    assert sorted(each["amount"] for each in found) == ["7.00", "8.00"]


def test_a_batch_that_comes_again_or_in_another_order_counts_each_payment_once(world: World, shop: Signer) -> None:
    batch = stream(world)
    roll(batch[::-1])
    roll(batch)
    shown = show(world, shop)
    assert (shown["by_processor"]["sandbox"]["success"], shown["by_processor"]["sandbox"]["failed"]) == (2, 2)
    assert sum(each["count"] for each in shown["by_reason"].values()) == shown["count"]["failed"]


def test_an_unknown_reason_is_counted_as_other_so_that_a_day_has_few_names() -> None:
    from dashboard.statistics import ways

    assert ways.of("failed", "stripe", [["failed", 1, "x" * 60]], "y" * 60) == ("via|stripe|failed", "why|other")
    assert ways.of("failed", None, [["failed", 1]], "expired") == ("why|expired",)
    assert ways.of("processing", "stripe", [], None) == ()


def test_what_a_filter_finds_is_added_up_and_the_filter_by_provider_is_one(world: World, shop: Signer) -> None:
    for query in (
        "",
        "status=success",
        "method=wallet",
        "provider=sandbox",
        "provider=stripe",
        "status=failed&provider=sandbox",
        "min_amount=20",
    ):
        rows = listed(world, shop, query)
        sums = world.call(shop, "GET", f"/v1/dashboard/payment_sums?{query}").body
        assert (sums["count"], sums["complete"]) == (len(rows), True), query
        amounts = {each["currency"]: each["amount"] for each in sums["sums"]}
        assert amounts == ({"INR": str(sum(Decimal(row["amount"]) for row in rows))} if rows else {}), query
        taken = {each["currency"]: Decimal(each["captured"]) for each in sums["sums"]}
        assert taken == ({"INR": sum(Decimal(row["amount_captured"]) for row in rows)} if rows else {}), query


def test_beyond_what_is_read_the_numbers_are_the_least(world: World, shop: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.payment_sums.MAX_PAYMENTS", 3)
    sums = world.call(shop, "GET", "/v1/dashboard/payment_sums").body
    assert (sums["count"], sums["complete"]) == (3, False)


def test_the_money_is_where_the_ledger_has_it(world: World, shop: Signer) -> None:
    roll(stream(world))
    before = world.call(shop, "GET", "/v1/dashboard/money").body
    balance = show(world, shop)["balance"]
    assert before["balance"] == balance
    # Both cards are with the provider, the wallet's payments are not.
    fees = Decimal("180.00") - Decimal(balance)
    assert Decimal(before["with_providers"]) == Decimal("150.00") - fees
    assert before["available"] == "30.00"
    assert (before["on_its_way"], before["held"]) == ("0.00", "0.00")
    # What a payer's bank asks back and the provider has taken is in no account here; what is late is held.
    charge(world, shop, DISPUTED, "40.00")
    tick(world, after_seconds=60)
    late = Journal.transfer(
        source=Account.clearing(shop.merchant_id, "sandbox", "INR"),
        target=Account.suspense(shop.merchant_id, "INR"),
        amount=Money(700, "INR"),
        reference=Reference(ReferenceType.SUSPENSE, "late"),
    )
    ledger.post(late, lambda _entries: [])
    roll(stream(world))
    after = world.call(shop, "GET", "/v1/dashboard/money").body
    assert (after["held"], after["late_money"], after["available"], after["with_providers"]) == (
        "7.00",
        "7.00",
        "30.00",
        before["with_providers"],
    )
    assert Decimal(after["balance"]) == sum(Decimal(after[name]) for name in ("available", "with_providers", "on_its_way"))


def test_a_key_without_the_scope_sees_no_figures(world: World, shop: Signer) -> None:
    made = world.call(shop, "POST", "/v1/merchants/apikey", {"scopes": ["payments:read"]}).body
    world.clock.now += 90
    narrow = Signer(made["api_key"], made["secret"], shop.merchant_id, made["key_id"])
    for path in ("/v1/dashboard/money", "/v1/dashboard/payment_sums"):
        assert_refused(world.call(narrow, "GET", path), "forbidden")
    for path in (
        "/v1/dashboard/money?currency=rs",
        f"{SUMS}?provider=A%20B",
        "/v1/dashboard/payment_sums?failure_code=x-y",
    ):
        assert_refused(world.call(shop, "GET", path), "invalid_request")
