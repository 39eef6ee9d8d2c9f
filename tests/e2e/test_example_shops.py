"""The shops of `examples/`: each starts with one command, and a payer in Chromium orders, pays, comes back, and sees the order paid."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from paycorex_client import webhooks
from tests.e2e import storefront
from tests.e2e.storefront import CARD, DECLINED, PAID, Storefront, came_back, order, says, type_card
from tests.support import typescript_client

SHOPS = ("flask-shop", "django-webhooks", "nextjs-shop")
WAITING = "Waiting for your payment"


@pytest.fixture(scope="module", params=SHOPS)
def shop(request: pytest.FixtureRequest, platform_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storefront]:
    if request.param == "nextjs-shop":
        # Once for all processes of a run: the shop's command would do it too.
        typescript_client.build()
    with storefront.open_shop(request.param, platform_url, tmp_path_factory.mktemp("shop") / "log") as running:
        yield running


def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the shop's answer to a webhook."""
    asked = urllib.request.Request(f"{url}/webhooks", body, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_card_is_declined_another_pays_and_the_payer_comes_back_to_a_paid_order(page: Page, shop: Storefront) -> None:
    order(page, shop, "Masala chai", "Card")
    type_card(page, DECLINED)
    expect(page.get_by_role("alert")).to_have_text("The issuer declined the card.")
    type_card(page, CARD)
    came_back(page, shop)
    says(page, PAID)


def test_a_upi_order_is_paid_by_its_webhook_alone(page: Page, shop: Storefront) -> None:
    """The payer never comes back: what the shop then shows, it has from the webhook."""
    order(page, shop, "Lemon tea", "UPI")
    page.get_by_role("button", name="Simulate payment").click()
    says(page, "Paid")
    address = page.get_by_role("link", name="Return to").get_attribute("href") or ""
    page.context.set_offline(True)
    order_id = urlsplit(address).path.rsplit("/", 1)[-1]
    deadline = time.monotonic() + 30
    while (stored := shop.stored_status(order_id)) != "paid" and time.monotonic() < deadline:
        time.sleep(0.2)
    assert stored == "paid"


def test_coming_back_without_having_paid_shows_nothing_paid(page: Page, shop: Storefront) -> None:
    order(page, shop, "Filter coffee", "UPI")
    address = page.locator("#back").get_attribute("href") or ""
    assert "payment_id=" in address
    page.goto(address)
    says(page, WAITING)
    order_id = urlsplit(address).path.rsplit("/", 1)[-1]
    event_id = "evt_aaaaaaaaaaaaaaaaaaaaaaaaaa"
    event = {
        "id": event_id,
        "event": "payment.success",
        "data": {"status": "success", "amount": "95.50", "metadata": {"order": order_id}},
    }
    body, secret = json.dumps(event).encode(), "whsec_" + "A" * 43 + "="
    moment = int(time.time())
    signature = webhooks.sign(body, event_id=event_id, timestamp=moment, secret=secret)
    signed = {"webhook-id": event_id, "webhook-timestamp": str(moment), "webhook-signature": signature}
    assert send(shop.url, body, {}) == 400
    assert send(shop.url, body, signed) == 400, "signed with a secret that is not the shop's"
    # In a tab of its own: the page that waits loads itself anew every three seconds, which would end a visit that has just begun.
    other = page.context.new_page()
    other.goto(address)
    says(other, WAITING)
    assert shop.stored_status(order_id) == "waiting"


def test_every_example_of_a_shop_has_its_command_and_a_readme() -> None:
    folders = {start.parent.name for start in Path(storefront.EXAMPLES).glob("*/start")}
    assert folders == set(SHOPS)
    assert all((Path(storefront.EXAMPLES) / name / "README.md").exists() for name in folders)
