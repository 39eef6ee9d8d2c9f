"""The merchant's page does what its buttons say, with the numbers that the API gives."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, WIDTHS, Shop, go, serious, sign_in

SECTIONS = ("Overview", "Payments", "Ledger", "Webhooks", "Crypto", "Keys", "Settings")


def digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit() or mark == ".")


def test_the_overview_shows_the_numbers_of_the_api(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    stats = shop.ask("/v1/dashboard/stats")
    assert stats["count"] == {"total": 28, "success": 27, "failed": 1, "pending": 0, "processing": 0}
    for name, amount in (("volume", stats["volume"]), ("net", stats["net"]), ("balance", stats["balance"])):
        assert digits(page.locator(f"#{name}").inner_text()) == amount
    assert page.locator("#volume").inner_text() == "₹1,04,839.00"
    assert page.locator("#rate").inner_text() == "96.43 %"
    assert page.locator(".chart canvas").count() == 2


def test_wrong_credentials_are_refused_and_nothing_is_kept(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.http.url}/")
    page.get_by_label("API key").fill(shop.who.api_key)
    page.get_by_label("Secret").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, shop)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_refund_from_the_drawer_is_seen_in_the_ledger(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    before = shop.ask("/v1/dashboard/ledgers?limit=1")["data"][0]
    go(page, "Payments")
    page.get_by_label("Method").select_option("wallet")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_load_state("networkidle")
    page.locator("tbody button.link").first.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Amount").fill("12.50")
    drawer.get_by_role("button", name="Refund").click()
    expect(drawer.get_by_text("₹12.50 (partial)")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    go(page, "Ledger")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("refund")
    expect(first).to_contain_text("₹12.50")
    after = shop.ask("/v1/dashboard/ledgers?limit=1")["data"][0]
    assert (after["debit"], after["seq"] - before["seq"]) == ("12.50", 1)
    go(page, "Overview")
    page.wait_for_selector("#refunds")
    assert page.locator("#refunds").inner_text() == "₹12.50"


def test_a_delivery_is_sent_again(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Webhooks")
    sent = len(shop.http.engine.internet.received)
    page.get_by_role("button", name="Redeliver").first.click()
    expect(page.get_by_text("Sent again.")).to_be_visible()
    with shop.http.lock:
        received = shop.http.engine.internet.received
        assert len(received) == sent + 1
        ids = [each.headers["webhook-id"] for each in received]
        assert ids.count(ids[-1]) == 2


def test_a_rotated_key_goes_on_in_this_tab(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Keys")
    page.get_by_role("button", name="New key").click()
    expect(page.get_by_role("heading", name="New key")).to_be_visible()
    go(page, "Payments")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_a_csv_of_all_that_matches_is_downloaded(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert (len(lines), lines[0].split(",")[0]) == (29, "payment_id")


def test_a_upi_payment_is_paid_on_the_payers_page(page: Page, shop: Shop) -> None:
    with shop.http.lock:
        body = {"amount": "42.00", "method": "upi_intent"}
        headers = [("Host", shop.http.url.removeprefix("http://")), ("X-Forwarded-Proto", "http")]
        made = shop.http.world.call(shop.who, "POST", "/v1/payments/create", body, headers=headers)
        shop.http.move()
    assert made.status == 201, made.raw
    page.goto(made.body["next_action"]["pay_url"])
    expect(page.get_by_text("42.00")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "payer-open-1440.png")
    page.get_by_role("button").first.click()
    expect(page.get_by_text("Paid", exact=False).first).to_be_visible(timeout=20_000)
    page.screenshot(path=SCREENSHOTS / "payer-paid-1440.png")
    assert shop.ask(f"/v1/payments/{made.body['payment_id']}")["status"] == "success"


def test_everything_is_reached_by_keyboard(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    page.get_by_role("link", name="Payments", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("tbody button.link")
    page.locator("tbody button.link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_section_is_readable_and_has_no_serious_finding(page: Page, shop: Shop, axe: str, width: int, scheme: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(f"{shop.http.url}/")
    page.screenshot(path=SCREENSHOTS / f"sign-in-{width}-{scheme}.png")
    assert serious(page, axe) == []
    sign_in(page, shop)
    for section in SECTIONS:
        go(page, section)
        page.screenshot(path=SCREENSHOTS / f"{section.lower()}-{width}-{scheme}.png", full_page=True)
        assert serious(page, axe) == [], section
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), section
    go(page, "Payments")
    page.locator("tbody button.link").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=SCREENSHOTS / f"payment-{width}-{scheme}.png")
    assert serious(page, axe) == []


def test_a_planted_finding_is_found(page: Page, shop: Shop, axe: str) -> None:
    page.goto(f"{shop.http.url}/")
    page.evaluate("document.getElementById('main').append(new Image())")
    assert any("image-alt" in finding for finding in serious(page, axe))
