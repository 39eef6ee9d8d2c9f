"""Giving money back where a wallet has to sign, and deciding about money that is held."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from paycorex.evm import networks
from tests.browser.conftest import SCREENSHOTS, WIDTHS, Shop, confirm, findings, go, open_first_payment, sign_in
from tests.support.chain import TestChain, chain_running, use_chain
from tests.support.crypto import Monitor, expected_units, pay_by_crypto
from tests.support.payments import settings
from tests.unit.paycorex.test_extended_key import JUNK, account_key

PAYER = "0x52908400098527886E0F7030069857D2E4169EE7"


@pytest.fixture
def chain(shop: Shop) -> Iterator[TestChain]:
    with chain_running(networks.ETHEREUM) as chain:
        with shop.http.lock:
            use_chain(shop.http.world, chain)
        yield chain


@pytest.fixture
def paid(shop: Shop, chain: TestChain) -> dict[str, Any]:
    """A payment of 1,000 rupees that was settled by 0.005 ETH, and as much again as late money."""
    with shop.http.lock:
        world = shop.http.world
        settings(world, shop.who, xpubs={"ethereum": str(account_key(JUNK))})
        world.restart()
        use_chain(world, chain)
        payment = pay_by_crypto(world, shop.who)
        monitor = Monitor(world, shop.who)
        monitor.pays(payment, expected_units(payment))
        monitor.pays(payment, expected_units(payment), name="again")
        shop.http.move()
    return payment


def opened(page: Page, shop: Shop) -> Locator:
    sign_in(page, shop)
    go(page, "Payments")
    return open_first_payment(page)


def pictured(page: Page, drawer: Locator, part: Locator, axe: str, name: str) -> None:
    """No finding and nothing beside the drawer, at both widths; a picture of its part at each."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        part.scroll_into_view_if_needed()
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png")
        assert findings(page, axe) == []
        assert drawer.evaluate("drawer => drawer.scrollWidth <= drawer.clientWidth")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_crypto_refund_is_asked_for_sent_from_a_wallet_and_reported(
    page: Page, shop: Shop, paid: dict[str, Any], chain: TestChain, axe: str
) -> None:
    drawer = opened(page, shop)
    refunding = drawer.locator("form").first
    refunding.get_by_label("Amount").fill("400.00")
    refunding.get_by_label("To the address").fill(PAYER)
    refunding.get_by_role("button", name="Refund", exact=True).click()
    expect(page.get_by_role("alertdialog")).to_contain_text(PAYER)
    confirm(page, "Refund ₹400.00")
    expect(drawer.get_by_text("Refund of ₹400.00: Pending.")).to_be_visible()
    waiting = drawer.locator(".inset", has_text="then enter the transaction hash")
    for text in ("0.002 ETH", "Ethereum", PAYER):
        expect(waiting.get_by_text(text, exact=True)).to_be_visible()
    assert (waiting.get_by_role("link", name="Open in your wallet").get_attribute("href") or "").startswith(f"ethereum:{PAYER}@1?value=")
    pictured(page, drawer, waiting, axe, "refund-unsigned")
    waiting.get_by_label("Transaction").fill("0x" + "77" * 32)
    waiting.get_by_role("button", name="Sent").click()
    expect(waiting.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(waiting.locator("label", has_text="Transaction")).to_contain_text("not known to the chain yet")
    (refund,) = shop.ask(f"/v1/payments/{paid['payment_id']}/refunds")["data"]
    unsigned = refund["next_action"]["transaction"]
    tx_hash = chain.send(unsigned["to"].lower(), int(unsigned["value"], 16), data=unsigned["data"], payer=7)
    chain.mine(networks.ETHEREUM.confirmations)
    waiting.get_by_label("Transaction").fill(tx_hash)
    waiting.get_by_role("button", name="Sent").click()
    expect(drawer.get_by_text("₹400.00 (partial)")).to_be_visible()
    expect(drawer.locator("ul.rows li", has_text="₹400.00")).to_contain_text("Success")
    expect(waiting).to_have_count(0)


def test_an_address_that_is_none_is_refused_beside_the_form(page: Page, shop: Shop, paid: dict[str, Any]) -> None:
    drawer = opened(page, shop)
    refunding = drawer.locator("form").first
    refunding.get_by_label("To the address").fill("vitalik.eth")
    refunding.get_by_role("button", name="Refund", exact=True).click()
    confirm(page, "Refund ₹1,000.00")
    expect(refunding.get_by_role("alert")).not_to_be_empty()
    assert shop.ask(f"/v1/payments/{paid['payment_id']}/refunds")["data"] == []


def test_held_money_is_taken(page: Page, shop: Shop, paid: dict[str, Any], axe: str) -> None:
    drawer = opened(page, shop)
    held = drawer.locator("li", has_text="Extra")
    expect(held).to_contain_text("Held")
    pictured(page, drawer, held, axe, "payment-held")
    held.get_by_role("button", name="Accept").click()
    confirm(page, "Accept ₹1,000.00")
    expect(drawer.locator("li", has_text="Extra")).to_contain_text("Accepted")
    assert shop.ask(f"/v1/payments/{paid['payment_id']}")["late_money"][0]["status"] == "accepted"


def test_held_money_is_given_back(page: Page, shop: Shop, paid: dict[str, Any]) -> None:
    drawer = opened(page, shop)
    held = drawer.locator("li", has_text="Extra")
    held.get_by_label("To the address").fill(PAYER)
    held.get_by_role("button", name="Refund").click()
    confirm(page, "Refund ₹1,000.00")
    expect(drawer.locator("li", has_text="Extra")).to_contain_text("Refunding")
    expect(drawer.locator(".inset").get_by_text("0.005 ETH", exact=True)).to_be_visible()
