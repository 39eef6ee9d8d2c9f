"""Adyen's card component on the payer's page: it pays in the session that was made, goes on after a bank's page, and settles nothing."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from paycorex import settings
from payments.payer_page import adyen_fields
from tests.browser.conftest import Shop
from tests.browser.test_payer_page import ask, looks, page_of
from tests.browser.test_provider_fields import tab
from tests.integration.payments.processors import adyen
from tests.support import payments as support

HOST: Final = "https://checkoutshopper-test.adyen.com/**"
# As the types of @adyen/adyen-web 5 describe it. The first card is refused by its bank, and one in the session may be tried again.
SCRIPT: Final = """
window.asked = [];
window.AdyenCheckout = async ({ session, clientKey, environment, onPaymentCompleted, beforeSubmit }) => {
  asked.push([environment, clientKey, session.id, session.sessionData === undefined ? "stored" : session.sessionData]);
  let tries = 0;
  const end = (resultCode) => onPaymentCompleted({ resultCode, sessionResult: "result-of-" + session.id });
  return {
    create: (kind) => ({
      isValid: false,
      mount(place) { asked.push([kind, document.querySelector(place) !== null]); return this; },
      showValidation() { asked.push("shown"); this.isValid = true; },
      async submit() {
        asked.push("submitted");
        const sent = await new Promise((resolve) => beforeSubmit({ paymentMethod: { type: "scheme" } }, this, { resolve }));
        if ("storePaymentMethod" in sent) asked.push(["keeps", sent.storePaymentMethod, sent.paymentMethod.type]);
        if (tries++ === 0) { end("Refused"); return; }
        await fetch("/approved");
        end("Authorised");
      },
    }),
    async submitDetails({ details }) { asked.push(details.redirectResult); await fetch("/approved"); end("Authorised"); },
  };
};
"""


@pytest.fixture
def server(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[adyen.Fake]:
    """Adyen, and the digest of the script that stands for its own."""
    digest = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    known = adyen_fields.TEST
    same = MappingProxyType(dict.fromkeys(known.integrity, digest))
    monkeypatch.setattr(adyen_fields, "TEST", replace(known, integrity=same))
    with adyen.Fake() as server:
        with shop.http.lock:
            settings.use(shop.http.world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
            support.settings(
                shop.http.world, shop.who, connectors={"prism:adyen": {**server.credentials, "publishable_key": "test_browser"}}
            )
        yield server
        assert server.problems == []


def opened(browser: Browser, server: adyen.Fake) -> Page:
    page = tab(browser, HOST, SCRIPT)

    def approve(route: Any) -> None:
        server.confirm(next(iter(server.payments.values())))
        route.fulfill(body="")

    page.route("**/approved", approve)
    return page


def begun(shop: Shop, **more: Any) -> dict[str, Any]:
    return ask(shop, amount="12.34", currency="USD", method="tokenized", description="Two masala chai", **more)


def pay(page: Page) -> None:
    page.get_by_role("button", name="Pay $12.34").click()


@pytest.mark.usefixtures("processors_library")
def test_a_card_that_is_refused_may_be_followed_by_one_that_pays(browser: Browser, shop: Shop, axe: str, server: adyen.Fake) -> None:
    payment, page = begun(shop), opened(browser, server)
    page.goto(page_of(payment))
    pay(page)
    expect(page.get_by_role("alert")).to_have_text("Check the card.")
    pay(page)
    expect(page.get_by_role("alert")).to_have_text("The payment was not made.")
    looks(page, axe, "fields-adyen")
    assert server.asked("sessionResult") == []
    pay(page)
    expect(page.get_by_role("status")).to_have_text("Paid")
    session = payment["next_action"]["session_id"]
    first = ["test", "test_browser", session, payment["next_action"]["session_data"]]
    assert page.evaluate("window.asked") == [first, ["card", True], "shown", "submitted", "submitted"]
    assert [taken.captured for taken in server.payments.values()] == [1234]
    page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_the_payers_tick_goes_to_adyen_with_the_card(browser: Browser, shop: Shop, axe: str, server: adyen.Fake) -> None:
    payment, page = begun(shop, save=True, user_id="asha"), opened(browser, server)
    page.goto(page_of(payment))
    page.get_by_role("checkbox").check()
    looks(page, axe, "fields-adyen-keep")
    pay(page)
    expect(page.get_by_role("alert")).to_have_text("Check the card.")
    pay(page)
    expect(page.get_by_role("alert")).to_have_text("The payment was not made.")
    page.get_by_role("checkbox").uncheck()
    pay(page)
    expect(page.get_by_role("status")).to_have_text("Paid")
    assert page.evaluate("window.asked.filter((one) => one[0] === 'keeps')") == [["keeps", True, "scheme"], ["keeps", False, "scheme"]]
    page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_after_the_banks_page_the_session_goes_on_once(browser: Browser, shop: Shop, server: adyen.Fake) -> None:
    payment, page = begun(shop), opened(browser, server)
    back = urlsplit(page_of(payment))
    with shop.http.lock:
        target = f"{back.path}/back?{back.query}&sessionId=ignored&redirectResult=X6XtfGC3%21Y"
        reply = shop.http.world.send("GET", target, [])
    assert reply.status == 303
    page.goto(page_of(payment) + "#" + reply.headers["location"].partition("#")[2])
    expect(page.get_by_role("status")).to_have_text("Paid")
    assert "redirectResult" not in page.url
    session = payment["next_action"]["session_id"]
    assert page.evaluate("window.asked") == [["test", "test_browser", session, "stored"], ["card", True], "X6XtfGC3!Y"]
    assert [taken.captured for taken in server.payments.values()] == [1234]
    page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_a_script_that_is_not_adyens_runs_nowhere(browser: Browser, shop: Shop, server: adyen.Fake) -> None:
    payment = begun(shop)
    page = tab(browser, HOST, SCRIPT + "window.stolen = true;")
    page.goto(page_of(payment))
    expect(page.get_by_role("button", name="Pay")).to_be_visible()
    assert page.evaluate("[window.stolen, typeof window.AdyenCheckout]") == [None, "undefined"]
    assert [taken.status for taken in server.payments.values()] == ["begun"]
    page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_a_merchants_own_hold_is_approved_on_the_page(browser: Browser, shop: Shop, server: adyen.Fake) -> None:
    payment, page = begun(shop, capture_method="manual"), opened(browser, server)
    page.goto(page_of(payment))
    for _ in range(3):
        pay(page)
    expect(page.get_by_role("status")).to_have_text("Payment approved")
    assert [(taken.status, taken.captured) for taken in server.payments.values()] == [("held", 0)]
    page.context.close()
