"""The log of deliveries: what was carried, filters, sending a range of time again; and times in the reader's zone or in UTC."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, confirm, go, look, set_filter, sign_in


def test_a_delivery_shows_what_it_carried(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Webhooks")
    row = shop.ask("/v1/webhooks/deliveries?limit=1")["data"][0]
    page.locator(f"[data-opens={row['delivery_id']}]").click()
    drawer = page.get_by_role("dialog")
    text = drawer.locator("pre.json").inner_text()
    (carried,) = [each for each in shop.http.engine.internet.received if each.headers["webhook-id"] == row["event_id"]]
    assert json.loads(text) == json.loads(carried.body)
    look(page, axe, "delivery")


def test_the_log_is_filtered_by_chips(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    go(page, "Webhooks")
    payment = shop.ask("/v1/dashboard/payments?limit=1")["data"][0]["payment_id"]
    expected = shop.ask(f"/v1/webhooks/deliveries?payment_id={payment}")["data"]
    set_filter(page, "payment_id", {"Payment": payment})
    log = page.get_by_role("region", name="Deliveries")
    expect(log.locator("tbody tr")).to_have_count(len(expected))
    set_filter(page, "event", {"Event": "payment.success"})
    expect(log.locator("tbody tr")).to_have_count(len([each for each in expected if each["event"] == "payment.success"]))
    look(page, axe, "deliveries")
    page.set_viewport_size({"width": 1280, "height": 900})
    set_filter(page, "status", {"Status": "failed"})
    expect(page.get_by_text("Take a filter away above")).to_be_visible()


def test_a_range_of_time_is_sent_again(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Webhooks")
    before = len(shop.http.engine.internet.received)
    replay = page.locator("section.card", has=page.get_by_role("heading", name="Send a range of time again"))
    replay.get_by_label("Event").select_option("payment.failed")
    with page.expect_response(lambda answer: "/webhooks/replay" in answer.url) as answered:
        replay.get_by_role("button", name="Send again").click()
        confirm(page, "Send again")
    started = answered.value.json()
    assert answered.value.status == 202
    assert started["count"] > 0
    expect(page.get_by_text("sent again.")).to_be_visible()
    with shop.http.lock:
        shop.http.move()
        again = [each for each in shop.http.engine.internet.received[before:] if json.loads(each.body)["event"] == "payment.failed"]
    assert len(again) == started["count"]


def test_an_event_that_is_searched_for_shows_its_deliveries(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    event = shop.ask("/v1/webhooks/deliveries?limit=1")["data"][0]["event_id"]
    page.evaluate("id => { location.hash = `webhooks/${id}` }", event)
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("button", name="Redeliver")).to_be_visible()
    expect(drawer.locator("pre.json")).to_contain_text(event)


def test_times_are_shown_in_utc_when_one_asks_for_it_and_the_choice_stays(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Payments")
    created = shop.ask("/v1/dashboard/payments?limit=1")["data"][0]["created_at"]
    shown = page.locator("tbody time").first
    expect(shown).to_contain_text("IST")
    page.get_by_label("Times").select_option("UTC")
    expect(shown).to_contain_text(f"{created[11:16]} UTC")
    page.locator("[data-filter=from] summary").click()
    expect(page.get_by_label("From (UTC)")).to_be_visible()
    page.reload()
    sign_in(page, shop)
    expect(page.get_by_label("Times").locator("option:checked")).to_have_text("UTC")
    expect(page.get_by_text("Days are those of UTC")).to_be_visible()
    go(page, "Payments")
    expect(page.locator("tbody time").first).to_contain_text("UTC")
    page.get_by_label("Times").select_option("IST")
    expect(page.locator("tbody time").first).to_contain_text("IST")
