"""Forms of the console: connectors, webhooks, keys, routing, fees, brand and settings, each as a journey."""

import json
import random
import re
import zlib
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from paycorex.money import Money, format_minor
from paycorex.records.fee_rate import FeeRate
from tests.browser.conftest import SCREENSHOTS, Shop, confirm, findings, go, sign_in
from tests.browser.test_people import device, enter, welcome  # noqa: F401 - a fixture
from tests.support.world import Signer

WIDTHS = (360, 1280)
PARTS = {"general": "Profile", "connectors": "Connectors", "routing": "Routing rules", "fees": "Fees of providers", "brand": "Brand"}


def part(page: Page, name: str) -> None:
    """To a part of the settings."""
    if not page.url.split("#")[-1].startswith("settings"):
        go(page, "Settings")
    link = page.get_by_role("navigation", name="Parts of the settings").get_by_role("link", name=name, exact=True)
    link.click()
    # The part before is on the page until this one is drawn.
    expect(link).to_have_attribute("aria-current", "page")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Loading…")).to_have_count(0)


def me(shop: Shop) -> Any:
    return shop.ask("/v1/merchants/me")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_form_is_readable_and_has_no_finding(page: Page, shop: Shop, axe: str, width: int, scheme: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    rules = [
        {
            "when": {"method": "tokenized", "min_amount": "100.00"},
            "use": [{"connector": "sandbox"}, {"connector": "sandbox_backup", "weight": 0}],
        }
    ]
    schedules = [
        {"connector": "sandbox", "percent": "2", "tax_percent": "18"},
        {"connector": "sandbox", "method": "upi_intent", "percent": "0.3", "currency": "INR", "cap": "10"},
    ]
    with shop.http.lock:
        assert (
            shop.http.world.call(shop.who, "PATCH", "/v1/merchants/me", {"routing_rules": rules, "fee_schedules": schedules}).status == 200
        )

    def look(name: str) -> None:
        page.mouse.move(0, 0)
        page.screenshot(path=SCREENSHOTS / f"forms-{name}-{width}-{scheme}.png", full_page=True)
        assert findings(page, axe) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    sign_in(page, shop)
    go(page, "Keys")
    look("keys")
    go(page, "Webhooks")
    page.get_by_label("Which events").select_option("some")
    look("webhooks")
    page.get_by_label("Which events").select_option("every")
    for name, heading in PARTS.items():
        part(page, name.capitalize())
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        if name == "connectors":
            page.get_by_label("Provider").select_option("prism:adyen")
            page.get_by_text("What it can do").click()
        if name == "routing":
            page.get_by_role("button", name="Replay").click()
            expect(page.get_by_text("What this cannot know")).to_be_visible()
        look(name)
        if name == "connectors":
            page.get_by_label("Provider").select_option("")


def test_a_connector_is_added_by_its_fields_tested_and_removed(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    part(page, "Connectors")
    page.get_by_label("Provider").select_option("sandbox")
    page.get_by_label("Failure percent").fill("250")
    page.get_by_role("button", name="Save and test").click()
    wrong = page.locator("label").filter(has_text="Failure percent")
    expect(wrong).to_contain_text("whole percent as text, from 0 to 100")
    expect(page.get_by_label("Failure percent")).to_have_value("250")
    expect(page.get_by_label("Failure percent")).to_be_focused()
    page.get_by_label("Failure percent").fill("0")
    secret = page.get_by_label("Webhook secret")
    assert secret.get_attribute("type") == "password"
    secret.fill("whisper")
    page.get_by_role("button", name="Save and test").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name="Sandbox", exact=True))
    expect(row).to_contain_text("Verified")
    row.get_by_role("button", name="Sandbox", exact=True).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("failure_percent, webhook_secret")
    expect(drawer.get_by_label("Webhook secret")).to_have_value("")
    expect(drawer.get_by_text("Set. Type it anew.", exact=False).first).to_be_visible()
    assert "whisper" not in page.content()
    drawer.get_by_role("button", name="Close").click()
    row.get_by_role("button", name="Remove").click()
    confirm(page, "Remove")
    expect(row).to_contain_text("Ready")
    assert me(shop)["connectors"] == {}


