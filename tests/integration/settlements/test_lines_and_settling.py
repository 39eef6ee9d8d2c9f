"""Lines and settlements in the books: once, whatever comes twice or late, in any order; and what cannot be booked."""

import itertools
import random
from dataclasses import replace
from typing import Any

import pytest

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.ledger.money_records import every_source
from paycorex.ledger.proof import merkle
from paycorex.ledger.verification import Verifier
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import SettlementLineItem, leaf
from payments.connectors.settling import LineKind, PayoutStatus, ProviderPayout, ReportLine
from settlements import lines, settling
from settlements.settling import roots
from settlements.stores import lines as line_store
from tests.support import payments as support
from tests.support.world import Signer, World

CONNECTOR = "razorpay"


def line(number: int, **more: Any) -> ReportLine:
    made = ReportLine(f"line_{number}", LineKind.PAYMENT, "payment", 1000, 20, 4, "INR", f"ch_{number}")
    known: dict[str, Any] = {"settlement_reference": "setl_1", "occurred_at": 1_700_000_000_000 + number}
    return replace(made, **(known | more))


def payout(amount: int) -> ProviderPayout:
    return ProviderPayout("setl_1", amount, "INR", PayoutStatus.PAID, 1)


def accept(who: Signer, *given: ReportLine, **more: Any) -> lines.Accepted:
    return lines.accept(who.merchant_id, CONNECTOR, given, **more)


def only() -> SettlementItem:
    (item,) = storage.scan_all(SettlementItem)
    return item


def close(**more: Any) -> SettlementItem:
    closed = settling.close(only().settlement_id, **more)
    assert closed is not None
    return closed


def books(who: Signer) -> dict[str, int]:
    """Minor units, credit positive."""
    accounts = {
        "transit": Account.bank_in_transit(who.merchant_id, CONNECTOR, "INR"),
        "fees": Account.fees(who.merchant_id, "INR"),
        "tax": Account.tax(who.merchant_id, "INR"),
        "clearing": Account.clearing(who.merchant_id, CONNECTOR, "INR"),
        "suspense": Account.suspense(who.merchant_id, "INR"),
    }
    return {name: balance for name, account in accounts.items() if (balance := ledger.balance_of(account))}


def sound() -> bool:
    return not Verifier(segments=1).run(every_source()).findings


def test_lines_are_booked_once_by_one_journal_whose_description_is_their_root(world: World, merchant: Signer) -> None:
    accepted = accept(merchant, line(1), line(2), line(2))
    assert (accepted.new, accepted.known, accepted.refused) == (2, 1, [])
    assert accept(merchant, line(2), line(1)).known == 2
    item = close()
    assert (item.state, int(item.lines)) == ("booked", 2)
    assert item.problem is None
    assert books(merchant) == {"transit": -1952, "fees": -40, "tax": -8, "suspense": 2000}
    stored = sorted(storage.scan_all(SettlementLineItem), key=lambda each: each.order_key)
    root = merkle.root([merkle.leaf_hash(leaf(each)) for each in stored]).hex()
    (entry,) = ledger.page_of(Account.suspense(merchant.merchant_id, "INR"), limit=5).entries
    assert (entry.description, item.lines_root) == (root, root)
    for _again in range(2):
        close()
    assert (int(only().lines), len(only().bookings or ()), sound()) == (2, 1, True)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_parts_in_any_order_end_in_the_same_books(world: World, merchant: Signer, order: tuple[int, ...]) -> None:
    parts = [[line(1), line(2)], [line(2), line(3, kind=LineKind.REFUND, gross=-400, fee=0, tax=0)], [line(4)]]
    for number in order:
        accept(merchant, *parts[number])
        close()
    assert books(merchant) == {"transit": -(3 * 976 - 400), "fees": -60, "tax": -12, "suspense": 2600}
    assert sound()


def test_a_payout_that_takes_money_back_is_the_mirror(world: World, merchant: Signer) -> None:
    accept(merchant, line(1, kind=LineKind.REFUND, gross=-1000, fee=0, tax=0))
    close()
    assert books(merchant) == {"transit": 1000, "suspense": -1000}


def test_nothing_is_booked_until_the_lines_add_up_to_what_the_provider_paid_out(world: World, merchant: Signer) -> None:
    settling.announce(merchant.merchant_id, CONNECTOR, payout(1952))
    accept(merchant, line(1))
    item = close()
    assert (item.state, item.problem) == ("exception", "The provider says that it paid out 19.52, and its lines add up to 9.76.")
    assert books(merchant) == {}
    accept(merchant, line(2))
    assert (close().state, books(merchant)["transit"]) == ("booked", -1952)
    assert only().problem is None


def test_a_kind_without_a_rule_stops_its_settlement_until_there_is_one(world: World, merchant: Signer) -> None:
    odd = line(2, kind=LineKind.UNKNOWN, kind_name="cashback", gross=-100, fee=0, tax=0, charge_reference=None)
    accept(merchant, line(1), odd)
    assert (close().state, books(merchant)) == ("exception", {})
    accept(merchant, replace(odd, kind=LineKind.ADJUSTMENT))
    assert (close().state, int(only().unknown_lines), int(only().lines)) == ("booked", 0, 2)
    assert books(merchant)["transit"] == -876


def test_a_line_that_says_something_else_the_second_time_is_refused(world: World, merchant: Signer) -> None:
    accept(merchant, line(1))
    given = [line(1, gross=1001), line(1, settlement_reference="setl_2"), line(9, currency="XXX"), line(10, gross=10**30), line(11)]
    accepted = accept(merchant, *given)
    assert [each.index for each in accepted.refused] == [2, 3, 0, 1]
    assert accepted.new == 1
    assert {item.provider_reference: int(item.gross) for item in storage.scan_all(SettlementItem)} == {"setl_1": 2000, "setl_2": 0}


def test_a_line_without_a_payout_joins_the_one_that_is_named_later(world: World, merchant: Signer) -> None:
    accept(merchant, line(1, settlement_reference=None))
    assert list(storage.scan_all(SettlementItem)) == []
    accept(merchant, line(1), line(1))
    assert (int(only().lines), int(only().gross)) == (1, 1000)


def test_lines_about_payments_of_ours_are_credited_to_clearing(world: World, merchant: Signer) -> None:
    payment = support.stored(support.charge(world, merchant, "4242424242424242").body["payment_id"])
    given = line(1, charge_reference=payment.provider_reference, gross=int(payment.amount), fee=0, tax=0)
    lines.accept(merchant.merchant_id, "sandbox", [given])
    close()
    assert ledger.balance_of(Account.clearing(merchant.merchant_id, "sandbox", "INR")) == 0
    assert ledger.balance_of(Account.bank_in_transit(merchant.merchant_id, "sandbox", "INR")) == -int(payment.amount)


def test_a_root_is_made_page_by_page_and_goes_on_after_a_pause(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roots, "PAGE", 3)
    given = [line(number) for number in range(11)]
    random.Random(7).shuffle(given)
    accept(merchant, *given)
    steps = 0
    while close_step().state != "booked":
        steps += 1
    leaves = [merkle.leaf_hash(leaf(each)) for each in line_store.of_settlement(only().settlement_id)]
    assert (only().lines_root, steps) == (merkle.root(leaves).hex(), 3)
    assert only().folding is None


def close_step() -> SettlementItem:
    """As far as one page."""
    allowed = iter([True])
    return close(may_go_on=lambda: next(allowed, False))
