"""Lists and statistics over the dashboard's routes: filters, CSV, time zones, refusals."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from dashboard.statistics import period_counts
from paycorex.http import csv_export
from paycorex.http.csv_export import guarded
from tests.support import rollups
from tests.support.expectations import assert_refused
from tests.support.payments import APPROVE, DECLINE, charge
from tests.support.world import Signer, World


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    signer = world.register()
    world.spread(signer, 3)
    world.wallet(signer, "asha", "1000.00")
    return signer


def rows(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode())))


@pytest.mark.parametrize("cell", ["=1+1", "+1-1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "|cmd", "%0A", "=HYPERLINK(1)"])
def test_a_cell_that_begins_like_a_formula_is_defused(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize(("value", "shown"), [("-5.00", "-5.00"), ("12", "12"), ("asha", "asha"), (None, ""), (0, "0"), ("", "")])
def test_numbers_and_plain_text_stay_as_they_are(value: object, shown: str) -> None:
    assert guarded(value) == shown


def test_payments_as_csv_are_those_of_the_list(world: World, who: Signer) -> None:
    for number in range(1, 8):
        world.restart()
        assert world.pay(who, "asha", f"{number}.50").status == 201
    charge(world, who, DECLINE, "9.00")
    reply = world.call(who, "GET", "/v1/dashboard/payments?format=csv")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert "attachment" in reply.headers["content-disposition"]
    assert "x-next-cursor" not in reply.headers
    listed = world.call(who, "GET", "/v1/dashboard/payments?limit=100").body["data"]
    assert [(row["payment_id"], row["amount"], row["status"]) for row in rows(reply.raw)] == [
        (item["payment_id"], item["amount"], item["status"]) for item in listed
    ]
    assert len(listed) == 8
    failed = world.call(who, "GET", "/v1/dashboard/payments?format=csv&status=failed").raw
    assert [row["failure_code"] for row in rows(failed)] == ["card_declined"]


def test_what_a_payer_wrote_is_no_formula_in_the_export(world: World, who: Signer) -> None:
    body = {"amount": "1.00", "method": "wallet", "user_id": "asha", "description": "=cmd|' /C calc'!A0"}
    assert world.call(who, "POST", "/v1/payments/create", body).status == 201
    exported = rows(world.call(who, "GET", "/v1/dashboard/payments?format=csv").raw)
    assert exported[0]["description"] == "'=cmd|' /C calc'!A0"


def test_a_long_export_goes_on_where_it_stopped(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        assert world.pay(who, "asha", "1.00").status == 201
    monkeypatch.setattr(csv_export, "MAX_ROWS", 2)
    for target in ("/v1/dashboard/payments?format=csv", "/v1/dashboard/ledgers?format=csv"):
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            reply = world.call(who, "GET", target + (f"&cursor={quote(cursor)}" if cursor else ""))
            seen += [row.get("payment_id") or row["journal_id"] for row in rows(reply.raw)]
            cursor = reply.headers.get("x-next-cursor")
        assert len(seen) == len(set(seen)) == 5


def test_ledger_as_csv_adds_up(world: World, who: Signer) -> None:
    for _ in range(3):
        assert world.pay(who, "asha", "1.25").status == 201
    exported = rows(world.call(who, "GET", "/v1/dashboard/ledgers?format=csv").raw)
    assert [row["credit"] for row in exported] == ["1.25"] * 3
    assert {row["entity"] for row in exported} == {"merchant"}


def test_days_are_those_of_the_asked_time_zone(world: World, who: Signer) -> None:
    """19:00 UTC is half past midnight in Kolkata."""
    world.clock.now = world.clock.now // 86_400 * 86_400 + 19 * 3600
    assert world.pay(who, "asha", "5.00").status == 201
    rollups.roll(rollups.stream(world))

    def day(timezone: str) -> list[str]:
        return [day["date"] for day in rollups.show(world, who, timezone=timezone)["by_day"] if day["count"]]

    assert day("UTC") == day("+00:00") == ["2027-01-15"]
    assert day("Asia/Kolkata") == day("+05:30") == day("Asia/Kathmandu") == ["2027-01-16"]
    assert len(rollups.show(world, who)["by_day"]) == 30


def test_success_rate_counts_what_was_decided(world: World, who: Signer) -> None:
    assert rollups.show(world, who)["success_rate"] is None
    for card in (APPROVE, APPROVE, DECLINE):
        charge(world, who, card)
    rollups.roll(rollups.stream(world))
    assert rollups.show(world, who)["success_rate"] == "0.6667"


def test_a_broken_quarter_that_holds_too_much_is_answered_whole_and_says_so(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period_counts, "MAX_EDGE_ROWS", 1)
    world.clock.now = world.clock.now // 900 * 900 + 100
    for _ in range(3):
        assert world.pay(who, "asha", "5.00").status == 201
    world.clock.now += 3600
    shown = rollups.show(world, who, **{"from": "2027-01-15T08:00:30Z", "to": "2027-01-15T08:05:00Z"})
    assert (shown["from"], shown["to"]) == ("2027-01-15T08:00:00.000Z", "2027-01-15T08:15:00.000Z")
    assert shown["count"]["success"] == 3


@pytest.mark.parametrize(
    "query",
    [
        *("timezone=Mars/Base", "timezone=../etc/passwd", "timezone=%2B25:00", "timezone=", "from=yesterday", "currency=inr"),
        *("from=2027-01-02T00:00:00Z&to=2027-01-01T00:00:00Z", "from=2020-01-01T00:00:00Z", "shard=1", "currency=INR&currency=INR"),
    ],
)
def test_statistics_refuse_what_they_do_not_understand(world: World, who: Signer, query: str) -> None:
    assert_refused(world.call(who, "GET", f"/v1/dashboard/stats?{query}"), "invalid_request")


def test_statistics_of_another_currency_are_its_own(world: World, who: Signer) -> None:
    assert world.pay(who, "asha", "5.00").status == 201
    shown: dict[str, Any] = rollups.show(world, who, currency="JPY")
    assert (shown["volume"], shown["balance"], shown["count"]["total"]) == ("0", "0", 0)


def test_each_merchant_sees_its_own_numbers_only(world: World, who: Signer) -> None:
    other = world.register("Other")
    assert world.pay(who, "asha", "5.00").status == 201
    charge(world, who, DECLINE)
    rollups.roll(rollups.stream(world))
    shown = rollups.show(world, other)
    assert (shown["volume"], shown["count"]["total"], shown["by_method"]) == ("0.00", 0, {})
    assert world.call(other, "GET", "/v1/dashboard/payments").body["data"] == []
