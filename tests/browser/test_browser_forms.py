"""A payer confirms by forms that the page posts: unseen for the device's data, then at the bank, and back to the shop."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from paycorex import settings
from tests.browser.conftest import Shop, until
from tests.browser.test_payer_page import looks, page_of
from tests.integration.payments.processors import worldpay
from tests.integration.payments.processors.fake import APPROVED, REDIRECTED
from tests.integration.payments.processors.test_certified import charge
from tests.integration.payments.processors.test_required_confirmation import RULE
from tests.support import payments as support

SESSION: Final = "0_31c83b1f-5a3e-4c5b-a3a0-2c44a8e7e8d3"
# What the processor's pages answer, as they document it.
COLLECTED: Final = f"""<script>
parent.postMessage("no JSON", "*");
parent.postMessage(JSON.stringify({{ MessageType: "profile.started" }}), "*");
parent.postMessage(JSON.stringify({{ MessageType: "profile.completed", SessionId: "{SESSION}", Status: true }}), "*");
</script>"""
BANK: Final = """<!doctype html><title>Bank</title><form method="post" action="%s">
<input type="hidden" name="TransactionId" value="706hovL8DK1tIGGzQUV1"><input type="hidden" name="MD" value="">
<button>It is me</button></form>"""


class Bank:
    """The processor's pages, and what was posted to them."""

    def __init__(self, context: BrowserContext, back: str, *, answers: bool = True) -> None:
        self.posted: list[tuple[str, dict[str, list[str]]]] = []
        # True while the bank's page does not come: the payer stays on ours.
        self.is_away = False
        self._pages = {"/V1/Cruise/Collect": COLLECTED if answers else "", "/V2/Cruise/StepUp": BANK % back}
        context.route(f"{worldpay.CARDINAL}/**", self._answer)

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        self.posted.append((path, parse_qs(route.request.post_data or "")))
        if self.is_away and path.endswith("StepUp"):
            route.fulfill(status=204)
        else:
            route.fulfill(body=self._pages[path], content_type="text/html")


def begun(shop: Shop, server: worldpay.Fake, number: str, **more: Any) -> dict[str, Any]:
    """A payment whose bank must ask."""
    world, who = shop.http.world, shop.who
    with shop.http.lock:
        settings.use(world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        rules = [{"use": [{"connector": "prism:worldpay"}]}]
        support.settings(world, who, connectors={"prism:worldpay": dict(server.credentials)}, routing_rules=rules, risk_rules=[RULE])
        world.restart()
        assert charge(world, who, server).body["status"] == "success"
        payment: dict[str, Any] = charge(world, who, server, number, **more).body
    assert payment["status"] == "processing", payment
    parts = urlsplit(payment["next_action"]["url"])
    return {**payment, "next_action": {"pay_url": f"{shop.http.url}{parts.path}?{parts.query}"}}


def opened(browser: Browser) -> Page:
    """A tab that fails the test where the page's policy keeps something out."""
    # As a gateway says it, by which the shop's side knows its own address.
    page = browser.new_context(locale="en-IN", extra_http_headers={"X-Forwarded-Proto": "http"}).new_page()
    page.on("console", lambda message: pytest.fail(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


@pytest.mark.usefixtures("processors_library")
def test_a_payer_confirms_at_the_bank_and_is_led_back_to_the_shop(browser: Browser, shop: Shop, axe: str) -> None:
    with worldpay.Fake() as server:
        payment = begun(shop, server, REDIRECTED, return_url="https://shop.example/back")
        page, address = opened(browser), page_of(payment)
        bank = Bank(page.context, address.replace("?", "/back?"))
        page.context.route("https://shop.example/**", lambda route: route.fulfill(body="Shop", content_type="text/html"))
        bank.is_away = True
        page.goto(address)
        until(page, lambda: len(bank.posted) == 2)
        assert bank.posted == [
            ("/V1/Cruise/Collect", {"Bin": ["400000"], "JWT": [worldpay.JWT]}),
            ("/V2/Cruise/StepUp", {"JWT": [worldpay.JWT]}),
        ]
        assert (server.collected, len(server.payments)) == ([SESSION], 1)
        expect(page.get_by_role("button", name="Continue to your bank")).to_be_visible()
        looks(page, axe, "confirm")
        bank.is_away = False
        page.get_by_role("button", name="Continue to your bank").click()
        page.get_by_role("button", name="It is me").click()
        page.wait_for_url(f"https://shop.example/back?payment_id={payment['payment_id']}")
        with shop.http.lock:
            assert support.show(shop.http.world, shop.who, payment["payment_id"])["status"] == "success"
        assert len(server.payments) == 2
        assert server.problems == []
        page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_a_message_of_another_origin_is_not_brought_and_a_silent_page_is_waited_for(browser: Browser, shop: Shop, axe: str) -> None:
    with worldpay.Fake() as server:
        payment = begun(shop, server, APPROVED)
        page = opened(browser)
        bank = Bank(page.context, "", answers=False)
        page.clock.install()
        page.goto(page_of(payment))
        until(page, lambda: len(bank.posted) == 1)
        expect(page.get_by_text("Your bank is getting ready to check this payment.")).to_be_visible()
        looks(page, axe, "collect")
        page.evaluate("window.postMessage(JSON.stringify({ SessionId: 'forged' }), '*')")
        page.wait_for_timeout(300)
        assert server.collected == []
        page.clock.fast_forward(13_000)
        expect(page.get_by_role("status")).to_have_text("Paid")
        assert server.collected == [None]
        assert server.problems == []
        page.context.close()
