"""What operators decide about payments, in Chromium: a review is ended, and an answer to a dispute whose outcome is not known."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from paycorex import storage
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from payments.disputes import answer_records, asked_once, reports
from tests.browser.conftest import SCREENSHOTS, Shop, findings
from tests.browser.test_disputes import DISPUTED
from tests.browser.test_operators import WIDTHS, go, watched, welcome
from tests.browser.test_people import device
from tests.integration.payments.test_contradictions import SECRET, reported
from tests.support import payments as support

__all__ = ["device", "watched"]


def contradict(shop: Shop) -> str:
    """A payment of which the provider says an amount that is none."""
    world = shop.http.world
    with shop.http.lock:
        support.settings(world, shop.who, connectors={"sandbox": {"webhook_secret": SECRET}})
        payment = support.collect(world, shop.who, "77.00").body
        assert reported(world, shop.who, payment, amount_minor=0).status == 400
    return str(payment["payment_id"])


def _begins(found: DisputeItem) -> bool:
    answer_records.begin(found, asked_once.ACCEPT)
    return False


def lose_answer(shop: Shop) -> str:
    """A dispute whose answer was asked for once, and its outcome is not known."""
    with shop.http.lock:
        support.charge(shop.http.world, shop.who, DISPUTED)
        support.tick(shop.http.world)
        (item,) = storage.scan_all(DisputeItem)
        asked_once.claim(reports.revise(item, _begins), asked_once.new_claim())
    return str(item.dispute_id)


def test_a_review_is_ended_with_a_reason_and_a_fresh_passkey(page: Page, shop: Shop, device: Any) -> None:
    payment_id = contradict(shop)
    welcome(page, shop, "operate")
    go(page, "Work")
    page.locator(f'[data-opens="{payment_id}"]').click()
    drawer = page.get_by_role("dialog", name="Payment in review")
    expect(drawer.get_by_text("Unreadable amount")).to_be_visible()
    drawer.get_by_role("button", name="End the review").click()
    question = page.get_by_role("dialog", name="End the review?")
    expect(question.get_by_text(payment_id)).to_be_visible()
    question.get_by_role("button", name="End the review").click()
    # Without a reason the dialog stays.
    expect(question).to_be_visible()
    question.get_by_label("Reason").fill("The provider corrected it.")
    question.get_by_role("button", name="End the review").click()
    expect(page.get_by_text("No payment is in review.")).to_be_visible()
    with shop.http.lock:
        stored = storage.get(PaymentItem, payment_id)
    assert stored is not None
    assert stored.review is None
    go(page, "Audit")
    expect(page.get_by_text("End review", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("choice", "status"), [("The provider has the answer", "accepted"), ("The provider has no answer", "needs_response")]
)
def test_an_unknown_answer_is_ended_as_the_providers_dashboard_shows_it(
    page: Page, shop: Shop, device: Any, choice: str, status: str
) -> None:
    dispute_id = lose_answer(shop)
    welcome(page, shop, "operate")
    go(page, "Work")
    page.locator(f'[data-opens="{dispute_id}"]').click()
    drawer = page.get_by_role("dialog", name="Unknown answer to a dispute")
    drawer.get_by_role("button", name="End the answer").click()
    question = page.get_by_role("dialog", name="End the answer?")
    question.get_by_label("Reason").fill("The dashboard shows it.")
    question.get_by_role("button", name="End the answer").click()
    # What was seen must be chosen: nothing is taken for granted.
    expect(question).to_be_visible()
    question.get_by_label("What does the provider's dashboard show?").select_option(choice)
    question.get_by_role("button", name="End the answer").click()
    expect(page.get_by_text("The outcome of every answer is known.")).to_be_visible()
    with shop.http.lock:
        stored = storage.get(DisputeItem, dispute_id)
    assert stored is not None
    assert stored.answering is None
    assert stored.status == status


def test_an_operator_who_only_reads_decides_nothing(page: Page, shop: Shop, device: Any) -> None:
    payment_id = contradict(shop)
    welcome(page, shop, "read")
    go(page, "Work")
    page.locator(f'[data-opens="{payment_id}"]').click()
    drawer = page.get_by_role("dialog", name="Payment in review")
    expect(drawer.get_by_text("Unreadable amount")).to_be_visible()
    expect(drawer.get_by_role("button", name="End the review")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_what_waits_for_a_decision_can_be_read(page: Page, shop: Shop, device: Any, axe: str, width: int, scheme: Any) -> None:
    payment_id, dispute_id = contradict(shop), lose_answer(shop)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    welcome(page, shop, "operate")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    go(page, "Work")
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.screenshot(path=SCREENSHOTS / f"operator-decisions-{width}-{scheme}.png", full_page=True)
    for record_id, act, picture in ((payment_id, "End the review", "review"), (dispute_id, "End the answer", "answer")):
        page.locator(f'[data-opens="{record_id}"]').click()
        drawer = page.get_by_role("dialog").first
        expect(drawer.get_by_role("button", name=act)).to_be_visible()
        assert findings(page, axe) == []
        page.screenshot(path=SCREENSHOTS / f"operator-{picture}-{width}-{scheme}.png")
        drawer.get_by_role("button", name=act).click()
        question = page.get_by_role("dialog", name=f"{act}?")
        expect(question).to_be_visible()
        assert findings(page, axe) == []
        assert question.evaluate("each => each.scrollWidth <= each.clientWidth")
        page.screenshot(path=SCREENSHOTS / f"operator-{picture}-question-{width}-{scheme}.png")
        question.get_by_role("button", name="Cancel").click()
        drawer.get_by_role("button", name="Close").click()
