"""A payer's checkout in Chromium: every way to pay, another one after a decline, the receipt, and the shop's button."""

import base64
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from paycorex import settings as deployment
from payments import clock_moves
from tests.browser.conftest import SCREENSHOTS, Shop, findings, go, sign_in
from tests.browser.test_provider_fields import fill
from tests.support.crypto import Monitor, expected_units
from tests.support.payments import APPROVE, REDIRECT, settings, tick, token
from tests.unit.paycorex.test_extended_key import JUNK, account_key

WIDTHS = (360, 1280)
# What a person needs at most for a link without code, typing included.
FAST_SECONDS = 20


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
    """No finding and nothing beside the screen, at both widths; a picture of each."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=SCREENSHOTS / f"checkout-{name}-{width}-{scheme}.png")
            assert findings(page, axe) == []
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
    expect(page).not_to_have_url(re.compile(word))
    looks(page, axe, "customer")
    page.get_by_role("button", name=way).click()
    if way != "Wallet":
        page.get_by_label("Security code").fill("737")
        looks(page, axe, "code")
        page.get_by_role("button", name="Pay", exact=True).click()
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
    link = ask(shop, "/v1/links", {"name": "Tea stall", "open_amount": bounds, "ask": ["name", "email", "phone", "reference"]})
    page.goto(link["url"])
    looks(page, axe, "link")
    page.get_by_label("Amount in INR").fill("5")
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Fill in every field.")
    page.get_by_label("Your name").fill("Asha Canary")
    page.get_by_label("Your e-mail address").fill("asha@example.com")
    page.get_by_label("Your phone number").fill("+91 98765-01234")
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
    assert (paid["payer"]["name"], paid["payer"]["phone"]) == ("Asha Canary", "+919876501234")
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
    page.get_by_label("Name", exact=True).check()
    page.get_by_label("Reference", exact=True).check()
    page.get_by_role("button", name="Make link").click()
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Tea stall")
    expect(row).to_contain_text("0 of 3")
    looks(page, axe, "links")
    page.set_viewport_size({"width": 1280, "height": 900})
    (link,) = shop.ask("/v1/links")["data"]
    assert (link["amount"], link["max_payments"], link["status"]) == ("25.00", 3, "active")
    assert link["ask"] == ["name", "reference"]
    with page.expect_popup() as opened:
        row.get_by_role("link", name="Print").click()
    expect(opened.value.get_by_text("25.00 INR")).to_be_visible()
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as saved:
            row.get_by_role("button", name=f"Picture of Tea stall as {kind}").click()
        assert saved.value.path().read_bytes().startswith(begins)
    row.get_by_role("button", name="Payers").click()
    expect(page.get_by_text("No payer yet.")).to_be_visible()
    with shop.http.lock:
        typed = json.dumps({"name": "Asha Canary", "reference": "table 7"}).encode()
        sent = [("Content-Type", "application/json")]
        assert shop.http.world.send("POST", f"/l/{link['code']}/pay", sent, typed).status == 201
    row.get_by_role("button", name="Payers").click()
    payer = page.locator("tbody tr").filter(has_text="Asha Canary")
    expect(payer).to_contain_text("table 7")
    looks(page, axe, "link-payers")
    page.set_viewport_size({"width": 1280, "height": 900})
    payer.get_by_role("button", name="Erase").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Erase").click()
    expect(page.get_by_text("The payer is erased.")).to_be_visible()
    expect(page.get_by_text("Asha Canary")).to_have_count(0)
    page.locator("tbody tr").first.get_by_role("button", name="Turn off").click()
    expect(page.locator("tbody tr").first).to_contain_text("Turn on")
    assert shop.ask("/v1/links")["data"][0]["status"] == "inactive"


def test_the_fast_way_to_a_link_takes_twenty_seconds_at_most(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    begun = time.monotonic()
    page.get_by_role("link", name="Links", exact=True).click()
    expect(page.get_by_label("Ends at", exact=False)).to_be_hidden()
    page.get_by_label("What it is for").press_sequentially("Tea stall", delay=100)
    page.get_by_label("Amount (INR)").press_sequentially("25", delay=100)
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("Tea stall")
    assert time.monotonic() - begun < FAST_SECONDS


def test_a_link_with_suggestions_ways_to_pay_and_an_end_is_made_by_the_folded_part(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Links")
    page.get_by_label("What it is for").fill("Tea stall")
    page.get_by_label("Amount (INR)").fill("25")
    more = page.locator("details").filter(has=page.get_by_text("More", exact=True))
    more.locator("summary").click()
    page.get_by_label("Amounts to suggest").fill("50; 100")
    more.locator("summary").click()
    page.get_by_role("button", name="Make link").click()
    # What is wrong there is shown, though it was folded.
    expect(page.get_by_label("Amounts to suggest")).to_be_focused()
    page.get_by_label("Amounts to suggest").fill("50, 100")
    page.get_by_role("button", name="Make link").click()
    expect(page.get_by_role("alert").filter(has_text="leave the fixed amount empty")).to_be_visible()
    page.get_by_label("Amount (INR)").fill("")
    page.get_by_label("or at least").fill("10")
    page.get_by_label("and at most").fill("500")
    page.get_by_label("UPI", exact=True).check()
    page.get_by_label("Ends at", exact=False).fill("2020-01-01T00:00")
    looks(page, axe, "link-form")
    page.get_by_role("button", name="Make link").click()
    expect(more.get_by_text("expires_at lies ahead.", exact=False)).to_be_visible()
    assert shop.ask("/v1/links")["data"] == []
    page.get_by_label("Ends at", exact=False).fill("2099-01-01T05:30")
    page.get_by_role("button", name="Make link").click()
    expect(page.locator("tbody tr").first).to_contain_text("Tea stall")
    (link,) = shop.ask("/v1/links")["data"]
    assert link["open_amount"] == {"min": "10.00", "max": "500.00", "suggested": ["50.00", "100.00"]}
    assert (link["methods"], link["expires_at"]) == (["upi_intent"], "2099-01-01T00:00:00.000Z")


def test_a_code_for_a_counter_is_made_printed_paid_and_switched_off(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Links")
    expect(page.get_by_text("No codes yet.", exact=False)).to_be_visible()
    page.get_by_label("Where it stands").fill("Counter 1")
    page.get_by_role("button", name="Make code").click()
    row = page.get_by_role("region", name="UPI codes").locator("tbody tr").first
    expect(row).to_contain_text("The payer types it")
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG\r\n")):
        with page.expect_download() as kept:
            row.get_by_role("button", name=f"as {kind}").click()
        assert Path(kept.value.path()).read_bytes().startswith(begins)
    the_sheet_is_printed(page, shop, row, axe)
    row.get_by_role("button", name="Paid", exact=True).click()
    expect(page.get_by_text("No payment yet.")).to_be_visible()
    for amount in ("25", "40.50"):
        page.get_by_label("Amount that a test payer pays").fill(amount)
        page.get_by_role("button", name="Pay as a test").click()
        expect(page.get_by_role("region", name="Payments", exact=True).locator("tbody tr").first).to_contain_text(amount.split(".")[0])
    expect(page.get_by_role("region", name="Payments", exact=True).locator("tbody tr")).to_have_count(2)
    looks(page, axe, "counter")
    page.set_viewport_size({"width": 1280, "height": 900})
    row.get_by_role("button", name="Turn off").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Turn off").click()
    expect(row).to_contain_text("Inactive")
    (code,) = shop.ask("/v1/qr_codes")["data"]
    assert (code["status"], code["name"]) == ("inactive", "Counter 1")
    assert [one["amount"] for one in shop.ask(f"/v1/qr_codes/{code['qr_code_id']}/payments")["data"]] == ["40.50", "25.00"]


def the_sheet_is_printed(page: Page, shop: Shop, row: Locator, axe: str) -> None:
    """What stands on the counter: shop, place, amount, code and address; on paper nothing else of the page."""
    row.get_by_role("button", name="Print Counter 1").click()
    sheet = page.get_by_role("dialog", name="Chai Point")
    (code,) = shop.ask("/v1/qr_codes")["data"]
    for text in ("Counter 1", "Type the amount in your app", parse_qs(urlsplit(code["upi_url"]).query)["pa"][0]):
        expect(sheet).to_contain_text(text)
    expect(sheet.get_by_role("img", name="QR code of Counter 1")).to_be_visible()
    looks(page, axe, "counter-sheet")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Make code")).to_be_hidden()
    expect(sheet.get_by_role("button", name="Print")).to_be_hidden()
    expect(sheet.locator("svg")).to_be_visible()
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => { document.title = 'printed' }")
    sheet.get_by_role("button", name="Print").click()
    expect(page).to_have_title("printed")
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_have_count(0)


@pytest.mark.parametrize("address", ["with an address", "without"])
def test_who_goes_back_without_paying_ends_the_checkout(page: Page, shop: Shop, axe: str, address: str) -> None:
    session = begin(shop) if address != "without" else ask(shop, "/v1/checkout/sessions", {"amount": "120.00"})
    page.goto(session["url"])
    page.get_by_role("button", name="UPI").click()
    expect(page.get_by_role("button", name="Simulate payment")).to_be_visible()
    # The browser's own back button: the same checkout, with the code that was begun.
    page.go_back()
    expect(page.get_by_role("link", name="Continue with UPI")).to_be_visible()
    looks(page, axe, "leaving" if address == "without" else "leaving-to-shop")
    leave = page.get_by_role("button", name="Cancel") if address == "without" else page.get_by_role("link", name="without paying")
    leave.click()
    if address == "without":
        expect(page.get_by_text("This checkout was canceled.")).to_be_visible()
    else:
        page.wait_for_url(f"**/health?session_id={session['session_id']}")
    assert status(shop, session) == "canceled"
    page.goto(session["url"])
    expect(page.get_by_text("This checkout was canceled.")).to_be_visible()
    looks(page, axe, "canceled")


def test_the_time_that_ends_in_the_middle_shows_what_became_of_the_checkout(page: Page, shop: Shop) -> None:
    session = begin(shop, "10.01", expires_in=300)
    page.goto(session["url"])
    page.get_by_role("button", name="UPI").click()
    expect(page.get_by_role("button", name="Simulate payment")).to_be_visible()
    with shop.http.lock:
        # The merchant's test clock: what waits of this merchant has ten minutes less.
        assert shop.http.world.call(shop.who, "POST", "/v1/test/clock", {"advance": "PT10M"}).status < 300
        while clock_moves.run(lambda: True):
            pass
        for _ in range(3):
            tick(shop.http.world)
    page.goto(session["url"])
    expect(page.get_by_text("The time to pay is over.")).to_be_visible()
    assert status(shop, session) == "expired"


def test_an_invoice_is_paid_in_parts(page: Page, shop: Shop, axe: str) -> None:
    link = ask(shop, "/v1/links", {"name": "Invoice 7", "amount": "100.00", "accept_partial": {"first_min": "30.00"}})
    for typed, least in (("30", "30.00"), (None, "0.01")):
        page.goto(link["url"])
        expect(page.get_by_text(f"Between {least} and")).to_be_visible()
        looks(page, axe, f"parts-{least}")
        if typed is not None:
            page.get_by_label("Amount in INR").fill(typed)
        page.get_by_role("button", name="Pay", exact=True).click()
        page.get_by_role("button", name="UPI").click()
        page.get_by_role("button", name="Simulate payment").click()
        expect(page.get_by_text("Thank you. This is your receipt.")).to_be_visible()
    shown = shop.ask(f"/v1/links/{link['link_id']}")
    assert (shown["amount_due"], shown["status"]) == ("0.00", "exhausted")
    page.goto(link["url"])
    expect(page.get_by_role("button", name="Pay", exact=True)).to_have_count(0)


def test_pictures_of_codes_are_read_by_another_reader(page: Page, shop: Shop, jsqr: str) -> None:
    """Chromium reads the PNG, and jsQR the code in it: both say exactly the link."""
    payment = ask(shop, "/v1/payments/create", {"amount": "250.00", "method": "upi_intent", "description": "चाय & cake"})
    code = ask(shop, "/v1/qr_codes", {"name": "Counter 1"})
    wanted = {
        f"/v1/payments/{payment['payment_id']}/qr.png": payment["next_action"]["upi_url"],
        f"/v1/qr_codes/{code['qr_code_id']}/qr.png": code["upi_url"],
    }
    page.goto("about:blank")
    page.add_script_tag(content=jsqr)
    for target, link in wanted.items():
        with shop.http.lock:
            picture = shop.http.world.call(shop.who, "GET", target)
        assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
        assert page.evaluate(_READ, base64.b64encode(picture.raw).decode()) == link


_READ = """async (png) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return jsQR(context.getImageData(0, 0, image.width, image.height).data, image.width, image.height)?.data;
}"""
