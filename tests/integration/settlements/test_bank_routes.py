"""What a merchant sees of its bank: lines, what is decided about one, and where the money is; and nothing of another merchant's."""

import pytest

from paycorex.ledger import account_list
from tests.support.bank import Payout, bank_lines, books, imported, report, state_of
from tests.support.expectations import assert_refused
from tests.support.rollups import roll, stream
from tests.support.world import Signer, World
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

ONE = Payout("po_1NabcDEF", 10_000, "UTR0000000001")
TWO = Payout("po_2NabcDEF", 2_500, "UTR0000000002")


@pytest.fixture
def short(world: World, merchant: Signer) -> str:
    """The id of a line that brings less than its payout; another payout is on its way, and a line is of no provider."""
    report(merchant, ONE)
    report(merchant, TWO)
    imported(merchant, "camt053", files.mock_bank([Movement(9_900, "UTR0000000001"), Movement(-500, "RENT0001")], 0, "camt053"))
    return next(line.bank_line_id for line in bank_lines(merchant) if line.amount == 9_900)


def test_lines_are_listed_and_filtered(world: World, merchant: Signer, short: str) -> None:
    listed = world.call(merchant, "GET", "/v1/bank/lines?state=open").body["data"]
    assert sorted((row["amount"], row["state"], row["difference"]) for row in listed) == [
        ("-5.00", "unexpected", None),
        ("99.00", "amount_differs", "-1.00"),
    ]
    shown = world.call(merchant, "GET", f"/v1/bank/lines/{short}").body
    assert (shown["settlement_ids"], shown["provider"]) == ([ONE.id_of(merchant)], "stripe")
    assert world.call(merchant, "GET", "/v1/bank/lines?state=aside").body["data"] == []


def test_a_decision_is_made_once_whatever_is_repeated(world: World, merchant: Signer, short: str) -> None:
    path, body = f"/v1/bank/lines/{short}/resolve", {"action": "write_off", "reason": "the bank's fee"}
    first = world.call(merchant, "POST", path, body, key="once")
    again = world.call(merchant, "POST", path, body, key="once")
    assert (first.status, again.status) == (200, 200)
    assert first.body["decisions"][0]["journal_id"] == again.body["decisions"][0]["journal_id"]
    assert (first.body["state"], books(merchant)["fees"]) == ("matched", -120)
    assert_refused(world.call(merchant, "POST", path, body), "invalid_state")
    assert books(merchant)["fees"] == -120


def test_a_person_says_which_settlement_a_line_brings(world: World, merchant: Signer, short: str) -> None:
    other = Payout("po_3NabcDEF", -500)
    report(merchant, other, import_id="imp_" + "z" * 26)
    rent = next(line.bank_line_id for line in bank_lines(merchant) if line.amount == -500)
    path = f"/v1/bank/lines/{rent}/resolve"
    assert_refused(world.call(merchant, "POST", path, {"action": "accept", "reason": "it is"}), "invalid_state")
    body = {"action": "accept", "reason": "it is theirs", "settlement_id": other.id_of(merchant)}
    done = world.call(merchant, "POST", path, body)
    assert (done.status, done.body["state"], done.body["settlement_ids"]) == (200, "matched", [other.id_of(merchant)])
    assert state_of(merchant, other).bank_line_id == rent
    assert books(merchant)["bank"] == -9_900 + 500


def test_another_merchants_line_is_like_none(world: World, merchant: Signer, short: str) -> None:
    other = world.register("Other")
    assert_refused(world.call(other, "GET", f"/v1/bank/lines/{short}"), "not_found")
    body = {"action": "write_off", "reason": "mine"}
    assert_refused(world.call(other, "POST", f"/v1/bank/lines/{short}/resolve", body), "not_found")
    assert world.call(other, "GET", "/v1/bank/lines").body["data"] == []


def test_where_the_money_is_and_what_explains_it(world: World, merchant: Signer, short: str) -> None:
    roll(stream(world))
    (position,) = world.call(merchant, "GET", "/v1/bank/position").body["data"]
    assert (position["bank"], position["total"], position["suspense"], position["fees"]) == ("99.00", "125.00", "125.20", "-0.20")
    assert position["in_transit"] == [
        {"source": "stripe", "amount": "26.00", "explained": "26.00", "unexplained": "0.00", "payouts": 1},
    ]
    assert (position["explained"], position["users"]) == (True, "0.00")
    assert world.call(merchant, "GET", "/v1/reconciliation").body["bank"] == [position]
    assert account_list.chains_of(merchant.merchant_id)
