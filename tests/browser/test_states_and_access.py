"""Every section can be read on a phone and on a desk, by keyboard and by screen reader; waiting, nothing and trouble each look like it."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SCREENSHOTS, WIDTHS, Shop, confirm, findings, go, open_first_payment, sections, sign_in, until
from tests.support.world import Signer

LISTS = (("Payments", "**/v1/dashboard/payments?*"), ("Ledger", "**/v1/dashboard/ledgers?*"), ("Keys", "**/v1/merchants/apikeys?*"))


@pytest.mark.parametrize("days", [13])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_section_is_readable_and_has_no_finding(page: Page, shop: Shop, axe: str, width: int, scheme: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(f"{shop.http.url}/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.screenshot(path=SCREENSHOTS / f"sign-in-{width}-{scheme}.png")
    assert findings(page, axe) == []
    sign_in(page, shop)
    for section in sections(page):
        go(page, section.capitalize())
        page.screenshot(path=SCREENSHOTS / f"{section}-{width}-{scheme}.png", full_page=True)
        assert findings(page, axe) == [], section
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), section
    go(page, "Payments")
    drawer = open_first_payment(page)
    expect(drawer.get_by_text("Loading…")).to_have_count(0)
    assert drawer.evaluate("drawer => getComputedStyle(drawer).animationName") == "none"
    page.screenshot(path=SCREENSHOTS / f"payment-{width}-{scheme}.png")
    assert findings(page, axe) == []
    drawer.evaluate("drawer => drawer.scrollTo(0, drawer.scrollHeight)")
    page.screenshot(path=SCREENSHOTS / f"payment-below-{width}-{scheme}.png")


@pytest.mark.parametrize(
    ("impact", "rule", "injected"), [("critical", "image-alt", "new Image()"), ("minor", "empty-heading", "document.createElement('h2')")]
)
def test_an_injected_finding_is_found(page: Page, shop: Shop, axe: str, impact: str, rule: str, injected: str) -> None:
    page.goto(f"{shop.http.url}/")
    # What the page draws takes the place of whatever stood there before.
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.evaluate(f"document.getElementById('main').append({injected})")
    assert [finding.split(", [")[0] for finding in findings(page, axe)] == [f"['{impact}', '{rule}'"]


@pytest.mark.parametrize(("section", "route"), LISTS)
def test_a_list_waits_fails_and_is_tried_again(page: Page, shop: Shop, axe: str, section: str, route: str) -> None:
    sign_in(page, shop)
    held: list[Route] = []

    def hold(waiting: Route) -> None:
        held.append(waiting)

    page.route(route, hold)
    page.get_by_role("link", name=section, exact=True).click()
    # The request is signed first, and the section before this one may be loading still.
    until(page, lambda: bool(held))
    expect(page.get_by_text("Loading…").first).to_be_visible()
    held.pop().fulfill(status=503, json={"error": {"code": "temporarily_unavailable", "message": "Try again soon.", "request_id": "req_1"}})
    expect(page.get_by_role("alert").filter(has_text="Try again soon.")).to_contain_text("req_1")
    page.screenshot(path=SCREENSHOTS / f"failed-{section.lower()}-1440.png")
    assert findings(page, axe) == []
    page.unroute(route)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_no_connection_is_said(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    page.route("**/v1/**", lambda route: route.abort())
    page.get_by_role("link", name="Settings", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached.")


def test_a_new_merchant_sees_that_there_is_nothing_yet(page: Page, shop: Shop, axe: str) -> None:
    with shop.http.lock:
        new: Signer = shop.http.world.register("Empty Shelf")
    shop.who = new
    sign_in(page, shop)
    said = {"Payments": "No payments yet.", "Ledger": "No entries yet.", "Webhooks": "No endpoints yet.", "Crypto": "No deposits yet."}
    expect(page.get_by_text("No payments in this period.")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "empty-overview-1440.png")
    for section, text in said.items():
        go(page, section)
        expect(page.get_by_text(text)).to_be_visible()
        assert findings(page, axe) == [], section


def test_everything_is_reached_by_keyboard_and_the_drawer_keeps_and_returns_the_focus(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    page.get_by_role("link", name="Payments", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody button.link")
    opener = page.locator("tbody button.link").nth(1)
    opener.focus()
    assert opener.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.locator(".sum")).to_be_visible()
    expect(drawer.get_by_text("Loading…")).to_have_count(0)
    inside = "document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)"
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_focus_returns_to_the_payment_when_the_list_was_drawn_anew(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    drawer = open_first_payment(page)
    held: list[Route] = []
    page.route("**/v1/dashboard/payments?*", lambda route: route.continue_() if held else held.append(route))
    drawer.get_by_label("Amount").fill("1.00")
    drawer.get_by_role("button", name="Refund", exact=True).click()
    confirm(page, "Refund ₹1.00")
    expect(drawer.get_by_text("₹1.00 (partial)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("main")).to_be_focused()
    until(page, lambda: bool(held))
    held[0].continue_()
    expect(page.locator("tbody button.link").first).to_be_focused()


def test_days_are_the_readers_and_months_are_words(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    shown = page.locator("tbody time").first
    expect(shown).to_have_text(re.compile(" IST$"))
    month = page.evaluate("new Intl.DateTimeFormat('en-IN', {month: 'short', timeZone: 'Asia/Kolkata'}).format(new Date())")
    assert month in shown.inner_text()
