"""A payer's checkout in Chromium: every way to pay, another one after a decline, the receipt, and the shop's button."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from paycorex import settings as deployment
from tests.browser.conftest import SCREENSHOTS, Shop, go, serious, sign_in
from tests.browser.test_provider_fields import fill
from tests.support.crypto import Monitor, expected_units
from tests.support.payments import APPROVE, REDIRECT, settings, token
from tests.unit.paycorex.test_extended_key import JUNK, account_key

WIDTHS = (360, 1280)


@pytest.fixture(autouse=True)
def reached_at(shop: Shop) -> None:
    """Links lead to this very server, which has no certificate."""
    deployment.use(shop.http.world.settings.model_copy(update={"public_base_url": shop.http.url}))


def ask(shop: Shop, target: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the shop's server asks for; its links lead to this very server."""
    with shop.http.lock:
        headers = [("Host", shop.http.url.removeprefix("http://")), ("X-Forwarded-Proto", "http")]
        made = shop.http.world.call(shop.who, "POST", target, body, headers=headers)
        shop.http.move()
    assert made.status == 201, made.raw
    answer: dict[str, Any] = made.body
    return answer


def begin(shop: Shop, amount: str = "120.00", **more: Any) -> dict[str, Any]:
    back = {"success_url": f"{shop.http.url}/health", "cancel_url": f"{shop.http.url}/health"}
    return ask(shop, "/v1/checkout/sessions", {"amount": amount, "description": "Two masala chai", **back, **more})


def status(shop: Shop, session: dict[str, Any]) -> str:
    found: str = shop.ask(f"/v1/checkout/sessions/{session['session_id']}")["status"]
    return found


