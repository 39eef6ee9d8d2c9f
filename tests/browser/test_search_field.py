"""The search field of the console: reached by a key, moved in by keys, and what it finds is opened where it is shown."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Shop, go, look, open_first_payment, sign_in


def find(page: Page, text: str) -> None:
    """Type it where `/` leads."""
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Find anything")
    expect(field).to_be_focused()
    field.fill(text)
    page.wait_for_selector("#hits")


def test_an_amount_is_found_by_kind_and_opened_by_keys(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    find(page, "250.75")
    options = page.locator("#hits [role=option]")
    found = shop.ask("/v1/search?q=250.75")["data"]
    assert len(found) == 3
    expect(options).to_have_count(3)
    expect(page.get_by_role("group", name="Payment", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox", name="Find anything")).to_have_attribute("aria-activedescendant", "hit-2")
    look(page, axe, "search-hits")
    page.keyboard.press("Enter")
    expect(page.locator(".sum")).to_contain_text("₹250.75")
    expect(page).to_have_url(re.compile(f"#payments/{found[1]['id']}$"))
    expect(page.locator("#hits")).to_have_count(0)


def test_a_record_without_a_section_is_shown_and_leads_to_its_payments(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    find(page, "asha")
    page.get_by_role("group", name="Wallet", exact=True).get_by_role("option").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Balance")
    drawer.get_by_role("link", name="Payments of this user").click()
    expect(page.locator("[data-filter=user_id] summary")).to_have_text("User: asha")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_delivery_is_opened_in_its_section_again_and_again(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    delivery = shop.ask("/v1/webhooks/deliveries?limit=1")["data"][0]["delivery_id"]
    for _ in range(2):
        find(page, delivery)
        page.keyboard.press("Enter")
        drawer = page.get_by_role("dialog")
        expect(drawer).to_contain_text(delivery)
        expect(page).to_have_url(re.compile(f"#webhooks/{delivery}$"))
        drawer.get_by_role("button", name="Close").click()


def test_who_goes_to_the_field_as_a_drawer_closes_stays_there(page: Page, shop: Shop) -> None:
    """The browser says that a drawer has closed a moment after it has: keys that come between are not lost."""
    sign_in(page, shop)
    page.get_by_role("link", name="Payments", exact=True).click()
    open_first_payment(page)
    slash = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true}))"
    page.evaluate(f"{{ document.querySelector('dialog[open]').close(); {slash} }}")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Find anything")).to_be_focused()


def test_what_is_not_found_says_so_escape_closes_and_a_slash_that_is_typed_stays(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    find(page, "no such thing")
    expect(page.locator("#hits [role=option]")).to_contain_text("Nothing is found for “no such thing”")
    page.keyboard.press("Enter")
    assert page.url.endswith("/")
    page.keyboard.press("Escape")
    expect(page.locator("#hits")).to_have_count(0)
    go(page, "Links")
    label = page.get_by_label("What it is for")
    label.press_sequentially("a/b")
    expect(label).to_have_value("a/b")


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/v1/search?q=asha*", hold)
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Find anything")
    with page.expect_request("**/v1/search?q=asha*"):
        field.fill("asha")
    field.fill("nothing like this")
    expect(page.locator("#hits [role=option]")).to_contain_text("nothing like this")
    late[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#hits [role=option]")).to_contain_text("nothing like this")
