"""The overview: the period against the one before, shares, what is worth looking at, the money, and the first steps of a new account."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, go, look, sign_in
from tests.support.engine import Engine
from tests.support.http_world import HttpWorld
from tests.support.payments import DECLINE, charge
from tests.support.world import World

MONEY = ("balance", "available", "with_providers", "on_its_way", "held")
STEP = ".steps li.done-step"


def digits(text: str) -> str:
    return "".join(mark for mark in text if mark in "0123456789.-−").replace("−", "-")


@pytest.fixture
def fresh() -> Iterator[Shop]:
    """A merchant of this moment, with nothing."""
    world = World()
    world.clock.now = time.time()
    with world.running():
        engine = Engine(world)
        with engine.online():
            http = HttpWorld(world, engine)
            with http.serving():
                yield Shop(http, world.register("Chai Point"))


@pytest.mark.parametrize("days", [13])
def test_each_figure_is_held_against_the_period_before(page: Page, shop: Shop, axe: str) -> None:
    sign_in(page, shop)
    with page.expect_response(lambda answer: "/dashboard/stats" in answer.url and "to=" in answer.url) as answered:
        page.get_by_label("Period").select_option("7")
    before = answered.value.json()
    page.wait_for_load_state("networkidle")
    now = shop.ask(f"/v1/dashboard/stats?currency=INR&from={before['to'][:10]}T00:00:00Z")
    assert now["volume"] != before["volume"]
    change = page.locator("section", has=page.locator("#volume")).locator(".against")
    shown = digits(page.locator("#volume").inner_text())
    tenths = (int(shown.replace(".", "")) - int(before["volume"].replace(".", ""))) * 1000 // int(before["volume"].replace(".", ""))
    assert digits(change.inner_text()) == f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}".lstrip("+")
    # Both periods are of one length.
    asked = answered.value.request.url
    assert "from=" in asked
    expect(page.get_by_role("heading", name="By processor")).to_be_visible()
    expect(page.locator(".split").get_by_text("Sandbox", exact=True)).to_be_visible()
    look(page, axe, "overview")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Card declined").first.click()
    expect(page.locator("[data-filter=failure_code].set")).to_be_visible()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_money_is_what_the_api_says(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    now = shop.ask("/v1/dashboard/money")
    for name in MONEY:
        assert digits(page.locator(f"#{name}").inner_text()) == now[name], name


def test_a_reason_that_grew_and_a_processor_that_fell_are_worth_looking_at(page: Page, shop: Shop) -> None:
    with shop.http.lock:
        for amount in ("900.00", "700.00", "800.00"):
            charge(shop.http.world, shop.who, DECLINE, amount)
        shop.http.move()
    sign_in(page, shop)
    looked = page.locator("section.card", has=page.get_by_role("heading", name="Worth looking at"))
    expect(looked).to_contain_text("5 failures, 0 in the period before")
    amounts = looked.get_by_role("link").filter(has_text="₹").all_inner_texts()
    assert amounts[:3] == ["₹900.00", "₹800.00", "₹700.00"]
    looked.get_by_role("link", name="₹900.00").click()
    expect(page.locator(".next")).to_contain_text("The card's bank refused")


def test_first_steps_tick_themselves_off(browser: Browser, fresh: Shop, axe: str) -> None:
    context = browser.new_context(locale="en-IN", timezone_id="Asia/Kolkata", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, fresh)
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    expect(page.locator(STEP)).to_have_count(0)
    expect(page.get_by_text("No payments in this period.")).to_be_visible()
    look(page, axe, "overview-first-steps")
    page.set_viewport_size({"width": 1280, "height": 900})
    world = fresh.http.world
    with fresh.http.lock:
        world.wallet(fresh.who, "asha", "100.00")
        assert world.pay(fresh.who, "asha", "10.00").status == 201
        assert world.call(fresh.who, "PATCH", "/v1/merchants/me", {"connectors": {"sandbox": {"failure_percent": "0"}}}).status == 200
        fresh.http.move()
    go(page, "Ledger")
    go(page, "Overview")
    expect(page.locator(STEP)).to_have_count(2)
    expect(page.locator(STEP).first).to_contain_text("Take a first payment")
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)
    go(page, "Ledger")
    go(page, "Overview")
    page.wait_for_selector("#volume")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("days", [3])
def test_labels_of_a_charts_axis_are_whole_in_hindi(page: Page, shop: Shop) -> None:
    sign_in(page, shop)
    page.get_by_label("Language").select_option("hi")
    expect(page.get_by_role("heading", name="सारांश", exact=True)).to_be_visible()
    page.wait_for_selector("#volume")
    expect(page.locator(".chart canvas")).to_have_count(2)
    page.wait_for_load_state("networkidle")
    # The plot begins where the widest label ends: what an axis is given is at least what its text needs.
    label = page.evaluate(
        """() => { const pen = document.createElement("canvas").getContext("2d");
        pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
        const as = { notation: "compact", style: "currency", currency: "INR", currencyDisplay: "narrowSymbol", maximumFractionDigits: 1 };
        return pen.measureText(new Intl.NumberFormat("hi-IN", as).format(15000)).width; }"""
    )
    plot = page.locator(".chart .u-over").first.evaluate("element => element.offsetLeft")
    assert plot >= label + 10, (plot, label)


def test_figures_are_there_where_the_script_of_the_charts_cannot_be_fetched_and_it_is_tried_again(page: Page, shop: Shop) -> None:
    page.route("**/assets/uplot.js", lambda route: route.abort())
    sign_in(page, shop)
    expect(page.locator("#volume")).not_to_be_empty()
    expect(page.locator("main [role=alert]")).to_have_count(2)
    expect(page.locator("main [role=alert]").first).to_contain_text("The server cannot be reached.")
    page.unroute("**/assets/uplot.js")
    page.get_by_role("button", name="Try again").first.click()
    expect(page.locator(".chart canvas")).to_have_count(1)
    expect(page.locator("main [role=alert]")).to_have_count(1)
