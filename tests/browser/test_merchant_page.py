"""The merchant's page does what its buttons say, with the numbers that the API gives."""

import json

import pytest
from playwright.sync_api import Page, expect

from paycorex.ledger.proof import checkpoints
from tests.browser.conftest import Shop, confirm, go, open_first_payment, set_filter, sign_in
from tests.support.payments import APPROVE, charge
from tests.support.world import Signer


def digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit() or mark == ".")


@pytest.mark.parametrize("days", [13])
def test_the_overview_shows_the_numbers_of_the_api(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    stats = shop.ask("/v1/dashboard/stats?timezone=Asia/Kolkata")
    assert stats["count"]["failed"] > 1
    for name, amount in (("volume", stats["volume"]), ("refunds", stats["refunds"]["amount"]), ("net", stats["net"])):
        assert digits(page.locator(f"#{name}").inner_text()) == amount
    expect(page.locator("#balance")).to_have_text("₹1,86,567.16")
    assert digits(page.locator("#rate").inner_text()) == digits(f"{float(stats['success_rate']) * 100:.2f}")
    expect(page.locator(".chart canvas")).to_have_count(2)
    page.get_by_text("The days as a table").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    shown = [digits(cell) for cell in page.locator("tbody td:nth-child(2)").all_inner_texts()]
    assert shown == [day["volume"] for day in reversed(stats["by_day"])]
    for name in ("Wallet", "Card token", "UPI"):
        expect(page.locator(".split").get_by_text(name, exact=True)).to_be_visible()


def test_what_a_chart_shows_is_read_out_for_the_day_that_is_pointed_at(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    today = shop.ask("/v1/dashboard/stats?timezone=Asia/Kolkata")["by_day"][-1]
    plot = page.locator(".u-over").first
    expect(plot).to_be_visible()
    box = plot.bounding_box()
    assert box is not None
    plot.hover(position={"x": box["width"] - 3, "y": 20})
    readout = page.locator(".readout").first
    expect(readout).to_contain_text(f"{today['count']} paid")
    assert today["volume"] in digits(readout.inner_text())


def test_wrong_credentials_are_refused_and_nothing_is_kept(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.http.url}/")
    page.get_by_label("API key").fill(shop.who.api_key)
    page.get_by_label("Secret").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("clock")
    sign_in(page, shop)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_refund_from_the_drawer_is_seen_in_the_ledger(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    before = shop.ask("/v1/dashboard/ledgers?limit=1")["data"][0]
    go(page, "Payments")
    set_filter(page, "method", {"Method": "wallet"})
    expect(page.locator("tbody td", has_text="Card token")).to_have_count(0)
    drawer = open_first_payment(page)
    drawer.get_by_label("Amount").fill("12.50")
    drawer.get_by_role("button", name="Refund", exact=True).click()
    confirm(page, "Refund ₹12.50")
    expect(drawer.get_by_text("₹12.50 (partial)")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    go(page, "Ledger")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Refund")
    expect(first).to_contain_text("₹12.50")
    after = shop.ask("/v1/dashboard/ledgers?limit=1")["data"][0]
    assert (after["debit"], after["seq"] - before["seq"]) == ("12.50", 1)


def test_what_is_held_is_captured_in_part_and_the_rest_released(page: Page, shop: Shop) -> None:
    with shop.http.lock:
        made = charge(shop.http.world, shop.who, APPROVE, "100.00", capture_method="manual").body
        shop.http.move()
    sign_in(page, shop)
    go(page, "Payments")
    drawer = open_first_payment(page)
    expect(drawer.locator(".sum")).to_contain_text("Authorized")
    drawer.get_by_label("Capture").fill("80.00")
    drawer.get_by_role("button", name="Capture", exact=True).click()
    confirm(page, "Capture ₹80.00")
    expect(drawer.locator(".sum")).to_contain_text("Success")
    expect(drawer.get_by_text("Released", exact=True)).to_be_visible()
    payment = shop.ask(f"/v1/payments/{made['payment_id']}")
    assert (payment["amount_captured"], payment["authorization"]["status"]) == ("80.00", "released")
    (capture,) = shop.ask(f"/v1/payments/{made['payment_id']}/captures")["data"]
    for heading in ("Captures", "Ledger entries"):
        expect(drawer.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    booked = drawer.locator("li", has_text="lane")
    expect(booked).to_have_count(len(capture["ledger"]["entries"]))
    expect(booked.filter(has_text="+₹80.00").first).to_be_visible()
    expect(booked.filter(has_text="−₹80.00").first).to_be_visible()


def test_a_refund_of_too_much_says_so_beside_the_form_and_moves_nothing(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    before = shop.ask("/v1/dashboard/ledgers?limit=1")["data"][0]
    go(page, "Payments")
    drawer = open_first_payment(page)
    drawer.get_by_label("Amount").fill("99999")
    drawer.get_by_role("button", name="Refund", exact=True).click()
    confirm(page, "Refund ₹99,999")
    expect(drawer.locator(".problem")).to_contain_text("exceed")
    expect(drawer.get_by_label("Amount")).to_have_value("99999")
    assert shop.ask("/v1/dashboard/ledgers?limit=1")["data"][0] == before


def test_the_drawer_shows_attempts_entries_and_deliveries_of_an_old_payment(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    oldest = shop.ask("/v1/dashboard/payments?method=tokenized&status=success&limit=100")["data"][-1]
    go(page, "Payments")
    set_filter(page, "method", {"Method": "tokenized"})
    set_filter(page, "min_amount", {"Amount from": oldest["amount"], "Amount to": oldest["amount"]})
    expect(page.locator("tbody tr")).to_have_count(1)
    drawer = open_first_payment(page)
    for text in ("Sandbox", "Approved", "Clearing", "payment.processing", "payment.success"):
        expect(drawer.get_by_text(text, exact=True).first).to_be_visible()
    moved = [digits(text) for text in drawer.locator(".rows .end.num").all_inner_texts()]
    assert moved == [oldest["amount"]] * 2


def test_a_payments_proof_is_shown_once_it_is_sealed_and_downloaded_as_it_is(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    drawer = open_first_payment(page)
    expect(drawer.get_by_text("Not sealed yet")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    with shop.http.lock:
        checkpoints.seal(lambda: True)
    drawer = open_first_payment(page)
    expect(drawer.get_by_text("Sealed", exact=True)).to_be_visible()
    expect(drawer.get_by_text("Checkpoint 1", exact=True)).to_be_visible()
    with page.expect_download() as download:
        drawer.get_by_role("button", name="Download proof").click()
    payment_id = shop.ask("/v1/dashboard/payments?limit=1")["data"][0]["payment_id"]
    assert json.loads(download.value.path().read_text(encoding="utf-8")) == shop.ask(f"/v1/payments/{payment_id}/proof")


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


def test_a_rotated_key_goes_on_in_this_tab_and_the_old_one_is_revoked(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Keys")
    page.get_by_role("button", name="New key").click()
    confirm(page, "New key")
    expect(page.get_by_role("heading", name="New key")).to_be_visible()
    key, secret = page.locator(".once code").all_inner_texts()
    page.get_by_role("row").filter(has_not_text="this tab").get_by_role("button", name="Revoke").click()
    confirm(page, "Revoke")
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    shop.who = Signer(key, secret, shop.who.merchant_id)
    assert {each["status"] for each in shop.ask("/v1/merchants/apikeys")["data"]} == {"active", "revoked"}
    go(page, "Payments")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_settings_are_saved_and_removed(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Settings")
    page.get_by_label("UPI address").fill("chai@icici")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved. Acts everywhere from")).to_be_visible()
    assert shop.ask("/v1/merchants/me")["payee_vpa"] == "chai@icici"
    page.get_by_label("Tolerance in percent").fill("50")
    page.get_by_label("UPI address").fill("")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_label("UPI address")).to_have_value("")
    assert shop.ask("/v1/merchants/me")["payee_vpa"] is None
    # Saving one card leaves alone what was typed into another, whose problem is said at its field.
    crypto = page.locator(".card").filter(has=page.get_by_role("heading", name="Crypto", exact=True))
    crypto.get_by_role("button", name="Save").click()
    expect(crypto.locator("label").filter(has_text="Tolerance in percent")).to_contain_text("percentage from 0 to 10")
    expect(page.get_by_label("Tolerance in percent")).to_have_value("50")


def test_an_address_is_watched_and_no_longer(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Crypto")
    expect(page.get_by_text("No deposits yet.")).to_be_visible()
    page.get_by_label("Address").fill("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    page.get_by_role("button", name="Watch", exact=True).click()
    page.get_by_role("button", name="Stop watching").click()
    confirm(page, "Stop watching")
    expect(page.get_by_text("No address is watched.")).to_be_visible()


def test_a_csv_of_all_that_matches_is_downloaded(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert (len(lines) - 1, lines[0].split(",")[0]) == (shop.ask("/v1/dashboard/stats")["count"]["total"], "payment_id")
