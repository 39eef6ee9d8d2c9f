"""The payer's page: amount, methods, expiry and outcome, updated by itself; and nothing that a payer should not know."""

import re
import time
from typing import Any

import pytest
import segno
from playwright.sync_api import Page, expect

from operations import merchants
from payments.connectors.sandbox.payers import NEVER_PAYS
from tests.browser.conftest import SCREENSHOTS, WIDTHS, Shop, findings, go, pretend, sign_in, until
from tests.support.crypto import Monitor, expected_units
from tests.support.payments import settings
from tests.support.world import Signer
from tests.unit.paycorex.test_extended_key import JUNK, account_key

# Whether each module of the code is dark where it is drawn, asked of the browser: the colour of the topmost shape at its middle.
MODULES = """([size, border]) => {
  const svg = document.querySelector('.code svg'), box = svg.getBoundingClientRect(), path = svg.querySelector('[stroke]');
  const whole = size + 2 * border, at = new DOMPoint(), matrix = path.getScreenCTM().inverse();
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => {
    at.x = box.left + (column + border + .5) * box.width / whole;
    at.y = box.top + (row + border + .5) * box.height / whole;
    return path.isPointInStroke(at.matrixTransform(matrix)) ? 1 : 0;
  }));
}"""


def ask(shop: Shop, **fields: object) -> dict[str, Any]:
    """A payment whose links lead to this very server."""
    with shop.http.lock:
        headers = [("Host", shop.http.url.removeprefix("http://")), ("X-Forwarded-Proto", "http")]
        made = shop.http.world.call(shop.who, "POST", "/v1/payments/create", fields, headers=headers)
        shop.http.move()
    assert made.status == 201, made.raw
    body: dict[str, Any] = made.body
    return body


def page_of(payment: dict[str, Any]) -> str:
    action = payment["next_action"]
    assert isinstance(action, dict)
    return str(action["pay_url"])


