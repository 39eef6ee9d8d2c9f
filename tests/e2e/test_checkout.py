"""The hosted checkout on the deployed template, at the address that its links have: a payer in Chromium pays by each way that it offers.

No page asks any other origin for anything, and a checkout counts as paid by what its merchant's API says.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from local import wallet
from local.chain import Chain
from local.crypto_demo import XPUB
from tests.browser.test_provider_fields import fill
from tests.e2e.deployed import Deployed
from tests.support.payments import APPROVE, REDIRECT
from tests.support.world import Signer

RECEIPT = "Thank you. This is your receipt."
# The scan comes once a minute, and a payment waits for its confirmations.
PATIENCE_MS, CHAIN_PATIENCE_MS = 60_000, 300_000


@pytest.fixture(scope="module")
def who(deployed: Deployed) -> Signer:
    made = deployed.register()
    deployed.wallet(made, "asha", "1000.00")
    assert deployed.call(made, "PATCH", "/v1/merchants/me", {"xpubs": {"ethereum": XPUB}}).status == 200
    return made


@pytest.fixture
def payer(page: Page, platform_url: str) -> Iterator[Page]:
    """A payer's tab, which fails its test when a page asks another origin."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert [url for url in asked if not url.startswith((platform_url, "data:", "blob:"))] == []


def ask(deployed: Deployed, who: Signer, target: str, body: dict[str, Any]) -> dict[str, Any]:
    made = deployed.call(who, "POST", target, body)
    assert made.status == 201, made.raw
    answer: dict[str, Any] = made.body
    return answer


def begin(deployed: Deployed, who: Signer, **more: Any) -> dict[str, Any]:
    order = {"amount": "120.00", "description": "Two masala chai"}
    return ask(deployed, who, "/v1/checkout/sessions", order | more)


def is_paid(deployed: Deployed, who: Signer, payer: Page, session: dict[str, Any], *, patience_ms: int = PATIENCE_MS) -> dict[str, Any]:
    """Wait for the receipt. Returns the payment that the checkout ended in."""
    expect(payer.get_by_text(RECEIPT)).to_be_visible(timeout=patience_ms)
    shown = deployed.call(who, "GET", f"/v1/checkout/sessions/{session['session_id']}").body
    assert shown["status"] == "paid"
    payment: dict[str, Any] = deployed.call(who, "GET", f"/v1/payments/{shown['payment_ids'][-1]}").body
    assert (payment["status"], payment["amount"]) == ("success", "120.00")
    return payment


def customer(deployed: Deployed, who: Signer, reference: str) -> str:
    customer_id: str = ask(deployed, who, "/v1/customers", {"reference": reference})["customer_id"]
    return customer_id


def enter(deployed: Deployed, who: Signer, payer: Page, session: dict[str, Any], customer_id: str) -> None:
    """Open a checkout as the customer for whom the shop vouches."""
    word = ask(deployed, who, f"/v1/customers/{customer_id}/token", {})["customer_token"]
    payer.goto(f"{session['url']}#customer_token={word}")
    expect(payer).not_to_have_url(re.compile(word), timeout=PATIENCE_MS)


def test_by_upi_after_a_decline(deployed: Deployed, who: Signer, payer: Page) -> None:
    session = begin(deployed, who)
    payer.goto(session["url"])
    payer.get_by_role("button", name="UPI").click()
    payer.get_by_role("button", name="Simulate decline").click()
    expect(payer.get_by_text("You were not charged. Choose how to pay.", exact=False)).to_be_visible(timeout=PATIENCE_MS)
    payer.get_by_role("button", name="UPI").click()
    payer.get_by_role("button", name="Simulate payment").click()
    assert is_paid(deployed, who, payer, session)["method"] == "upi_intent"


def test_by_a_card_that_its_bank_confirms(deployed: Deployed, who: Signer, payer: Page) -> None:
    session = begin(deployed, who)
    payer.goto(session["url"])
    payer.get_by_role("button", name="Card").click()
    fill(payer, REDIRECT)
    payer.frame_locator("iframe").get_by_role("button", name="Confirm").click(timeout=PATIENCE_MS)
    assert is_paid(deployed, who, payer, session)["method"] == "tokenized"


def test_by_a_card_that_the_payer_let_be_kept(deployed: Deployed, who: Signer, payer: Page) -> None:
    customer_id = customer(deployed, who, "meera")
    first = begin(deployed, who, customer_id=customer_id, save=True)
    enter(deployed, who, payer, first, customer_id)
    payer.get_by_role("button", name="Card").click()
    payer.locator("#keep").check()
    fill(payer, APPROVE)
    is_paid(deployed, who, payer, first)
    again = begin(deployed, who, customer_id=customer_id)
    enter(deployed, who, payer, again, customer_id)
    payer.get_by_role("button", name="Visa ···· 4242").click(timeout=PATIENCE_MS)
    assert is_paid(deployed, who, payer, again)["token_id"] is not None


def test_by_the_customers_wallet(deployed: Deployed, who: Signer, payer: Page) -> None:
    customer_id = customer(deployed, who, "asha")
    session = begin(deployed, who, customer_id=customer_id)
    enter(deployed, who, payer, session, customer_id)
    payer.get_by_role("button", name="Wallet").click(timeout=PATIENCE_MS)
    assert is_paid(deployed, who, payer, session)["method"] == "wallet"


def test_by_a_coin_from_the_link_on_the_page(deployed: Deployed, who: Signer, payer: Page, test_chain: Chain) -> None:
    session = begin(deployed, who)
    payer.goto(session["url"])
    payer.get_by_role("button", name="ETH On Ethereum").click()
    expect(payer.get_by_text("On the network")).to_be_visible(timeout=PATIENCE_MS)
    link = payer.locator("a[href^='ethereum:']").first.get_attribute("href") or ""
    assert urlsplit(link).scheme == "ethereum"
    wallet.pay(test_chain.url, link)
    assert is_paid(deployed, who, payer, session, patience_ms=CHAIN_PATIENCE_MS)["method"] == "crypto"
