"""Each list has the same tools: chips of filters, numbers, columns, views, CSV; and where it is empty it names the next step."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, go, look, sections, set_filter, sign_in
from tests.browser.test_disputes import DISPUTED
from tests.browser.test_reconciliation import reconciled
from tests.browser.test_settlements import paid_out
from tests.support import payments as support

FORMS = re.compile("form|above|below|फ़ॉर्म|ऊपर|नीचे")


@dataclass(frozen=True)
class List:
    """A list: its section and path, filters by their first field's name, the query that they are, and a column to add."""

    section: str
    path: str
    chips: dict[str, dict[str, str]]
    query: str
    column: str
    numbers: str | None = None


LISTS = (
    List("disputes", "/v1/disputes", {"status": {"Status": "needs_response"}}, "status=needs_response", "Stage", "1 dispute"),
    List("settlements", "/v1/settlements", {"provider": {"Provider": "stripe"}}, "provider=stripe", "Gross", "1 settlement"),
    List("reconciliation", "/v1/reconciliation/items", {"source": {"Provider": "stripe"}}, "source=stripe", "Due"),
    List(
        "ledger",
        "/v1/dashboard/ledgers",
        {"entity": {"Account": "clearing"}, "entity_id": {"Wallet's id, or connector": "sandbox"}},
        "entity=clearing&entity_id=sandbox",
        "Journal",
    ),
    List("audit", "/v1/audit", {"operation": {"Operation": "change_merchant"}}, "operation=change_merchant", "Client"),
)


def history(shop: Shop) -> None:
    """Something in each list."""
    paid_out(shop)
    reconciled(shop)
    with shop.http.lock:
        support.charge(shop.http.world, shop.who, DISPUTED)
        support.tick(shop.http.world)
        assert shop.http.world.call(shop.who, "PATCH", "/v1/merchants/me", {"payee_name": "Chai & Co"}).status == 200


def test_every_list_has_chips_columns_views_numbers_and_csv(page: Page, shop: Shop, axe: str) -> None:
    history(shop)
    sign_in(page, shop)
    for each in LISTS:
        page.set_viewport_size({"width": 1440, "height": 900})
        go(page, each.section.capitalize())
        for name, chosen in each.chips.items():
            set_filter(page, name, chosen)
        expect(page).to_have_url(re.compile(re.escape(f"#{each.section}/?{each.query}") + "$"))
        found = shop.ask(f"{each.path}?{each.query}&limit=20{'&currency=INR' if each.section == 'ledger' else ''}")["data"]
        assert found, each
        expect(page.locator("tbody tr")).to_have_count(len(found))
        with page.expect_download() as loading:
            page.locator(".views").get_by_role("button", name="Download CSV").click()
        rows = loading.value.path().read_text(encoding="utf-8").splitlines()[1:]
        assert len(rows) >= len(found), each
        if each.numbers:
            expect(page.locator(".sums")).to_contain_text(each.numbers)
            expect(page.locator(".sums .num")).to_have_count(len({row["currency"] for row in found}))
        page.locator(".views").get_by_text("Columns", exact=True).click()
        page.get_by_label(each.column, exact=True).and_(page.locator("[type=checkbox]")).check()
        page.locator(".views").get_by_role("button", name="Apply").click()
        expect(page.locator("thead th").get_by_text(each.column, exact=True)).to_be_visible()
        page.get_by_text("Save view", exact=True).click()
        page.get_by_label("Name of the view").fill("My own")
        page.get_by_role("button", name="Save", exact=True).click()
        look(page, axe, f"list-{each.section}")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.get_by_role("button", name="Clear filters").click()
        expect(page.locator(".chip.set")).to_have_count(0)
        page.locator("select[name=view]").select_option("My own")
        expect(page.locator(".chip.set")).to_have_count(len(each.chips))


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_empty_list_has_a_link_or_a_button_or_names_a_form(page: Page, shop: Shop, language: str) -> None:
    with shop.http.lock:
        shop.who = shop.http.world.register("Empty Shelf")
    sign_in(page, shop)
    page.get_by_label("Language").select_option(language)
    # The one list that a merchant cannot have empty without the key that signs in.
    page.route("**/v1/merchants/apikeys?*", lambda route: route.fulfill(json={"data": [], "next_cursor": None}))
    empty = set()
    for section in sections(page):
        page.evaluate("section => { location.hash = section }", section)
        page.wait_for_selector(f"#nav [aria-current][href='#{section}']")
        page.wait_for_load_state("networkidle")
        expect(page.locator(".loading")).to_have_count(0)
        # What a form says before it is asked is no list.
        for state in page.locator("main p.state:not(.inset *)").all():
            empty.add(section)
            assert state.locator("a, button").count() or FORMS.search(state.inner_text()), (section, state.inner_text())
    assert {"payments", "links", "disputes", "settlements", "reconciliation", "ledger", "webhooks", "crypto", "keys"} <= empty