def looks(page: Page, axe: str, name: str) -> None:
    """No finding and nothing beside the screen, at both widths; a picture of each."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=SCREENSHOTS / f"payer-{name}-{width}-{scheme}.png")
            assert findings(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_upi_payment_is_paid_in_the_sandbox(page: Page, shop: Shop, axe: str) -> None:
    with shop.http.lock:
        limits = {"payment_limits": {"upi_intent": "150000.00"}}
        assert shop.http.world.call(shop.who, "PATCH", "/v1/merchants/me", limits).status == 200
        shop.http.world.restart()
    payment = ask(shop, amount="142042.00", method="upi_intent", description="Two masala chai")
    page.goto(page_of(payment))
    for text in ("Chai Point", "₹1,42,042.00", "Two masala chai"):
        expect(page.get_by_text(text, exact=True)).to_be_visible()
    expect(page.locator("#countdown")).to_contain_text("left")
    expect(page.locator("#link")).to_have_attribute("href", re.compile("^upi://pay[?]"))
    looks(page, axe, "open")
    page.get_by_role("button", name="Simulate payment").click()
    expect(page.get_by_role("status")).to_have_text("Paid")
    expect(page.locator("#open")).to_be_hidden()
    looks(page, axe, "paid")
    assert shop.ask(f"/v1/payments/{payment['payment_id']}")["status"] == "success"


def test_the_code_is_drawn_whole_and_says_what_the_link_says(page: Page, shop: Shop) -> None:
    payment = ask(shop, amount="42.00", method="upi_intent")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(page_of(payment))
        code = segno.make(page.locator("#link").get_attribute("href") or "", error="m", micro=False)
        wanted = [list(row) for row in code.matrix]
        assert page.evaluate(MODULES, [len(wanted), 4]) == wanted


@pytest.mark.parametrize(("outcome", "said"), [("approve", "Paid"), ("decline", "This payment was declined.")])
def test_what_happens_elsewhere_turns_the_page_by_itself(page: Page, shop: Shop, axe: str, outcome: str, said: str) -> None:
    payment = ask(shop, amount="42.00", method="upi_intent")
    page.goto(page_of(payment))
    with shop.http.lock:
        pretend(shop.http, page_of(payment), outcome)
        shop.http.move()
    expect(page.get_by_role("status")).to_have_text(said)
    looks(page, axe, outcome)


def test_when_the_time_is_over_it_says_so(page: Page, shop: Shop, axe: str) -> None:
    payment = ask(shop, amount=f"42.0{NEVER_PAYS}", method="upi_intent", expires_in=300)
    page.goto(page_of(payment))
    expect(page.locator("#countdown")).to_contain_text("left")
    with shop.http.lock:
        from paycorex import clock
        from payments import janitor_door

        clock.use(lambda: time.time() + 400)
        try:
            janitor_door.handler({}, None)
        finally:
            clock.use(time.time)
        shop.http.move()
    expect(page.get_by_role("status")).to_have_text("The time to pay is over.")
    looks(page, axe, "expired")


def test_a_crypto_payment_is_seen_and_then_paid(page: Page, shop: Shop, axe: str) -> None:
    with shop.http.lock:
        settings(shop.http.world, shop.who, xpubs={"ethereum": str(account_key(JUNK))})
        shop.http.world.restart()
    payment = ask(shop, amount="1000.00", method="crypto", network="ethereum")
    action = payment["next_action"]
    assert isinstance(action, dict)
    page.goto(page_of(payment))
    for text in (f"{action['crypto_amount']} {action['asset']}", "Ethereum", action["address"]):
        expect(page.get_by_text(text, exact=True)).to_be_visible()
    expect(page.locator("#link")).to_have_attribute("href", re.compile("^ethereum:"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for label, text in (("Copy: Send exactly", action["crypto_amount"]), ("Copy: To the address", action["address"])):
        page.get_by_role("button", name=label).click()
        until(page, lambda text=text: page.evaluate("navigator.clipboard.readText()") == text)  # type: ignore[misc]
    expect(page.get_by_text("Copied")).to_have_count(0)
    looks(page, axe, "crypto")
    monitor = Monitor(shop.http.world, shop.who)
    with shop.http.lock:
        tx_hash = monitor.found(payment, expected_units(payment))
        monitor.deliver()
    expect(page.get_by_role("status")).to_have_text("Your transfer was detected.")
    expect(page.locator("#open")).to_be_hidden()
    looks(page, axe, "crypto-seen")
    with shop.http.lock:
        monitor.becomes(tx_hash, "confirmed")
        monitor.deliver()
    expect(page.get_by_role("status")).to_have_text("Paid")
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, shop)
    go(page, "Crypto")
    deposit = page.get_by_role("region", name="Deposits").locator("tbody tr")
    for text in (f"{action['crypto_amount']} {action['asset']}", "Confirmed", "Ethereum"):
        expect(deposit.get_by_text(text, exact=True)).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "crypto-deposit-1440.png")
    assert findings(page, axe) == []


def test_an_open_page_closes_when_the_shop_is_suspended_and_a_cut_off_link_says_what_to_do(page: Page, shop: Shop, axe: str) -> None:
    payment = ask(shop, amount="42.00", method="upi_intent")
    link = page_of(payment)
    page.goto(link)
    expect(page.get_by_role("img", name="QR code for your app")).to_be_visible()
    with shop.http.lock:
        merchants.set_status(shop.who.merchant_id, merchants.SUSPENDED)
        shop.http.world.restart()
    expect(page.get_by_role("heading", name="This shop accepts no payments at the moment.")).to_be_visible()
    assert "upi://" not in page.content()
    looks(page, axe, "closed")
    page.goto(link[:-3])
    expect(page.get_by_role("heading", name="This link does not work.")).to_be_visible()
    looks(page, axe, "wrong-link")


def test_no_secret_of_the_merchant_is_in_the_page(page: Page, shop: Shop) -> None:
    payment = ask(shop, amount="42.00", method="upi_intent")
    page.goto(page_of(payment))
    content = page.content()
    registered: Signer = shop.who
    for secret in (registered.api_key, registered.secret, registered.merchant_id, registered.key_id, "books", "example.com"):
        assert secret not in content
    assert page.evaluate("document.cookie") == ""


def test_a_payer_who_has_paid_goes_back_to_the_shop_and_a_page_that_is_opened_again_stays(page: Page, shop: Shop) -> None:
    back = f"{shop.http.url}/health?order=7"
    payment = ask(shop, amount="12.00", method="upi_intent", return_url=back)
    page.goto(page_of(payment))
    expect(page.get_by_role("link", name="Return to")).to_be_hidden()
    with shop.http.lock:
        pretend(shop.http, page_of(payment), "approve")
        shop.http.move()
    expect(page).to_have_url(f"{back}&payment_id={payment['payment_id']}", timeout=15_000)
    page.goto(page_of(payment))
    expect(page.get_by_role("link", name="Return to")).to_be_visible()
    page.wait_for_timeout(3000)
    assert "/pay/" in page.url
