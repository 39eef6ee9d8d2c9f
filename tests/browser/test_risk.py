"""The console's section Risk: rules by choosing, what they would have stopped, the blocklist, and payments that wait for a person."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, go, look, sign_in
from tests.support.payments import APPROVE, charge

REVIEW = {"rule_id": "look", "by": "customer", "max_payments": 0, "window_seconds": 600, "then": "review"}


def rules_of(shop: Shop) -> list[dict[str, object]]:
    rules: list[dict[str, object]] = shop.ask("/v1/merchants/me")["risk_rules"]
    return rules


def held(shop: Shop, amount: str) -> str:
    """A payment that a rule holds for a review."""
    with shop.http.lock:
        world = shop.http.world
        assert world.call(shop.who, "PATCH", "/v1/merchants/me", {"risk_rules": [REVIEW]}).status == 200
        world.restart()
        payment_id: str = charge(world, shop.who, APPROVE, amount).body["payment_id"]
    return payment_id


def test_rules_are_built_by_choosing_tried_and_saved(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Risk")
    expect(page.locator(".rule")).to_have_count(1)
    page.get_by_role("button", name="Add a rule").click()
    second = page.locator(".rule").nth(1)
    second.get_by_label("Name").fill("many-cards")
    second.get_by_label("Counted together by").select_option("card")
    second.get_by_label("At most").fill("2")
    second.get_by_label("Within").select_option("86400")
    second.get_by_label("What is more").select_option("block")
    page.get_by_role("button", name="Try them").click()
    expect(page.get_by_text("What this cannot know")).to_be_visible()
    expect(page.locator(".rows li", has_text="many-cards")).to_contain_text("stopped")
    look(page, axe, "risk")
    assert len(rules_of(shop)) == 1
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Acts everywhere from")).to_be_visible()
    expected = {"rule_id": "many-cards", "by": "card", "max_payments": 2, "max_amount": None, "window_seconds": 86_400, "then": "block"}
    assert rules_of(shop)[1] == expected
    page.get_by_role("button", name="Remove rule 1").click()
    only = page.locator(".rule")
    expect(only).to_have_count(1)
    only.get_by_label("What is counted").select_option("amount")
    only.get_by_label("At most").fill("500.00")
    # What was said of the first saving may still stand there.
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        page.get_by_role("button", name="Save", exact=True).click()
    expect(only.get_by_label("At most")).to_have_value("500.00")
    assert [(each["rule_id"], each["max_payments"]) for each in rules_of(shop)] == [("many-cards", None)]


def test_a_rules_problem_stands_at_the_rule(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Risk")
    page.get_by_role("button", name="Add a rule").click()
    name = page.locator(".rule").nth(1).get_by_label("Name")
    name.evaluate("element => { element.pattern = '.*' }")
    name.fill("Not A Name")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nothing was saved. See the marked fields.")).to_be_visible()
    expect(name).to_have_value("Not A Name")
    assert len(rules_of(shop)) == 1


def test_what_waits_is_approved_or_declined(page: Page, shop: Shop, axe: str) -> None:
    approved, declined = held(shop, "77.10"), held(shop, "77.20")
    sign_in(page, shop)
    go(page, "Risk")
    expect(page.get_by_role("button", name="Approve ₹77.10")).to_be_visible()
    look(page, axe, "risk-review")
    page.get_by_role("button", name="Approve ₹77.10").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Approve ₹77.10")).to_have_count(0)
    assert shop.ask(f"/v1/payments/{approved}")["status"] == "success"
    page.goto(f"{page.url.partition('#')[0]}#payments/{declined}")
    expect(page.get_by_text("Approve or decline it")).to_be_visible()
    page.get_by_role("button", name="Decline ₹77.20").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Decline").click()
    expect(page.get_by_text("Held by look: declined")).to_be_visible()
    assert shop.ask(f"/v1/payments/{declined}")["status"] == "failed"


def test_the_blocklist_is_added_to_and_taken_from(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Risk")
    page.get_by_label("What is blocked").select_option("email")
    page.get_by_label("Value").fill("thief@example.com")
    page.get_by_label("Reason").fill("Three chargebacks")
    page.get_by_role("button", name="Block", exact=True).click()
    row = page.locator("tr", has_text="Three chargebacks")
    expect(row).to_contain_text("for good")
    asked = "/v1/blocklist?kind=email&value=thief@example.com"
    assert [each["reason"] for each in shop.ask(asked)["data"]] == ["Three chargebacks"]
    row.get_by_role("button", name="Remove Three chargebacks").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    assert shop.ask(asked)["data"] == []
