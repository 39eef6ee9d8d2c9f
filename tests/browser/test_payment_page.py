"""A payment's page of its own: all that is known of it, what can be done about it, and an address to share."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, confirm, go, look, open_first_payment, sign_in
from tests.support.crypto import pay_by_crypto
from tests.support.payments import APPROVE, DECLINE, charge, collect, settings
from tests.unit.paycorex.test_extended_key import JUNK, account_key

METADATA = {"order": "A-1042", "gift": True, "seats": 9007199254740993}


def open_page(page: Page, payment_id: str) -> None:
    """By its address."""
    page.evaluate("id => { location.hash = `payments/${id}` }", payment_id)
    page.wait_for_selector("h1:has-text('Payment')")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".loading")).to_have_count(0)


def test_a_payments_address_shows_all_that_is_known_of_it(page: Page, shop: Shop, axe: str) -> None:
    with shop.http.lock:
        made = charge(shop.http.world, shop.who, APPROVE, "1250.75", metadata=METADATA, description="Two chairs").body
        shop.http.move()
    payment_id = made["payment_id"]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{shop.http.url}/#payments/{payment_id}")
    page.get_by_label("API key").fill(shop.who.api_key)
    page.get_by_label("Secret").fill(shop.who.secret)
    page.get_by_role("button", name="Sign in").click()
    # The address is kept through signing in.
    expect(page.locator(".sum")).to_contain_text("₹1,250.75")
    page.wait_for_load_state("networkidle")
    for text in (
        "Two chairs",
        "A-1042",
        "9007199254740993",
        "Visa •••• 4242 12/2031",
        "Nothing to do",
        "payment.success",
        "Not sealed yet",
        "Clearing",
    ):
        expect(page.get_by_text(text).first).to_be_visible()
    page.get_by_text("As JSON").click()
    text = page.locator("pre.json").inner_text()
    # A number that a script cannot hold is shown as it came.
    assert '"seats": 9007199254740993' in text
    assert json.loads(text) == shop.ask(f"/v1/payments/{payment_id}")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("It opens after signing in")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{shop.http.url}/#payments/{payment_id}"
    look(page, axe, "payment-page")


def test_a_declined_payment_says_what_to_do_next_and_a_waiting_one_is_canceled(page: Page, shop: Shop, axe: str) -> None:
    with shop.http.lock:
        declined = charge(shop.http.world, shop.who, DECLINE, "99.00").body["error"]["details"]["payment"]
        waiting = collect(shop.http.world, shop.who, "75.00").body
        shop.http.move()
    sign_in(page, shop)
    open_page(page, declined["payment_id"])
    expect(page.locator(".next")).to_contain_text("The card's bank refused")
    open_page(page, waiting["payment_id"])
    expect(page.locator(".next")).to_contain_text("The payer has not paid yet")
    link = page.get_by_role("link", name="Open the payer's page")
    assert link.get_attribute("href") == shop.http.url + waiting["next_action"]["pay_url"]
    look(page, axe, "payment-page-waiting")
    page.get_by_role("button", name="Cancel payment").click()
    confirm(page, "Cancel payment")
    expect(page.locator(".sum")).to_contain_text("Failed")
    expect(page.locator(".next")).to_contain_text("It was canceled")
    assert shop.ask(f"/v1/payments/{waiting['payment_id']}")["failure_code"] == "canceled"


def test_a_crypto_payment_shows_coins_address_and_expiry(page: Page, shop: Shop) -> None:
    world = shop.http.world
    with shop.http.lock:
        settings(world, shop.who, xpubs={"ethereum": str(account_key(JUNK))})
        made = pay_by_crypto(world, shop.who)
        shop.http.move()
    sign_in(page, shop)
    open_page(page, made["payment_id"])
    asked = made["next_action"]
    details = page.locator("dl").first
    for text in (f"{asked['crypto_amount']} ETH", asked["address"], "Ethereum"):
        expect(details).to_contain_text(text)
    expect(details.get_by_text("Expires", exact=True)).to_be_visible()


def test_a_delivery_of_a_payment_is_opened_and_sent_again_and_the_drawer_leads_to_the_page(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    drawer = open_first_payment(page)
    drawer.get_by_role("link", name="Open its page").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name="Payment", level=1)).to_be_visible()
    sent = len(shop.http.engine.internet.received)
    page.get_by_role("button", name="payment.success").or_(page.get_by_role("button", name="payment.created")).first.click()
    delivery = page.get_by_role("dialog")
    expect(delivery).to_contain_text("HTTP 200")
    delivery.get_by_role("button", name="Redeliver").click()
    expect(page.get_by_text("Sent again.")).to_be_visible()
    with shop.http.lock:
        assert len(shop.http.engine.internet.received) == sent + 1


def test_an_address_that_is_no_payments_says_so(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    page.evaluate("location.hash = 'payments/pay_x'")
    expect(page.get_by_role("alert")).to_contain_text("no address of a payment")
    page.evaluate(f"location.hash = 'payments/pay_{'a' * 26}'")
    expect(page.get_by_role("alert")).to_contain_text("No such payment")
