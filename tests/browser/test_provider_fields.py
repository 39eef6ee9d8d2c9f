"""A payer types a card into the sandbox's fields; what is typed is nowhere on our side afterwards."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from paycorex import settings
from tests.browser.conftest import Shop, until
from tests.browser.test_payer_page import ask, looks, page_of
from tests.fakes.providers import FakeRazorpay, FakeStripe
from tests.integration.payments.test_fields_at_providers import handed_over
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.payments import DECLINE, REDIRECT

NUMBER, CODE = "4111111111111111", "7391"


@pytest.fixture
def seen(shop: Shop) -> Iterator[list[str]]:
    """All requests and answers of the server, and what any logger writes, at DEBUG."""
    texts, log, send = list[str](), io.StringIO(), shop.http.world.send

    def listening(method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        reply = send(method, target, headers, body)
        texts.extend([target, str(headers), body.decode(), reply.raw.decode("utf-8", "replace"), log.getvalue()])
        log.seek(log.truncate(0))
        return reply

    shop.http.world.send = listening  # type: ignore[method-assign]  # for the length of the test
    kept = []
    for logger in [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]:
        for handler in logger.handlers:
            if type(handler) is logging.StreamHandler:  # pytest's own handlers are subclasses
                kept.append((handler, handler.stream, logger, logger.level))
                handler.stream = log
                logger.setLevel(logging.DEBUG)
    yield texts
    for handler, stream, logger, level in kept:
        handler.stream = stream
        logger.setLevel(level)


def fill(page: Page, number: str) -> None:
    frame = page.frame_locator("iframe")
    frame.get_by_label("Card number").fill(number)
    frame.get_by_label("Expiry").fill("12 / 31")
    frame.get_by_label("Security code").fill(CODE)
    page.get_by_role("button", name="Pay ₹120.00").click()


def test_a_card_is_refused_another_is_confirmed_and_no_number_leaves_the_frame(page: Page, shop: Shop, axe: str, seen: list[str]) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    payment = ask(shop, amount="120.00", method="tokenized", description="Two masala chai")
    page.goto(page_of(payment))
    expect(page.frame_locator("iframe").get_by_label("Card number")).to_be_visible()
    looks(page, axe, "fields")
    fill(page, "4111111111111112")
    expect(page.get_by_role("alert")).to_have_text("Check the card number.")
    fill(page, DECLINE)
    expect(page.get_by_role("alert")).to_have_text("The issuer declined the card.")
    looks(page, axe, "fields-declined")
    fill(page, REDIRECT)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Confirm")).to_be_focused()
    looks(page, axe, "fields-question")
    frame.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("alert")).to_have_text("The payment was not confirmed.")
    fill(page, REDIRECT)
    frame.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status")).to_have_text("Paid")
    looks(page, axe, "fields-paid")
    assert shop.ask(f"/v1/payments/{payment['payment_id']}")["status"] == "success"
    second = ask(shop, amount="120.00", method="tokenized", save=True, user_id="asha")
    page.goto(page_of(second))
    page.get_by_label("Keep this card for later payments to this shop").check()
    looks(page, axe, "fields-keep")
    fill(page, NUMBER)
    expect(page.get_by_role("status")).to_have_text("Paid")
    until(page, lambda: shop.ask(f"/v1/payments/{second['payment_id']}")["token_id"] is not None)
    (token,) = [one for one in shop.ask("/v1/tokens?user_id=asha")["data"] if one["type"] == "provider_token"]
    assert (token["brand"], token["last4"], token["expiry_month"], token["expiry_year"]) == ("visa", "1111", 12, 2031)
    with shop.http.lock:
        everywhere = [*sent, *seen, str(shop.http.world.dump())]
    assert any('"card":"approve"' in text for text in sent)
    assert any('"method":"POST"' in text and '"route":"/pay/{payment_id}/fields"' in text for text in seen)
    for canary in (NUMBER, CODE):
        # As a word of its own: four digits may be a part of some hash.
        found = re.compile(rf"(?<![\w.-]){canary}(?![\w.-])")
        assert [text[:200] for text in everywhere if found.search(text) or (canary == NUMBER and NUMBER in text.replace(" ", ""))] == []


def test_a_payer_whose_typed_card_was_charged_goes_back_to_the_shop(page: Page, shop: Shop) -> None:
    back = f"{shop.http.url}/health?order=7"
    payment = ask(shop, amount="120.00", method="tokenized", return_url=back)
    page.goto(page_of(payment))
    fill(page, NUMBER)
    expect(page).to_have_url(f"{back}&payment_id={payment['payment_id']}", timeout=15_000)


# Scripts that answer as Stripe.js and checkout.js document it, and note how they were asked.
STRIPE_JS = """
window.asked = [];
window.Stripe = (key) => ({
  elements: (how) => ({
    create: (kind) => ({ mount: (place) => {
      window.asked.push(["mount", key, how.clientSecret, kind]);
      document.querySelector(place).textContent = "Stripe's fields";
    } }),
    fetchUpdates: async () => { window.asked.push(["fetchUpdates"]); return {}; },
  }),
  confirmPayment: async ({ redirect, confirmParams }) => {
    window.asked.push(["confirm", redirect, new URL(confirmParams.return_url).pathname === location.pathname + "/back"]);
    const isFirst = window.asked.filter(([what]) => what === "confirm").length === 1;
    return isFirst ? { error: { message: "Your card was declined." } } : { paymentIntent: {} };
  },
});
"""
CHECKOUT_JS = """
window.asked = [];
window.Razorpay = class {
  constructor(options) {
    this.options = options;
    window.asked.push(Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value === "string")));
  }
  open() {
    if (window.asked.length === 1) this.options.modal.ondismiss();
    else fetch("/signed").then((answer) => answer.json()).then((said) => this.options.handler(said));
  }
};
"""


def tab(browser: Browser, address: str, script: str) -> Page:
    """A tab in which the provider's script is this one; it fails the test where the page's policy keeps it out."""
    context = browser.new_context(locale="en-IN")
    opened = context.new_page()
    opened.on("console", lambda message: pytest.fail(message.text) if "Content Security Policy" in message.text else None)
    # Scripts that are compared with a hash are asked for by CORS.
    headers = {"Content-Type": "text/javascript", "Access-Control-Allow-Origin": "*"}
    opened.route(address, lambda route: route.fulfill(body=script, headers=headers))
    return opened


def test_stripes_script_confirms_our_intent_and_a_look_up_settles(browser: Browser, shop: Shop) -> None:
    with FakeStripe() as server:
        with shop.http.lock:
            settings.use(shop.http.world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
            support.settings(shop.http.world, shop.who, connectors={"stripe": {**support.STRIPE, "publishable_key": "pk_test_51"}})
        payment = ask(shop, amount="120.00", method="tokenized", save=True, user_id="asha")
        page = tab(browser, "https://js.stripe.com/v3/", STRIPE_JS)
        page.goto(page_of(payment))
        expect(page.get_by_text("Stripe's fields")).to_be_visible()
        page.get_by_role("button", name="Pay ₹120.00").click()
        expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
        page.get_by_label("Keep this card").check()
        page.get_by_role("button", name="Pay ₹120.00").click()
        expect(page.get_by_role("status")).to_have_text("Your payment is being checked.")
        with shop.http.lock:
            server.pay_in_fields(server.intents["pi_0"])
        expect(page.get_by_role("status")).to_have_text("Paid")
        confirmed = ["confirm", "if_required", True]
        mounted = ["mount", "pk_test_51", "pi_0_secret_0", "payment"]
        assert page.evaluate("window.asked") == [mounted, ["fetchUpdates"], confirmed, ["fetchUpdates"], confirmed]
        assert server.problems == []
        page.context.close()


def test_razorpays_window_pays_our_order_and_its_signature_is_checked(browser: Browser, shop: Shop) -> None:
    with FakeRazorpay() as server:
        with shop.http.lock:
            settings.use(shop.http.world.settings.model_copy(update={"razorpay_base_url": server.url("").rstrip("/")}))
            support.settings(shop.http.world, shop.who, connectors={"razorpay": support.RAZORPAY})
        payment = ask(shop, amount="120.00", method="tokenized")
        order = payment["next_action"]["order_id"]
        page = tab(browser, "https://checkout.razorpay.com/v1/checkout.js", CHECKOUT_JS)
        paid = server.check_out(order)
        page.route("**/signed", lambda route: route.fulfill(json=handed_over(order, paid["id"])))
        page.goto(page_of(payment))
        page.get_by_role("button", name="Pay ₹120.00").click()
        expect(page.get_by_role("alert")).to_have_text("The payment was not made.")
        page.get_by_role("button", name="Pay ₹120.00").click()
        expect(page.get_by_role("status")).to_have_text("Paid")
        options = {"key": "rzp_test_1", "order_id": order, "amount": "12000", "currency": "INR", "name": "Chai Point"}
        assert page.evaluate("window.asked") == [options, options]
        assert server.problems == []
        page.context.close()