def looks(page: Page, axe: str, name: str) -> None:
    """No serious finding and nothing beside the screen, at both widths; a picture of each."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=SCREENSHOTS / f"checkout-{name}-{width}-{scheme}.png")
            assert serious(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_upi_is_declined_and_paid_by_a_second_try(page: Page, shop: Shop, axe: str) -> None:
    session = begin(shop)
    page.goto(session["url"])
    expect(page.get_by_text("₹120.00", exact=True)).to_be_visible()
    looks(page, axe, "open")
    page.get_by_role("button", name="UPI").click()
    page.get_by_role("button", name="Simulate decline").click()
    expect(page.get_by_text("You were not charged. Choose how to pay.", exact=False)).to_be_visible()
    looks(page, axe, "declined")
    page.get_by_role("button", name="UPI").click()
    # A desk reads the code with a phone; a narrow screen has the app.
    for width, is_there in ((360, True), (1280, False)):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator("#link")).to_be_visible(visible=is_there)
        expect(page.get_by_role("img", name="QR code for your app")).to_be_visible()
    looks(page, axe, "upi")
    page.get_by_role("button", name="Simulate payment").click()
    expect(page.get_by_text("Thank you. This is your receipt.")).to_be_visible()
    looks(page, axe, "paid")
    assert status(shop, session) == "paid"
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download as PDF").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="Return to Chai Point").click()
    page.wait_for_url(f"{shop.http.url}/health?session_id={session['session_id']}")


def test_a_card_is_confirmed_after_the_payer_turned_away_from_upi(page: Page, shop: Shop, axe: str) -> None:
    session = begin(shop)
    page.goto(session["url"])
    page.get_by_role("button", name="UPI").click()
    page.get_by_role("link", name="All ways to pay").click()
    expect(page.get_by_role("link", name="Continue with UPI")).to_be_visible()
    looks(page, axe, "continue")
    page.get_by_role("button", name="Card").click()
    expect(page.frame_locator("iframe").get_by_label("Card number")).to_be_visible()
    looks(page, axe, "card")
    fill(page, REDIRECT)
    page.frame_locator("iframe").get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Thank you. This is your receipt.")).to_be_visible()
    assert status(shop, session) == "paid"


def vouched(shop: Shop) -> tuple[str, str]:
    customer_id = ask(shop, "/v1/customers", {"reference": "asha"})["customer_id"]
    return customer_id, ask(shop, f"/v1/customers/{customer_id}/token", {})["customer_token"]


@pytest.mark.parametrize("way", ["Wallet", "Visa ···· 4242"])
def test_what_is_the_customers_own_pays(page: Page, shop: Shop, axe: str, way: str) -> None:
    customer_id, word = vouched(shop)
    with shop.http.lock:
        token(shop.http.world, shop.who, APPROVE)
    session = begin(shop, customer_id=customer_id)
    page.goto(session["url"])
    expect(page.get_by_role("button", name="UPI")).to_be_visible()
    expect(page.get_by_role("button", name=way)).to_have_count(0)
    page.goto(f"{session['url']}#customer_token={word}")
    page.reload()
    expect(page.get_by_role("button", name=way)).to_be_visible()
    assert word not in page.url
    looks(page, axe, "customer")
    page.get_by_role("button", name=way).click()
    expect(page.get_by_text("Thank you. This is your receipt.")).to_be_visible()
    assert status(shop, session) == "paid"


def test_a_coin_on_a_network_pays(page: Page, shop: Shop, axe: str) -> None:
    with shop.http.lock:
        settings(shop.http.world, shop.who, xpubs={"polygon": str(account_key(JUNK))})
    session = begin(shop)
    page.goto(session["url"])
    looks(page, axe, "coins")
    page.get_by_role("button", name="USDC").click()
    expect(page.get_by_text("On the network")).to_be_visible()
    looks(page, axe, "crypto")
    with shop.http.lock:
        payment_id = shop.http.world.call(shop.who, "GET", f"/v1/checkout/sessions/{session['session_id']}").body["payment_ids"][0]
        payment = shop.http.world.call(shop.who, "GET", f"/v1/payments/{payment_id}").body
        Monitor(shop.http.world, shop.who).pays(payment, expected_units(payment), asset="USDC")
        shop.http.move()
    expect(page.get_by_text("Thank you. This is your receipt.")).to_be_visible()
    assert status(shop, session) == "paid"


def test_a_link_is_paid_with_an_amount_that_the_payer_types(page: Page, shop: Shop, axe: str) -> None:
    bounds = {"min": "10.00", "max": "500.00", "suggested": ["50.00", "100.00"]}
    link = ask(shop, "/v1/links", {"name": "Tea stall", "open_amount": bounds, "ask": ["reference"]})
    page.goto(link["url"])
    looks(page, axe, "link")
    page.get_by_label("Amount in INR").fill("5")
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("The amount is between 10.00 and 500.00.")
    page.get_by_role("button", name="50.00").click()
    page.get_by_label("Your reference").fill("table 7")
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("button", name="UPI").click()
    page.get_by_role("button", name="Simulate payment").click()
    expect(page.get_by_text("Thank you. This is your receipt.")).to_be_visible()
    (paid,) = shop.ask(f"/v1/links/{link['link_id']}/payments")["data"]
    assert (paid["status"], paid["amount"], paid["reference"]) == ("paid", "50.00", "table 7")
    page.goto(f"{link['url']}?print=1")
    looks(page, axe, "sheet")


def test_the_shops_button_opens_a_window_and_knows_of_its_end_by_it_alone(page: Page, shop: Shop) -> None:
    session = begin(shop)
    page.goto(f"{shop.http.url}/health")
    page.evaluate(
        """([script, url]) => new Promise((done) => {
          window.ends = [];
          document.addEventListener("paycorex:end", (event) => window.ends.push(event.detail));
          const button = document.createElement("button");
          button.dataset.paycorexCheckout = url;
          button.textContent = "Buy";
          const loaded = document.createElement("script");
          loaded.src = script;
          loaded.onload = done;
          document.body.append(button, loaded);
        })""",
        [f"{shop.http.url}/checkout.js", session["url"]],
    )
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Buy").click()
    popup = opened.value
    page.evaluate("window.postMessage({ paycorex: 'checkout', session_id: 'forged', status: 'paid' }, '*')")
    popup.get_by_role("button", name="UPI").click()
    popup.get_by_role("button", name="Simulate payment").click()
    expect(popup.get_by_text("Thank you. This is your receipt.")).to_be_visible()
    page.wait_for_function("window.ends.length > 0")
    assert page.evaluate("window.ends") == [{"session_id": session["session_id"], "status": "paid"}]
    assert urlsplit(popup.url).path == f"/c/{session['session_id']}"


def test_a_link_is_made_by_a_form_printed_and_switched_off(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Links")
    expect(page.get_by_text("No links yet.", exact=False)).to_be_visible()
    page.get_by_label("What it is for").fill("Tea stall")
    page.get_by_role("button", name="Make link").click()
    expect(page.get_by_role("alert")).to_contain_text("Type an amount")
    page.get_by_label("Amount (INR)").fill("25")
    page.get_by_label("Payments (any number when empty)").fill("3")
    page.get_by_role("button", name="Make link").click()
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Tea stall")
    expect(row).to_contain_text("0 of 3")
    looks(page, axe, "links")
    page.set_viewport_size({"width": 1280, "height": 900})
    (link,) = shop.ask("/v1/links")["data"]
    assert (link["amount"], link["max_payments"], link["status"]) == ("25.00", 3, "active")
    with page.expect_popup() as opened:
        row.get_by_role("link", name="Print").click()
    expect(opened.value.get_by_text("25.00 INR")).to_be_visible()
    row.get_by_role("button", name="Payers").click()
    expect(page.get_by_text("No payer yet.")).to_be_visible()
    page.locator("tbody tr").first.get_by_role("button", name="Turn off").click()
    expect(page.locator("tbody tr").first).to_contain_text("Turn on")
    assert shop.ask("/v1/links")["data"][0]["status"] == "inactive"
