"""Gross, fee, tax and net in statistics and in CSV: an estimate first, what is known later, and each payment counted once."""

import csv
import io

import pytest

from paycorex import clock
from payments.payment import fee_books
from payments.payment.fees import KnownFee
from tests.support import payments as support
from tests.support.fees import charging, settle
from tests.support.rollups import roll, show, stream
from tests.support.world import World

RATES = [{"connector": "sandbox", "percent": "2", "tax_percent": "18", "from": "2020-01-01T00:00:00Z"}]
PLAN = {"rates": [{"percent": "1", "tax_percent": "18"}]}


def test_statistics_have_what_payments_cost(world: World) -> None:
    who = world.register()
    charging(world, who, PLAN)
    support.settings(world, who, fee_bearer="merchant", fee_schedules=RATES)
    payment_id = support.charge(world, who, support.APPROVE, "1000.00").body["payment_id"]
    settle(world)
    wanted = {"gross": "1000.00", "fee": "20.00", "tax": "3.60", "platform_fee": "10.00", "platform_tax": "1.80", "net": "964.60"}
    assert show(world, who)["fees"] == wanted
    fee_books.book(payment_id, KnownFee("report", 2_900, 0, "INR"))
    records = stream(world)
    for _again in range(2):
        roll(records)
    shown = show(world, who)
    assert shown["fees"] == {**wanted, "fee": "29.00", "tax": "0.00", "net": "959.20"}
    assert (shown["volume"], shown["net"], shown["by_day"][-1]["fees"]) == ("1000.00", "1000.00", "40.80")


def test_csv_has_gross_fee_tax_and_net(world: World) -> None:
    who = world.register()
    charging(world, who, PLAN)
    known = support.charge(world, who, support.APPROVE, "1000.00").body["payment_id"]
    failed = support.charge(world, who, support.DECLINE, "5.00").body["error"]["details"]["payment"]["payment_id"]
    fee_books.book(known, KnownFee("provider", 2_458, 442, "INR"))
    settle(world)
    answer = world.call(who, "GET", "/v1/dashboard/payments?format=csv")
    rows = {row["payment_id"]: row for row in csv.DictReader(io.StringIO(answer.raw.decode()))}
    columns = ("gross", "fee", "tax", "net", "fee_source", "fee_currency", "platform_fee", "platform_tax")
    assert [rows[known][name] for name in columns] == ["1000.00", "24.58", "4.42", "971.00", "provider", "INR", "10.00", "1.80"]
    assert [rows[failed][name] for name in columns] == ["0.00", *[""] * 7]


@pytest.mark.parametrize("seconds", [60, 3 * 3600], ids=["a partial quarter", "whole quarters"])
def test_a_hold_that_was_captured_in_part_is_a_success_in_any_period(world: World, seconds: int) -> None:
    """In a part of a quarter of an hour payments are read one by one, and counted by the rule of whole ones."""
    who = world.register()
    world.clock.now += 120
    held = [support.charge(world, who, support.APPROVE, "100.00", capture_method="manual").body["payment_id"] for _ in range(2)]
    captured = world.call(who, "POST", f"/v1/payments/{held[0]}/capture", {"amount": "40.00", "final": False})
    assert captured.status == 201, captured.raw
    settle(world)
    now = world.clock.now
    shown = show(world, who, **{"from": clock.rfc3339(int((now - seconds) * 1000)), "to": clock.rfc3339(int((now + 1) * 1000))})
    assert (shown["count"]["success"], shown["volume"]) == (1, "40.00")
    assert (shown["count"]["authorized"], shown["authorized"]) == (1, "100.00")