def test_a_processor_of_the_library_asks_for_its_own_fields(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    part(page, "Connectors")
    page.get_by_label("Provider").select_option("prism:adyen")
    expect(page.get_by_label("Merchant account", exact=True)).to_have_attribute("required", "")
    expect(page.get_by_label("Review key (optional)", exact=True)).to_be_visible()
    page.get_by_label("Api key", exact=True).fill("AQE-key")
    page.get_by_label("Merchant account", exact=True).fill("ShopECOM")
    page.get_by_role("button", name="Save and test").click()
    expect(page.get_by_role("button", name="Adyen", exact=True)).to_be_visible()
    assert list(me(shop)["connectors"]) == ["prism:adyen"]


def test_rules_are_built_by_choosing_replayed_and_saved(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    part(page, "Routing")
    page.get_by_role("button", name="Add a rule").click()
    first = page.locator(".rule").first
    first.get_by_label("Method").select_option("tokenized")
    first.get_by_label("Amount from").fill("x")
    first.get_by_role("button", name="Add a connector").click()
    page.get_by_role("button", name="Add a rule").click()
    expect(page.locator(".rule")).to_have_count(2)
    page.get_by_role("button", name="Rule 2 up").click()
    expect(page.locator(".rule").nth(1).get_by_label("Method")).to_have_value("tokenized")
    page.locator(".rule").nth(1).get_by_label("Amount from").fill("100.00")
    page.get_by_role("button", name="Rule 2 up").click()
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_text("What this cannot know")).to_be_visible()
    assert me(shop)["routing_rules"] == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Acts everywhere from")).to_be_visible()
    saved = me(shop)["routing_rules"]
    assert saved[0] == {
        "when": {"method": "tokenized", "min_amount": "100"},
        "use": [{"connector": "sandbox", "weight": 1}, {"connector": "sandbox_backup", "weight": 0}],
    }
    page.get_by_text("As JSON").click()
    expect(page.locator("pre")).to_be_visible()
    assert json.loads(page.locator("pre").inner_text()) == saved


def test_a_rules_problem_stands_at_the_rule_and_nothing_is_lost(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    part(page, "Routing")
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Goes to").select_option("best")
    samples = page.get_by_label("Known outcomes at least")
    # As a client that knows other bounds would send it.
    samples.evaluate("element => { element.max = '9999' }")
    samples.fill("5000")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("label").filter(has_text="Known outcomes at least")).to_contain_text("at most 300")
    expect(samples).to_have_value("5000")
    assert me(shop)["routing_rules"] == []


def test_what_is_typed_is_not_lost_without_a_question(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Settings")
    page.get_by_label("UPI address").fill("chai@icici")
    page.get_by_role("link", name="Payments", exact=True).click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("not saved yet")
    question.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("UPI address")).to_have_value("chai@icici")
    expect(page).to_have_url(re.compile("#settings$"))
    page.get_by_role("link", name="Payments", exact=True).click()
    confirm(page, "Leave")
    expect(page.get_by_role("heading", name="Payments", level=1)).to_be_visible()


def test_a_request_whose_answer_is_lost_is_sent_again_with_the_same_key(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Settings")
    keys: list[str | None] = []

    def lose(route: Any) -> None:
        if route.request.method == "PATCH":
            keys.append(route.request.headers.get("idempotency-key"))
            if len(keys) == 1:
                route.abort()
                return
        route.fallback()

    page.route("**/v1/merchants/me", lose)
    page.get_by_label("UPI address").fill("chai@icici")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("The server cannot be reached.").first).to_be_visible()
    expect(page.get_by_label("UPI address")).to_have_value("chai@icici")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved. Acts everywhere from")).to_be_visible()
    assert len(keys) == 2
    assert keys[0]
    assert keys[0] == keys[1]
    assert me(shop)["payee_vpa"] == "chai@icici"


def test_a_price_list_is_typed_with_its_example_beside(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    part(page, "Fees")
    page.get_by_role("button", name="Add a line").click()
    line = page.locator(".fee").first
    line.get_by_label("Connector").select_option("sandbox")
    line.get_by_label("Percent", exact=True).fill("2.5")
    line.get_by_label("Fixed part").fill("3.00")
    line.get_by_label("At most").fill("20.00")
    example = page.locator(".card").filter(has=page.get_by_role("heading", name="Worked example"))
    for text in ("₹20.00", "₹3.60", "₹976.40"):
        expect(example).to_contain_text(text)
    page.get_by_label("Who pays what a provider keeps").select_option("merchant")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Acts everywhere from")).to_be_visible()
    saved = me(shop)
    assert saved["fee_bearer"] == "merchant"
    (stored,) = saved["fee_schedules"]
    assert (stored["percent"], stored["fixed"], stored["cap"], stored["tax_percent"], stored["currency"]) == (
        "2.5",
        "3.00",
        "20.00",
        "18",
        "INR",
    )


def test_an_endpoint_gets_the_events_that_are_ticked_is_tried_and_its_secret_rotated(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Webhooks")
    page.get_by_label("New endpoint").fill("https://hooks.example.com/second")
    page.get_by_label("Which events").select_option("some")
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_role("searchbox").fill("refund.")
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("checkbox", name="payment.success").check()
    page.get_by_role("button", name="Add", exact=True).click()
    secret = page.locator(".once code")
    expect(secret).to_contain_text("whsec_")
    first = secret.inner_text()
    (made,) = [each for each in shop.ask("/v1/webhooks/provider")["data"] if each["url"].endswith("second")]
    assert made["events"] == ["payment.success", "refund.created", "refund.external", "refund.success", "refund.failed"]
    row = page.get_by_role("row").filter(has_text="hooks.example.com/second")
    row.get_by_role("button", name="Test").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("HTTP 200")
    drawer.get_by_role("button", name="Close").click()
    row.get_by_role("button", name="hooks.example.com/second").click()
    drawer.get_by_label("The secret of now signs for").select_option("3600")
    drawer.get_by_role("button", name="Rotate secret").click()
    confirm(page, "Rotate secret")
    expect(secret).not_to_have_text(first)
    expect(page.get_by_text("The secret before it signs too until")).to_be_visible()
    row.get_by_role("button", name="Turn off").click()
    confirm(page, "Turn off")
    expect(row.get_by_text("Off", exact=True)).to_be_visible()


def test_a_key_is_made_with_the_scopes_that_are_ticked(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    go(page, "Keys")
    page.get_by_role("button", name="Everything").click()
    page.get_by_label("people:write").uncheck()
    page.get_by_role("button", name="New key").click()
    confirm(page, "New key")
    expect(page.locator(".once")).to_contain_text("pcx_")
    key, secret = page.locator(".once code").all_inner_texts()
    shop.who = Signer(key, secret, shop.who.merchant_id)
    (issued,) = [each for each in shop.ask("/v1/merchants/apikeys")["data"] if key.startswith(each["prefix"])]
    assert "people:write" not in issued["scopes"]
    assert {"merchant:write", "audit:read"} <= set(issued["scopes"])


def test_a_reader_sees_the_forms_and_why_they_cannot_be_used(page: Page, shop: Shop, device: Any) -> None:  # noqa: F811 - the fixture
    welcome(page, shop, "read_only")
    enter(page)
    for name in ("General", "Connectors", "Routing", "Fees", "Brand"):
        part(page, name)
        expect(page.get_by_text("Your role, Read only, may not change this.", exact=False).first).to_be_visible()
        for button in page.get_by_role("button", name="Save").all():
            expect(button).to_be_disabled()
    part(page, "Connectors")
    expect(page.get_by_role("button", name="Test", exact=True)).to_have_count(0)
    go(page, "Keys")
    expect(page.get_by_role("button", name="New key")).to_be_disabled()
    expect(page.get_by_role("button", name="Revoke")).to_have_count(0)


def test_the_worked_example_is_what_the_server_would_take(page: Page, shop: Shop) -> None:
    dice = random.Random(3)
    cases: list[dict[str, Any]] = []
    for _ in range(400):
        currency, decimals = dice.choice([("INR", 2), ("JPY", 0), ("KWD", 3)])
        amounts = [f"{dice.randrange(1, 10**7) / 10**decimals:.{decimals}f}" for _ in range(4)]
        least, most = sorted(amounts[2:], key=Decimal)
        line = {"percent": f"{dice.randrange(0, 100_000) / 10_000:.4f}", "tax_percent": dice.choice(["0", "18", "12.5", "0.0001"])}
        line |= {"rounding": dice.choice(["half_up", "up"]), "currency": currency}
        line |= {name: text for name, text in (("fixed", amounts[1]), ("minimum", least), ("cap", most)) if dice.random() < 0.5}
        cases.append({"line": line, "amount": amounts[0], "currency": currency})
    sign_in(page, shop)
    run = """async (cases) => {
        const { costOf } = await import("./assets/fee_example.js");
        return cases.map((each) => costOf(each.line, each.amount, each.currency));
    }"""
    for case, shown in zip(cases, page.evaluate(run, cases), strict=True):
        amount = Money.parse(case["amount"], case["currency"])
        cost = FeeRate.parse(case["line"]).cost(amount)
        assert (shown["fee"], shown["tax"]) == tuple(format_minor(each, amount.currency) for each in cost), case


def picture() -> bytes:
    """A PNG of 900 by 300 pixels, larger than the API takes."""
    lines = b"".join(b"\x00" + bytes([20, 120, row % 256]) * 900 for row in range(300))
    head = (900).to_bytes(4) + (300).to_bytes(4) + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
        for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    )


def test_a_brand_is_set_made_small_enough_and_seen_by_payers(page: Page, shop: Shop, axe: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    sign_in(page, shop)
    part(page, "Brand")
    page.get_by_label("Name that payers see").fill("Chai & Friends")
    page.get_by_label("A colour of our own").check()
    page.get_by_label("Colour", exact=False).last.fill("#ffcc00")
    page.get_by_label("Logo").set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_text("This file is no picture that a browser can read.")).to_be_visible()
    page.get_by_label("Logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": picture()})
    expect(page.get_by_role("img", name="Your logo")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Acts everywhere from")).to_be_visible()
    brand = me(shop)["brand"]
    assert (brand["name"], brand["colour"], brand["logo"]["width"], brand["logo"]["height"]) == ("Chai & Friends", "#ffcc00", 512, 171)
    page.screenshot(path=SCREENSHOTS / "forms-brand-set.png", full_page=True)
    with shop.http.lock:
        shop.http.world.restart()
        link = shop.http.world.call(shop.who, "POST", "/v1/links", {"name": "Tea", "amount": "12.00"}).body["url"]
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(shop.http.url + urlsplit(link).path + "?" + urlsplit(link).query)
            expect(page.locator("img.logo")).to_be_visible()
            expect(page.get_by_text("Chai & Friends").first).to_be_visible()
            assert page.locator("img.logo").evaluate("element => element.naturalWidth") == 512
            page.screenshot(path=SCREENSHOTS / f"brand-link-{width}-{scheme}.png")
            assert findings(page, axe) == []
