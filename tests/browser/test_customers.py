"""Customers in the console: made, found by what is exactly theirs, shown with what belongs to them, and erased after a question."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, confirm, findings, go, look, pretend, sign_in
from tests.browser.test_people import device, enter, welcome  # noqa: F401 - a fixture
from tests.support import payments as support

EMAIL, PHONE = "asha.rao@example.com", "+919876501234"


def customer(shop: Shop) -> str:
    """One with payments, two cards, a wallet and a mandate."""
    world = shop.http.world
    with shop.http.lock:
        support.settings(world, shop.who, merchant_category_code="5411", payee_vpa="shop@okbank")
        blocked = support.collect(world, shop.who, "640.00", capture_method="manual", user_id="asha").body
        pretend(shop.http, blocked["next_action"]["pay_url"], "approve")
        person = {"reference": "asha", "name": "Asha Rao", "email": EMAIL, "phone": PHONE, "metadata": {"tier": "gold"}}
        made = world.call(shop.who, "POST", "/v1/customers", person)
        for number in range(3):
            assert world.call(shop.who, "POST", "/v1/customers", {"reference": f"user-{number}"}).status == 201
    return str(made.body["customer_id"])


def test_a_customer_is_made_and_found_by_what_is_exactly_its_own(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Customers")
    expect(page.get_by_text("No customers yet.")).to_be_visible()
    assert findings(page, axe) == []
    making = page.locator(".card", has=page.get_by_role("heading", name="New customer"))
    making.locator("[name=reference]").fill("ravi@example.com")
    making.get_by_role("button", name="Make customer").click()
    expect(making.locator("[name=reference]")).to_have_attribute("aria-invalid", "true")
    for reference, person in (("ravi", "Ravi Iyer"), ("meera", "Meera Nair")):
        for name, value in (("reference", reference), ("name", person), ("email", f"{reference}@example.com")):
            making.locator(f"[name={name}]").fill(value)
        making.get_by_role("button", name="Make customer").click()
        expect(page.get_by_role("button", name=person)).to_be_visible()
    finding = page.get_by_role("search").filter(has=page.get_by_label("Phone number"))
    finding.locator("[name=email]").fill("ravi@example.com")
    finding.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("Ravi Iyer")
    # Who was searched for is in no address and nothing that the browser keeps.
    assert "ravi" not in page.url
    assert "ravi" not in page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, history.state])").lower()
    finding.locator("[name=email]").fill("avi@example.com")
    finding.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No customer has exactly this.")).to_be_visible()


def test_a_customer_is_shown_with_what_belongs_to_it_changed_and_erased(page: Page, shop: Shop, axe: str) -> None:
    customer_id = customer(shop)
    sign_in(page, shop)
    go(page, "Customers")
    look(page, axe, "customers")
    page.get_by_role("button", name="Asha Rao").click()
    drawer = page.get_by_role("dialog")
    for text in (EMAIL, "gold", "UPI mandates", "₹640.00", "Authorized", "•••• ", "Payments of this user"):
        expect(drawer).to_contain_text(text)
    shown = shop.ask(f"/v1/customers/{customer_id}")
    assert [len(shown[kind]) for kind in ("payments", "tokens", "wallets", "mandates")] == [10, 2, 1, 1]
    expect(drawer.locator("ul.rows").first.locator("li")).to_have_count(10)
    look(page, axe, "customer")
    drawer.get_by_label("Phone number").fill("")
    drawer.get_by_label("Name").fill("Asha R. Rao")
    drawer.get_by_role("button", name="Change", exact=True).click()
    expect(drawer.locator("dl").first).to_contain_text("Asha R. Rao")
    changed = shop.ask(f"/v1/customers/{customer_id}")
    assert (changed["name"], changed["phone"], changed["email"], changed["metadata"]) == ("Asha R. Rao", None, EMAIL, {"tier": "gold"})
    drawer.get_by_role("button", name="Erase this customer").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("This cannot be undone.")
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    assert shop.ask(f"/v1/customers/{customer_id}")["erased_at"] is None
    drawer.get_by_role("button", name="Erase this customer").click()
    confirm(page, "Erase")
    expect(drawer).to_contain_text("This person was erased.")
    expect(drawer.get_by_role("button", name="Erase this customer")).to_have_count(0)
    erased = shop.ask(f"/v1/customers/{customer_id}")
    assert (erased["email"], erased["wallets"]) == (None, [])
    look(page, axe, "customer-erased")
    drawer.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Asha R. Rao")).to_have_count(0)
    expect(page.locator("tbody").get_by_role("button", name="Erased")).to_be_visible()


def test_a_customers_address_opens_it_and_the_search_field_leads_there(page: Page, shop: Shop) -> None:
    customer_id = customer(shop)
    sign_in(page, shop)
    page.get_by_role("combobox", name="Find anything").fill(EMAIL)
    page.get_by_role("option").filter(has_text=customer_id).click()
    expect(page).to_have_url(re.compile(f"#customers/{customer_id}$"))
    expect(page.get_by_role("dialog")).to_contain_text(EMAIL)
    # A link to it, from what is opened above it, leads back to it.
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="pay_").first.click()
    above = page.get_by_role("dialog").last
    expect(above.locator(".sum")).to_be_visible()
    link = f"Object.assign(document.createElement('a'), {{ href: '#customers/{customer_id}', textContent: 'Its customer' }})"
    above.evaluate(f"drawer => drawer.querySelector('.drawer').append({link})")
    above.get_by_role("link", name="Its customer").click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(page.get_by_role("dialog")).to_contain_text(EMAIL)


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize(("role", "may_change"), [("read_only", False), ("support", True)])
def test_a_role_sees_and_changes_customers_as_the_api_lets_it(page: Page, shop: Shop, role: str, may_change: bool) -> None:
    customer_id = customer(shop)
    welcome(page, shop, role)
    enter(page)
    go(page, "Customers")
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_role("heading", name="New customer")).to_have_count(int(may_change))
    page.evaluate("id => { location.hash = `customers/${id}` }", customer_id)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(EMAIL)
    expect(drawer.get_by_role("button", name="Erase this customer")).to_have_count(int(may_change))
    expect(drawer.get_by_role("button", name="Change", exact=True)).to_have_count(int(may_change))
