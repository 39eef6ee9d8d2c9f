"""Settlements on the merchant's page: the list, one with its items, and where the money of a payment is; on a phone and on a desk."""

import csv
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from paycorex import storage
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import SettlementLineItem, order_of, subject_of
from settlements.stores import lines
from tests.browser.conftest import DAY_SECONDS, SCREENSHOTS, Shop, findings, go, set_filter, sign_in
from tests.support import payments as support
from tests.support.settlements import stored

WIDTHS = (360, 1280)


def paid_out(shop: Shop) -> tuple[str, SettlementItem]:
    """A card payment that is in a settlement beside two lines of others, and that settlement."""
    with shop.http.lock:
        paid = support.charge(shop.http.world, shop.who, support.APPROVE, "1250.50").body
        settlement = stored(shop.who, "setl_1", count=2)
        subject, name = subject_of(shop.who.merchant_id, "sandbox", paid["provider_reference"]), "payment#line_9"
        line = SettlementLineItem(
            subject=subject, line=name, merchant_id=shop.who.merchant_id, connector="sandbox", line_reference="line_9", kind="payment",
            kind_name="charge", charge_reference=paid["provider_reference"], gross=125_050, fee=2_501, tax=450, currency="INR",
            record=f"payment:{paid['payment_id']}", placed="clearing", settlement_id=settlement.settlement_id,
            order_key=order_of(subject, name, 1), created_at=1,
        )  # fmt: skip
        storage.run(lines.new(line))
    return paid["payment_id"], settlement


@pytest.mark.parametrize("width", WIDTHS)
def test_a_settlement_is_found_with_its_items_and_a_payment_says_where_its_money_is(page: Page, shop: Shop, axe: str, width: int) -> None:
    payment_id, settlement = paid_out(shop)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, shop)
    go(page, "Settlements")
    row = page.locator(f'[data-opens="{settlement.settlement_id}"]')
    expect(row).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"settlements-{width}.png")
    assert findings(page, axe) == []
    row.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Not seen on a bank statement yet")).to_be_visible()
    expect(drawer.locator("tbody tr")).to_have_count(3)
    page.wait_for_timeout(200)  # The drawer slides in.
    page.screenshot(path=SCREENSHOTS / f"settlement-{width}.png")
    assert findings(page, axe) == []
    with page.expect_download() as loading:
        drawer.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(Path(loading.value.path()).read_text(encoding="utf-8").splitlines()))
    assert sorted(row["line_reference"] for row in rows) == ["line_0", "line_1", "line_9"]
    drawer.get_by_role("button", name=payment_id[:12]).click()
    whole = page.get_by_role("dialog").last
    expect(whole.get_by_role("heading", name="Where the money is")).to_be_visible()
    way = whole.locator("ol.timeline").first
    expect(way.get_by_text("Paid out")).to_be_visible()
    assert [text.splitlines()[1] for text in way.locator("li").all_inner_texts()] == [
        "Captured",
        "With the provider",
        "Paid out",
        "In the bank",
    ]
    way.scroll_into_view_if_needed()
    page.screenshot(path=SCREENSHOTS / f"whereabouts-{width}.png")
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_filter_that_nothing_matches_says_so(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Settlements")
    set_filter(page, "state", {"State": "exception"})
    expect(page.get_by_text("No settlements match. Take a filter away above.")).to_be_visible()
    expect(page.locator(".sums")).to_contain_text("0 settlements")


@pytest.mark.parametrize("width", WIDTHS)
def test_journals_are_taken_away_for_accounting(page: Page, shop: Shop, axe: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, shop)
    go(page, "Ledger")
    part = page.locator("section.card", has_text="Journal export")
    part.scroll_into_view_if_needed()
    part.get_by_label("From (UTC)").fill(time.strftime("%Y-%m-%d", time.gmtime(time.time() - 3 * DAY_SECONDS)))
    with page.expect_download() as loading:
        part.get_by_role("button", name="Download journals").click()
    rows = list(csv.DictReader(Path(loading.value.path()).read_text(encoding="utf-8").splitlines()))
    assert len(rows) > 2
    assert loading.value.suggested_filename.endswith(".csv")
    page.screenshot(path=SCREENSHOTS / f"statements-{width}.png")
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_providers_report_is_fetched_at_once(page: Page, shop: Shop, axe: str, width: int) -> None:
    from settlements import importer_door

    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, shop)
    go(page, "Settlements")
    expect(page.get_by_text("Nothing was paid out yet", exact=False)).to_be_visible()
    part = page.locator("section.card", has_text="Fetch a provider")
    part.get_by_role("button", name="Fetch now").click()
    expect(part.get_by_text("0 lines read, 0 new")).to_be_visible()
    with shop.http.lock:
        importer_door.handler({}, None)
    expect(part.get_by_text("Done")).to_be_visible()
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.locator("tbody .status.booked").first).to_be_visible()
    part.scroll_into_view_if_needed()
    page.screenshot(path=SCREENSHOTS / f"fetched-{width}.png")
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
