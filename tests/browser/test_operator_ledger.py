"""The operators' section Ledger in Chromium: the ledger and audit logs are verified, with a reason."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, look
from tests.browser.test_operators import device, go, watched, welcome

__all__ = ["device", "watched"]


def verify(page: Page, button: str, title: str, **fields: str) -> None:
    """By its button, whose question is answered."""
    page.get_by_role("button", name=button, exact=True).click()
    question = page.get_by_role("dialog", name=title)
    for label, text in fields.items():
        question.get_by_label(label).fill(text)
    question.get_by_role("button", name="Verify now").click()
    expect(question).to_have_count(0)


def tick(page: Page, shop: Shop) -> None:
    from operations import verification_door

    with shop.http.lock:
        verification_door.handler({}, None)
    page.get_by_role("button", name="Look again").click()


def test_the_ledger_and_an_audit_log_are_verified_with_a_reason(page: Page, shop: Shop, device: Any, axe: str) -> None:
    welcome(page, shop, "operate")
    go(page, "Ledger")
    of_merchant = f"Audit log of {shop.who.merchant_id}"
    verify(page, "Verify an audit log", "Verify an audit log?", Merchant=shop.who.merchant_id, Reason="The yearly audit.")
    expect(page.get_by_text(of_merchant)).to_be_visible()
    tick(page, shop)
    expect(page.locator("section.card", has_text="Verification 1").last).to_contain_text("Sound")
    verify(page, "Verify an audit log", "Verify an audit log?", Reason="The yearly audit.")
    expect(page.get_by_text("Audit log of the operators")).to_be_visible()
    # There is one at a time, and the page does not say that another one has begun.
    verify(page, "Verify now", "Verify the ledger?", Reason="The yearly audit.")
    expect(page.get_by_text("Another verification runs. Ask again when it has ended.")).to_be_visible()
    tick(page, shop)
    expect(page.locator("section.card", has_text="Audit log of the operators").last).to_contain_text("Sound")
    verify(page, "Verify now", "Verify the ledger?", Reason="The yearly audit.")
    expect(page.locator("section.card", has_text="The ledger").last).to_contain_text("Checkpoints")
    look(page, axe, "operator-verifications")
