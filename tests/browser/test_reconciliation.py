"""Reconciliation on the merchant's page: each account's proof, open items by age, and a decision about one; on a phone and on a desk."""

import pytest
from playwright.sync_api import Page, expect

from paycorex import reconciliation_accounts, storage
from paycorex.ledger import Account, account_list
from paycorex.records.reconciliation_item import ReconciliationItem
from settlements.matching import working
from tests.browser.conftest import SCREENSHOTS, Shop, confirm, findings, go, set_filter, sign_in
from tests.integration.settlements.books import Books, line
from tests.support.bank import Payout, imported, report
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

WIDTHS = (360, 1280)


def reconciled(shop: Shop) -> Books:
    """A payment that was reported with more, one that is not reported yet, and a reported one that was never made here."""
    books = Books(shop.who.merchant_id)
    with shop.http.lock:
        books.pay("more", 125_050)
        books.pay("new", 40_000)
        books.report(line("more", 125_150), line("stranger", 9_900))
        books.reconcile()
        # As the ledger's stream does.
        accounts = [make(books.merchant_id, "stripe", "INR") for make in (Account.bank_in_transit, Account.clearing)]
        keys = [account.on_lane(lane).key for account in accounts for lane in range(64)]
        account_list.note({"account": {"S": key}, "seq": {"N": "1"}} for key in keys)
    return books


@pytest.mark.parametrize("width", WIDTHS)
def test_an_item_is_found_and_decided(page: Page, shop: Shop, axe: str, width: int) -> None:
    books = reconciled(shop)
    more = books.ours("more")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, shop)
    go(page, "Reconciliation")
    expect(page.get_by_text("Every amount is explained")).to_be_visible()
    expect(page.locator("tbody tr", has_text="Stripe")).to_have_count(3)
    expect(page.get_by_text("3 open: 3 under a day")).to_be_visible()
    expect(page.locator("section.card", has_text="Where the money is · INR")).to_contain_text("On its way from Stripe")
    page.screenshot(path=SCREENSHOTS / f"reconciliation-{width}.png", full_page=True)
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(f'[data-opens="{more.item_id}"]').click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".sum")).to_contain_text("−₹1.00")
    drawer.get_by_label("What to do").select_option("write_off")
    drawer.get_by_label("Why").fill("The provider will not pay it.")
    page.wait_for_timeout(200)  # The drawer slides in.
    page.screenshot(path=SCREENSHOTS / f"open-item-{width}.png")
    assert findings(page, axe) == []
    drawer.get_by_role("button", name="Decide").click()
    confirm(page, "Write off")
    expect(drawer.get_by_role("heading", name="Decided")).to_be_visible()
    expect(drawer.locator(".sum")).to_contain_text("Matched")
    drawer.get_by_role("button", name="Close").click()
    expect(page.locator("tbody tr", has_text="Stripe")).to_have_count(2)
    (decision,) = (item.decisions for item in storage.scan_all(ReconciliationItem) if item.item_id == more.item_id)
    assert [(each["action"], each["reason"]) for each in decision or ()] == [("write_off", "The provider will not pay it.")]


@pytest.mark.parametrize("width", WIDTHS)
def test_payouts_and_bank_lines_are_among_the_items_and_a_line_is_set_aside(page: Page, shop: Shop, axe: str, width: int) -> None:
    with shop.http.lock:
        report(shop.who, Payout("po_1NabcDEF", 10_000, "UTR0000000001"))
        report(shop.who, Payout("po_2NabcDEF", 2_500, "UTR0000000002"))
        moved = [Movement(9_900, "UTR0000000001"), Movement(-50_000, "RENT0001", "Rent of the shop")]
        imported(shop.who, "camt053", files.mock_bank(moved, 1_000_000, "camt053"))
        reconciliation_accounts.note([Account.bank_in_transit(shop.who.merchant_id, "stripe", "EUR").key])
        working.run(shop.who.merchant_id)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, shop)
    go(page, "Reconciliation")
    card = page.locator("section.card", has_text="Stripe to bank · EUR")
    expect(card).to_contain_text("paid out and not in the bank, by our books")
    expect(card.get_by_text("2 open: 2 under a day")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"reconciliation-bank-{width}.png", full_page=True)
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rent = next(item for item in storage.scan_all(ReconciliationItem) if item.source == "bank")
    page.locator(f'[data-opens="{rent.item_id}"]').click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("RENT0001")
    drawer.get_by_label("What to do").select_option("write_off")
    drawer.get_by_label("Why").fill("The rent.")
    page.wait_for_timeout(200)  # The drawer slides in.
    page.screenshot(path=SCREENSHOTS / f"bank-item-{width}.png")
    assert findings(page, axe) == []
    drawer.get_by_role("button", name="Decide").click()
    confirm(page, "Write off")
    expect(drawer.locator(".sum")).to_contain_text("Matched")


def test_what_is_waited_for_has_nothing_to_decide(page: Page, shop: Shop) -> None:
    books = reconciled(shop)
    sign_in(page, shop)
    go(page, "Reconciliation")
    set_filter(page, "state", {"State": "expected"})
    expect(page.locator("tbody tr", has_text="Stripe")).to_have_count(1)
    page.locator(f'[data-opens="{books.ours("new").item_id}"]').click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".sum")).to_contain_text("₹400.00")
    expect(drawer.get_by_role("button", name="Decide")).to_have_count(0)
