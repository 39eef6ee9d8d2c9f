"""The operators' page in Chromium: an operator comes in by a passkey, and does each journey at both widths; the page can be read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from operations import lost_record_runs
from paycorex import aws, settings
from paycorex.credentials import operators
from tests.browser.conftest import SCREENSHOTS, Shop, findings, look
from tests.browser.test_people import device
from tests.support.operators import Watch, ticket

__all__ = ["device"]
WIDTHS = (360, 1280)
RINGS = {"AlarmName": "test-Errors", "StateValue": "ALARM", "AlarmDescription": "Look at the errors.", "StateReason": "3 > 1"}


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    """CloudWatch with one alarm that rings and one that does not."""
    aws.use("cloudwatch", Watch(RINGS, {"AlarmName": "test-Lag", "StateValue": "OK"}))
    yield
    aws.use("cloudwatch", None)


def welcome(page: Page, shop: Shop, role: str = "admin") -> None:
    """Come in by an invitation, with a new passkey."""
    with shop.http.lock:
        secret = ticket(role)
    page.goto(f"{shop.http.console_url}/operator#welcome={secret}")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("button", name="I have stored them").click()
    expect(page.get_by_role("heading", name="Merchants", level=1)).to_be_visible()


def go(page: Page, section: str) -> None:
    """To another section, by its link."""
    page.get_by_role("link", name=section, exact=True).click()
    expect(page.get_by_role("heading", name=section, level=1)).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)


def test_an_operator_stays_signed_in_leaves_and_comes_back(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    expect(page).not_to_have_url(re.compile("welcome"))
    expect(page.locator("#who")).to_contain_text("An admin")
    page.reload()
    expect(page.get_by_role("link", name="Chai Point")).to_have_count(0)
    expect(page.get_by_role("button", name="Chai Point")).to_be_visible()
    assert page.evaluate("document.cookie.includes('paycorex')") is False
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Continue with a passkey").click()
    expect(page.get_by_role("button", name="Chai Point")).to_be_visible()
    # The merchant's page knows no one by the operators' session.
    page.goto(f"{shop.http.console_url}/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_merchant_is_found_suspended_and_resumed_with_a_reason(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "operate")
    page.get_by_label("Search").fill("chai")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Chai Point").click()
    drawer = page.get_by_role("dialog", name="Chai Point")
    # So much later that the page has to ask the device for the passkey again.
    shop.http.world.clock.now += operators.FRESH_SECONDS + 1
    drawer.get_by_role("button", name="Suspend").click()
    question = page.get_by_role("dialog", name="Suspend Chai Point?")
    question.get_by_label("Reason").fill("Chargebacks rose.")
    question.get_by_role("button", name="Suspend").click()
    expect(drawer.get_by_text("Suspended").first).to_be_visible()
    drawer.get_by_role("button", name="Resume").click()
    question = page.get_by_role("dialog", name="Resume Chai Point?")
    question.get_by_label("Reason").fill("Explained.")
    question.get_by_role("button", name="Resume").click()
    expect(drawer.get_by_role("button", name="Suspend")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    go(page, "Audit")
    expect(page.get_by_text("Suspend", exact=True)).to_be_visible()


def test_an_operator_looks_at_a_merchants_page_under_a_sign_and_comes_back(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "operate")
    page.get_by_role("button", name="Chai Point").click()
    page.get_by_role("dialog", name="Chai Point").get_by_role("button", name="Look at its page").click()
    question = page.get_by_role("dialog", name="Look at the page of Chai Point?")
    question.get_by_label("Reason").fill("A question about a refund.")
    question.get_by_role("button", name="Look", exact=True).click()
    page.wait_for_selector("#volume")
    expect(page.get_by_text("You look at Chai Point as an operator until")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "operator-view.png")
    page.get_by_role("link", name="End and go back").click()
    expect(page.get_by_role("heading", name="Merchants", level=1)).to_be_visible()
    page.goto(f"{shop.http.console_url}/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_owner_is_let_in_again_by_a_link_that_is_shown_once(page: Page, shop: Shop, device: Any, axe: str) -> None:
    welcome(page, shop, "admin")
    page.get_by_role("button", name="Chai Point").click()
    page.get_by_role("dialog", name="Chai Point").get_by_role("button", name="Let an owner in").click()
    question = page.get_by_role("dialog", name="Let an owner of Chai Point in?")
    question.get_by_label("Name").fill("Asha Rao")
    question.get_by_label("E-mail").fill("asha@example.com")
    look(page, axe, "operator-let-owner-in")
    question.get_by_label("Reason").fill("She called back on the number of the contract.")
    question.get_by_role("button", name="Make the link").click()
    shown = page.get_by_role("dialog", name="Asha Rao is invited")
    expect(shown).to_contain_text("#welcome=")
    look(page, axe, "operator-owner-link")
    link = shown.locator("code").inner_text()
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome, Asha Rao")).to_be_visible()


def test_an_operator_who_only_reads_is_offered_nothing_else(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "read")
    page.get_by_role("button", name="Chai Point").click()
    drawer = page.get_by_role("dialog", name="Chai Point")
    expect(drawer.get_by_text("Requests a second")).to_be_visible()
    expect(drawer.get_by_role("button", name="Suspend")).to_have_count(0)
    drawer.get_by_role("button", name="Close").click()
    go(page, "Operators")
    expect(page.get_by_role("button", name="Invite")).to_have_count(0)


def test_a_fee_plan_is_added_and_an_operator_is_invited(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop)
    page.get_by_role("button", name="Chai Point").click()
    drawer = page.get_by_role("dialog", name="Chai Point")
    drawer.get_by_role("button", name="Add a fee plan").click()
    question = page.get_by_role("dialog", name="What is Chai Point charged?")
    question.get_by_label("Percent of each payment").fill("1.75")
    question.get_by_label("Fixed amount").fill("3.00")
    question.get_by_label("Reason").fill("As agreed.")
    question.get_by_role("button", name="Add", exact=True).click()
    expect(drawer.get_by_text("Percent 1.75")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    go(page, "Operators")
    page.get_by_label("Name").fill("Ravi")
    page.get_by_label("E-mail").fill("ravi@platform.example")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", name="Ravi is invited")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_each_section_can_be_read(page: Page, shop: Shop, device: Any, axe: str, width: int, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    welcome(page, shop)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for section in ("Merchants", "Platform", "Work", "Ledger", "Operators", "Audit"):
        go(page, section)
        assert findings(page, axe) == [], section
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), section
        page.screenshot(path=SCREENSHOTS / f"operator-{section.lower()}-{width}-{scheme}.png", full_page=True)
    go(page, "Merchants")
    page.get_by_role("button", name="Chai Point").click()
    expect(page.get_by_role("dialog").get_by_text("Requests a second")).to_be_visible()
    assert findings(page, axe) == []
    page.screenshot(path=SCREENSHOTS / f"operator-merchant-{width}-{scheme}.png")


def test_the_platform_shows_what_was_paid_and_its_chains_in_hindi_too(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "operate")
    go(page, "Platform")
    expect(page.get_by_text("1 of 2 ring.")).to_be_visible()
    expect(page.get_by_text("Look at the errors.")).to_be_visible()
    volumes = page.get_by_role("region", name="Volume by day")
    expect(volumes.get_by_role("row")).not_to_have_count(0)
    expect(volumes.get_by_text("₹").first).to_be_visible()
    expect(page.get_by_text("Not followed").first).to_be_visible()
    page.get_by_label("Language").select_option("hi")
    expect(page.get_by_role("heading", name="प्लेटफ़ॉर्म", level=1)).to_be_visible()
    expect(page.get_by_text("इसे नहीं देखा जाता").first).to_be_visible()


def test_dead_letters_are_sent_again_with_a_reason(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "operate")
    go(page, "Work")
    expect(page.get_by_text("No record was lost.")).to_be_visible()
    page.get_by_role("button", name="Send dead letters again").click()
    question = page.get_by_role("dialog", name="Send dead letters again?")
    question.get_by_role("button", name="Send again").click()
    # Without a reason the dialog stays.
    expect(question).to_be_visible()
    question.get_by_role("textbox", name=re.compile("^Reason")).fill("The receivers are well.")
    question.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("There are no dead letters.")).to_be_visible()
    go(page, "Audit")
    expect(page.get_by_text("Redrive", exact=True)).to_be_visible()


@pytest.fixture
def lost_records(shop: Shop) -> Iterator[None]:
    """The queue of what failed all retries, which is empty."""
    world = shop.http.world
    url = world.sqs.create_queue(QueueName="test-lost-records")["QueueUrl"]
    settings.use(world.settings.model_copy(update={"lost_records_queue_url": url}))
    yield
    settings.use(world.settings)


@pytest.mark.usefixtures("lost_records")
def test_lost_records_are_handed_over_again_with_a_reason(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "operate")
    go(page, "Work")
    page.get_by_role("button", name="Hand over again").click()
    question = page.get_by_role("dialog", name="Hand lost records over again?")
    question.get_by_role("button", name="Hand over again").click()
    # Without a reason the dialog stays.
    expect(question).to_be_visible()
    question.get_by_label("Reason").fill("The store is well again.")
    question.get_by_role("button", name="Hand over again").click()
    expect(page.get_by_text("Run 1", exact=True)).to_be_visible()
    with shop.http.lock:
        lost_record_runs.work(lambda: True)
    page.get_by_role("button", name="Look again").last.click()
    expect(page.get_by_text("There was none.")).to_be_visible()
    go(page, "Audit")
    expect(page.get_by_text("Run lost records", exact=True)).to_be_visible()


def test_an_operator_who_only_reads_cannot_send_dead_letters(page: Page, shop: Shop, device: Any) -> None:
    welcome(page, shop, "read")
    go(page, "Work")
    expect(page.get_by_role("button", name="Send dead letters again")).to_have_count(0)
    expect(page.get_by_role("button", name="Hand over again")).to_have_count(0)
