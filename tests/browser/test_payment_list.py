"""The list of payments: chips of filters, the numbers of what is found, columns to choose, views that are kept, and its CSV."""

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from dashboard import payment_sums
from tests.browser.conftest import Shop, go, look, set_filter, sign_in
from tests.support.payments import APPROVE, charge, token

LONG = "user-" + "x" * 120


def column(page: Page, name: str) -> list[str]:
    """What a column shows, by its heading."""
    heads = page.locator("thead th").all_inner_texts()
    return page.locator(f"tbody td:nth-child({heads.index(name) + 1})").all_inner_texts()


def test_filters_are_chips_whose_numbers_and_csv_are_those_of_the_api_and_whose_address_can_be_shared(
    page: Page, shop: Shop, axe: str
) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    set_filter(page, "status", {"Status": "failed"})
    set_filter(page, "failure_code", {"Failure reason": "card_declined"})
    expect(page.locator("[data-filter=failure_code] summary")).to_have_text("Failure reason: Card declined")
    asked = "status=failed&failure_code=card_declined"
    sums = shop.ask(f"/v1/dashboard/payment_sums?{asked}")
    assert sums["count"] > 0
    expect(page.locator(".sums")).to_contain_text(f"{sums['count']} payment")
    assert "".join(mark for mark in page.locator(".sums .num").inner_text() if mark in "0123456789.") == sums["sums"][0]["amount"]
    expect(page.locator("tbody tr")).to_have_count(sums["count"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert len(download.value.path().read_text(encoding="utf-8").splitlines()) == sums["count"] + 1
    look(page, axe, "payments-filtered")
    expect(page).to_have_url(re.compile(re.escape(f"#payments/?{asked}") + "$"))
    address = page.url
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".chip.set")).to_have_count(0)
    expect(page).to_have_url(re.compile("#payments$"))
    page.evaluate("address => { location.href = address }", address)
    expect(page.locator(".chip.set")).to_have_count(2)
    expect(page.locator("tbody tr")).to_have_count(sums["count"])


def test_a_sum_of_more_than_is_read_says_at_least(page: Page, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_sums, "MAX_PAYMENTS", 3)
    sign_in(page, shop)
    go(page, "Payments")
    expect(page.locator(".sums")).to_contain_text("At least 3 payments")
    expect(page.locator(".sums .num")).to_contain_text("at least ₹")


def test_a_date_is_the_readers_and_a_filter_is_taken_away_by_its_chip(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    with page.expect_request(lambda request: "from=" in request.url) as sent:
        set_filter(page, "from", {"From (IST)": "2026-01-01T05:30"})
    assert f"from={quote('2026-01-01T00:00:00.000Z')}" in sent.value.url
    chip = page.locator("[data-filter=from]")
    chip.locator("summary").click()
    expect(chip.get_by_label("From (IST)")).to_have_value("2026-01-01T05:30")
    page.keyboard.press("Escape")
    expect(chip.locator(".popover")).to_be_hidden()
    expect(chip.locator("summary")).to_be_focused()
    chip.locator("summary").click()
    chip.get_by_role("button", name="Remove filter").click()
    expect(page.locator(".chip.set")).to_have_count(0)


def test_a_long_user_pushes_no_column_out(page: Page, shop: Shop) -> None:
    with shop.http.lock:
        charge(shop.http.world, shop.who, APPROVE, "11.00", token_id=token(shop.http.world, shop.who, APPROVE, LONG))
        shop.http.move()
    sign_in(page, shop)
    go(page, "Payments")
    expect(page.get_by_title(LONG)).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    frame = page.get_by_role("region", name="Payments")
    assert frame.evaluate("element => element.scrollWidth <= element.clientWidth")
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_columns_are_chosen_and_a_view_keeps_them_with_its_filters(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Provider", exact=True).and_(page.locator("[type=checkbox]")).check()
    page.get_by_label("User", exact=True).and_(page.locator("[type=checkbox]")).uncheck()
    look(page, axe, "payments-columns")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".views").get_by_role("button", name="Apply").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    heads = page.locator("thead th").all_inner_texts()
    assert "Provider" in heads
    assert "User" not in heads
    set_filter(page, "status", {"Status": "failed"})
    page.get_by_text("Save view", exact=True).click()
    page.get_by_label("Name of the view").fill("Refused <b>")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("select[name=view]").locator("option:checked")).to_have_text("Failed")
    page.locator("select[name=view]").select_option("All payments")
    expect(page.locator(".chip.set")).to_have_count(0)
    page.locator("select[name=view]").select_option("Refused <b>")
    expect(page.locator("[data-filter=status].set")).to_be_visible()
    # What another script or version left there is no view.
    merchant = shop.who.merchant_id
    kept = page.evaluate("name => JSON.parse(localStorage.getItem(name))", f"views.payments.{merchant}")
    assert [(each["name"], each["filters"]) for each in kept] == [("Refused <b>", {"status": "failed"})]
    broken = json.dumps([{"name": "x" * 99}, {"name": "Odd", "filters": {"evil": "1", "status": 7}, "columns": "all"}, None])
    page.evaluate("([name, value]) => localStorage.setItem(name, value)", [f"views.payments.{merchant}", broken])
    page.evaluate("location.hash = 'ledger'")
    page.wait_for_selector("h1:has-text('Ledger')")
    go(page, "Payments")
    names = page.locator("select[name=view]").locator("option").all_inner_texts()
    assert names[-1] == "Odd"
    assert not any("x" * 99 in name for name in names)


def test_an_empty_list_names_the_next_step(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    set_filter(page, "user_id", {"User": "no-such-user"})
    expect(page.get_by_text("Take a filter away above")).to_be_visible()
    expect(page.locator(".sums")).to_contain_text("0 payments")
