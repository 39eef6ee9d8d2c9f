"""The journal export: beancount accepts every one, its balances are the ledger's, and pages make one file."""

import csv
import io

import pytest

from paycorex import clock
from paycorex.cli import main
from paycorex.ledger import lane_counts
from paycorex.ledger.account_list import ListedItem
from paycorex.records.refund import RefundItem
from tests.support.exports import checked, export, of_ledger, settle_down
from tests.support.world import Signer, World


@pytest.fixture
def busy(world: World, merchant: Signer) -> Signer:
    """A merchant with two lanes and journals of most kinds."""
    world.spread(merchant, 2)
    for user in ("asha", "ben"):
        world.wallet(merchant, user, "500.00")
    made = [world.pay(merchant, user, amount).body for user in ("asha", "ben") for amount in ("10.00", "20.50", "0.01")]
    for payment, amount in zip(made, ("10.00", "5.25"), strict=False):
        assert world.call(merchant, "POST", "/v1/payments/refund", {"payment_id": payment["payment_id"], "amount": amount}).status == 201
    held = {"amount": "100.00", "method": "wallet", "user_id": "asha", "capture_method": "manual"}
    holds = [world.call(merchant, "POST", "/v1/payments/create", held).body["payment_id"] for _ in range(3)]
    assert world.call(merchant, "POST", f"/v1/payments/{holds[0]}/capture", {"amount": "30.00", "final": True}).status == 201
    assert world.call(merchant, "POST", f"/v1/payments/{holds[1]}/void", {}).status == 200
    settle_down(world)
    return merchant


def test_beancount_accepts_an_export_and_its_balances_are_the_ledgers(world: World, busy: Signer) -> None:
    text = export(world, busy, format="beancount")
    assert checked(text) == of_ledger(world, busy.merchant_id)
    assert "Liabilities:Holds" in text


def test_pages_of_an_export_make_the_same_file(world: World, busy: Signer) -> None:
    whole = {format_: export(world, busy, format=format_) for format_ in ("beancount", "csv")}
    world.clock.now += 120
    pages = {format_: export(world, busy, format=format_, limit=2) for format_ in whole}
    assert pages["csv"] == whole["csv"]
    # The end is asserted for the moment until which the export reaches.
    assert checked(pages["beancount"]) == checked(whole["beancount"])


def test_each_journal_stands_once_in_one_of_two_periods_that_meet(world: World, busy: Signer) -> None:
    everything = export(world, busy)
    moment = clock.rfc3339(int((world.clock.now - 602) * 1000))
    for cut in [line.split(",")[0] for line in everything.splitlines()[1::4]] + [moment]:
        before, after = export(world, busy, to=cut), export(world, busy, **{"from": cut})
        assert before + after.partition("\r\n")[2] == everything
        assert checked(export(world, busy, format="beancount", **{"from": cut})) == of_ledger(world, busy.merchant_id)


def test_a_row_is_a_posting_with_the_merchants_own_code(world: World, busy: Signer) -> None:
    codes = {"clearing:topup": "1210", "merchant": "Income:Sales-2026", "wallet": "2100"}
    assert world.call(busy, "PATCH", "/v1/merchants/me", {"account_map": codes}).body["account_map"] == codes
    rows = list(csv.DictReader(io.StringIO(export(world, busy))))
    assert {row["entity"]: row["account_code"] for row in rows} == {
        "clearing": "1210",
        "merchant": "Income:Sales-2026",
        "wallet": "2100",
        "hold": "Liabilities:Holds",
    }
    assert sum(int((row["debit"] or "0").replace(".", "")) - int((row["credit"] or "0").replace(".", "")) for row in rows) == 0
    text = export(world, busy, format="beancount")
    assert "Income:Sales-2026" in {account for account, _currency in checked(text)}
    assert 'open Liabilities:Wallets\n  code: "2100"' in text
    changed = world.call(busy, "PATCH", "/v1/merchants/me", {"account_map": {"wallet": None}})
    assert "wallet" not in changed.body["account_map"]
    assert world.call(busy, "PATCH", "/v1/merchants/me", {"account_map": None}).body["account_map"] == {}


def test_half_a_journal_is_not_exported(world: World, busy: Signer) -> None:
    """The record that says whose wallet it was is gone: nothing is made up."""
    refunds = [row for row in csv.DictReader(io.StringIO(export(world, busy))) if row["reference_type"] == "refund"]
    assert refunds
    world.dynamo.delete_item(TableName=RefundItem.physical_table(), Key=RefundItem.wire_key(refunds[0]["reference_id"]))
    reply = world.call(busy, "GET", "/v1/journal_export")
    assert (reply.status, reply.code) == (503, "temporarily_unavailable")


def test_accounts_of_before_the_list_are_listed_by_a_command(world: World, busy: Signer, capsys: pytest.CaptureFixture[str]) -> None:
    before = export(world, busy)
    for scope in ("accounts#", "holds#"):
        for row in [row for row in world.dump()[ListedItem.physical_table()] if row["scope"]["S"] == scope + busy.merchant_id]:
            key = ListedItem.wire_key(row["scope"]["S"], row["position"]["S"])
            world.dynamo.delete_item(TableName=ListedItem.physical_table(), Key=key)
    assert len(export(world, busy).splitlines()) == 1
    world.restart()
    assert main(["ledger", "list-accounts"]) == 0
    assert "accounts listed" in capsys.readouterr().out
    assert export(world, busy) == before


def test_entries_of_one_journal_that_a_moment_divides_stay_together(world: World, merchant: Signer) -> None:
    """Chains keep their own time: one that another machine dated ahead goes on from there."""
    assert lane_counts.read(merchant.merchant_id).open == 1
    world.wallet(merchant, "asha", "500.00")
    world.clock.now += 30
    world.pay(merchant, "asha", "1.00")
    world.clock.now -= 30
    world.call(merchant, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "7.00"})
    world.pay(merchant, "asha", "2.00")
    settle_down(world)
    world.clock.now += 60
    rows = list(csv.DictReader(io.StringIO(export(world, merchant))))
    assert [row["booked_at"] for row in rows] == sorted(row["booked_at"] for row in rows)
    for row in rows[2:]:
        assert checked(export(world, merchant, format="beancount", **{"from": row["booked_at"]})) == of_ledger(world, merchant.merchant_id)
