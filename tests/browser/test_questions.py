"""What cannot be undone asks first: with its amount, reachable by keyboard, and without effect unless the answer is yes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ENDPOINT, SCREENSHOTS, WIDTHS, Shop, confirm, findings, go, open_first_payment, sign_in
from tests.support.payments import settings

WATCHED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"

# A second request of one click would be sent by then.
SECOND_REQUEST_MS = 300


def refund(page: Page, _shop: Shop) -> Locator:
    go(page, "Payments")
    return open_first_payment(page).get_by_role("button", name="Refund", exact=True)


def endpoint(name: str) -> Callable[[Page, Shop], Locator]:
    def opener(page: Page, _shop: Shop) -> Locator:
        go(page, "Webhooks")
        return page.get_by_role("row").filter(has_text=ENDPOINT).get_by_role("button", name=name, exact=True)

    return opener


def rotate_secret(page: Page, _shop: Shop) -> Locator:
    go(page, "Webhooks")
    page.get_by_role("button", name=ENDPOINT, exact=True).click()
    return page.get_by_role("dialog").get_by_role("button", name="Rotate secret", exact=True)


def revoke(page: Page, shop: Shop) -> Locator:
    with shop.http.lock:
        assert shop.http.world.call(shop.who, "POST", "/v1/merchants/apikey", {}).status == 201
    go(page, "Keys")
    return page.get_by_role("row").filter(has_not_text="this tab").get_by_role("button", name="Revoke")


def new_key(page: Page, _shop: Shop) -> Locator:
    go(page, "Keys")
    return page.get_by_role("button", name="New key")


def stop_watching(page: Page, shop: Shop) -> Locator:
    with shop.http.lock:
        made = shop.http.world.call(shop.who, "POST", "/v1/crypto/address", {"address": WATCHED, "network": "ethereum"})
        assert made.status == 201, made.raw
    go(page, "Crypto")
    return page.get_by_role("button", name="Stop watching")


def remove_connector(page: Page, shop: Shop) -> Locator:
    with shop.http.lock:
        settings(shop.http.world, shop.who, connectors={"sandbox": {"failure_percent": "0"}})
    go(page, "Settings")
    page.get_by_role("link", name="Connectors", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name="Sandbox", exact=True))
    return row.get_by_role("button", name="Remove")


# What opens the question, what its button says, and what must be in it.
QUESTIONS: dict[str, tuple[Callable[[Page, Shop], Locator], str, str]] = {
    "refund": (refund, "Refund ₹250.75", "₹250.75 of ₹250.75"),
    "turn-off": (endpoint("Turn off"), "Turn off", ENDPOINT),
    "rotate-secret": (rotate_secret, "Rotate secret", ENDPOINT),
    "revoke": (revoke, "Revoke", "Key"),
    "new-key": (new_key, "New key", "one more day"),
    "stop-watching": (stop_watching, "Stop watching", WATCHED),
    "remove-connector": (remove_connector, "Remove", "sandbox"),
}


def changing(page: Page) -> list[str]:
    """The requests that may change something, from now on."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(f"{request.method} {request.url}") if request.method != "GET" else None)
    return seen


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_no_changes_nothing_and_a_yes_does_it_once(page: Page, shop: Shop, axe: str, name: str) -> None:
    """By mouse and by keyboard: Cancel has the focus, Tab stays within, Escape is no, and the focus goes back to where it was."""
    opening, act, said = QUESTIONS[name]
    sign_in(page, shop)
    opener = opening(page, shop)
    seen = changing(page)
    question = page.get_by_role("alertdialog")
    for no in ("Escape", "Cancel"):
        opener.click()
        expect(question).to_contain_text(said)
        expect(question.get_by_role("heading")).to_be_visible()
        cancel = question.get_by_role("button", name="Cancel")
        expect(cancel).to_be_focused()
        for _ in range(5):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body || document.querySelector('.ask').contains(document.activeElement)"
            )
        page.keyboard.press("Escape") if no == "Escape" else cancel.click()
        expect(question).to_have_count(0)
        expect(opener).to_be_focused()
    assert seen == []
    opener.click()
    pictured(page, question, axe, name)
    # The request is signed before it is sent: that the page is idle right after the click says nothing.
    with page.expect_response(lambda response: response.request.method != "GET"):
        confirm(page, act)
    expect(opener.or_(page.locator("main"))).not_to_have_count(0)
    page.wait_for_timeout(SECOND_REQUEST_MS)
    assert len(seen) == 1


def pictured(page: Page, question: Locator, axe: str, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"question-{name}-{width}.png")
        assert findings(page, axe) == []
        box = question.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_question_has_a_name_and_a_description(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    refund(page, shop).click()
    question = page.get_by_role("alertdialog", name="Refund ₹250.75?")
    expect(question).to_have_accessible_description("The money goes back to the payer. This cannot be undone.")


def test_the_amount_is_filled_in_with_what_is_left_and_an_empty_one_is_no_refund(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    button, seen = refund(page, shop), changing(page)
    amount = page.get_by_role("dialog").get_by_label("Amount")
    expect(amount).to_have_value("250.75")
    for wrong in ("", "all", "-1", "1e3"):
        amount.fill(wrong)
        button.click()
        expect(page.get_by_role("alertdialog")).to_have_count(0)
        assert amount.evaluate("field => !field.validity.valid")
    assert seen == []
    amount.fill("100.25")
    button.click()
    confirm(page, "Refund ₹100.25")
    expect(page.get_by_role("dialog").get_by_text("₹100.25 (partial)")).to_be_visible()
    expect(amount).to_have_value("150.50")
    payment: dict[str, Any] = shop.ask("/v1/dashboard/payments?limit=1")["data"][0]
    assert (payment["amount_refunded"], len(seen)) == ("100.25", 1)


def test_what_can_be_undone_does_not_ask(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    opener = endpoint("Turn off")(page, shop)
    opener.click()
    confirm(page, "Turn off")
    row = page.get_by_role("row").filter(has_text=ENDPOINT)
    row.get_by_role("button", name="Turn on").click()
    expect(row.get_by_text("Active", exact=True)).to_be_visible()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
