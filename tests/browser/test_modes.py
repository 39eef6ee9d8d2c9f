"""Live and test mode in the console: the way there and back, the coloured bar, in both languages and at both widths."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Shop, findings, sign_in
from tests.browser.test_people import device, enter
from tests.support.people import invite, ticket_of
from tests.support.world import Signer

__all__ = ["device"]
TEXT = "No real money moves here."


@pytest.fixture
def live(shop: Shop) -> Signer:
    """A live merchant; the shop's own is of the stage, which is test."""
    with shop.http.lock:
        return shop.http.world.register("Live tea", mode="live")


def come_in(page: Page, shop: Shop, who: Signer) -> None:
    with shop.http.lock:
        ticket = ticket_of(invite(shop.http.world, who))
    page.goto(f"{shop.http.console_url}/#welcome={ticket}")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    enter(page)


def mode_of(page: Page) -> Any:
    return page.get_by_role("complementary", name="Test mode")


def test_a_person_makes_test_mode_goes_there_and_back(page: Page, shop: Shop, device: Any, live: Signer) -> None:
    come_in(page, shop, live)
    expect(mode_of(page)).to_be_hidden()
    page.goto(f"{shop.http.console_url}/#keys")
    expect(page.get_by_role("heading", name="Keys", level=2, exact=True)).to_be_visible()
    page.get_by_role("button", name="Go to test mode").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("It has the sandbox, and no real money.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(mode_of(page)).to_be_hidden()
    page.get_by_role("button", name="Go to test mode").click()
    dialog.get_by_role("button", name="Make it").click()
    expect(mode_of(page)).to_contain_text(TEXT)
    expect(page).to_have_url(re.compile("#overview$"))
    page.reload()
    expect(mode_of(page)).to_contain_text(TEXT)
    page.get_by_role("button", name="Go to live mode").click()
    expect(mode_of(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Go to test mode")).to_be_visible()
    # There is one now: no question is asked again.
    page.get_by_role("button", name="Go to test mode").click()
    expect(mode_of(page)).to_contain_text(TEXT)


def test_a_tab_that_shows_the_other_mode_begins_anew(page: Page, shop: Shop, device: Any, live: Signer) -> None:
    come_in(page, shop, live)
    other = page.context.new_page()
    other.goto(f"{shop.http.console_url}/#overview")
    expect(other.get_by_role("button", name="Go to test mode")).to_be_visible()
    page.get_by_role("button", name="Go to test mode").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Make it").click()
    expect(mode_of(page)).to_contain_text(TEXT)
    expect(mode_of(other)).to_be_hidden()
    other.get_by_role("link", name="Payments", exact=True).click()
    expect(mode_of(other)).to_contain_text(TEXT)
    other.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_bar_can_be_read_in_both_languages(page: Page, shop: Shop, device: Any, live: Signer, axe: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    come_in(page, shop, live)
    page.get_by_role("button", name="Go to test mode").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Make it").click()
    expect(mode_of(page)).to_contain_text(TEXT)
    page.wait_for_selector("#volume")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENSHOTS / f"test-mode-{width}-{scheme}.png")
        assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#language").select_option("hi")
    expect(page.locator("#bar")).to_contain_text("यहाँ असली पैसा नहीं चलता।")
    expect(page.locator("#mode")).to_have_text("लाइव मोड में जाएँ")


def test_who_signs_in_with_a_test_key_sees_the_bar_and_no_other_mode(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    expect(mode_of(page)).to_contain_text(TEXT)
    expect(page.locator("#mode")).to_be_hidden()
