"""Processors' own fields on the payer's page whose script gives a name of the card: it is brought back and charged once."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from paycorex import settings
from tests.browser.conftest import Shop
from tests.browser.test_payer_page import ask, looks, page_of
from tests.browser.test_provider_fields import tab
from tests.integration.payments.processors import bluesnap, braintree, cybersource, datatrans, globalpay, nuvei, paypal, shift4
from tests.integration.payments.processors.fake import FakeProcessor
from tests.support import payments as support

# Scripts that answer as the processors' own document it, and note how they were asked. The first card of each is refused in its fields.
BRAINTREE: Final = """
window.asked = window.asked || [];
window.braintree = {
  client: { create: async ({ authorization }) => { asked.push(authorization); return { its: "client" }; } },
  hostedFields: { create: async ({ client, fields }) => {
    asked.push([client.its, ...Object.values(fields).map((field) => document.querySelector(field.container) !== null)]);
    let tries = 0;
    return { tokenize: async () => {
      if (tries++ === 0) throw Object.assign(new Error("empty"), { type: "CUSTOMER", code: "HOSTED_FIELDS_FIELDS_EMPTY" });
      return { nonce: "name_of_approved" };
    } };
  } },
};
"""
PAYPAL: Final = """
window.asked = [];
window.paypal = { CardFields: ({ createOrder, onApprove, onError }) => {
  const field = () => ({ render: (place) => asked.push(document.querySelector(place) !== null) });
  let tries = 0;
  return { isEligible: () => true, NumberField: field, ExpiryField: field, CVVField: field, submit: async () => {
    if (tries++ === 0) { onError(new Error("INVALID_NUMBER")); return; }
    const orderID = await createOrder();
    asked.push(orderID);
    await fetch("/approved");
    onApprove({ orderID });
  } };
} };
"""
BLUESNAP: Final = """
window.asked = [];
window.bluesnap = {
  hostedPaymentFieldsCreate: ({ token }) => asked.push([token,
    ...[...document.querySelectorAll("[data-bluesnap]")].map((each) => each.dataset.bluesnap)]),
  hostedPaymentFieldsSubmitData: (done) => {
    window.tries = (window.tries || 0) + 1;
    done(window.tries === 1 ? { error: [{ errorCode: "001", tagId: "ccn" }] } : { cardData: { ccType: "VISA" }, transactionFraudInfo: {} });
  },
};
"""
SHIFT4: Final = """
window.asked = [];
window.Shift4 = (key) => ({
  createComponentGroup: () => ({ automount: (place) => {
    asked.push([key, place, ...[...document.querySelectorAll("[data-shift4]")].map((each) => each.dataset.shift4)]);
    return "group";
  } }),
  createToken: async (components) => {
    window.tries = (window.tries || 0) + 1;
    if (components !== "group" || window.tries === 1) throw new Error("incomplete");
    return { id: "name_of_approved" };
  },
  verifyThreeDSecure: async (given) => {
    asked.push(given);
    window.questions = (window.questions || 0) + 1;
    if (window.questions === 1) throw new Error("the payer closed the question");
    return { id: "name_of_approved_3ds" };
  },
});
"""
CYBERSOURCE: Final = """
window.asked = [];
window.Flex = class {
  constructor(context) { asked.push(context.split(".").length); }
  microform(kind) {
    asked.push(kind);
    return {
      createField: (name) => ({ load: (place) => asked.push([name, document.querySelector(place) !== null]) }),
      createToken: ({ expirationMonth, expirationYear }, done) => {
        asked.push([expirationMonth, expirationYear]);
        if (expirationYear === "2030") done(new Error("CREATE_TOKEN_VALIDATION_FIELDS"));
        else done(null, "name_of_approved");
      },
    };
  }
};
"""
DATATRANS: Final = """
window.asked = [];
window.SecureFields = class {
  on(what, does) { (this.events = this.events || {})[what] = does; }
  init(transaction, fields) {
    this.id = transaction;
    asked.push([transaction, ...Object.values(fields).map((place) => document.getElementById(place) !== null)]);
  }
  validated(valid) { this.events.validate({ fields: { cardNumber: { valid }, cvv: { valid: true } }, hasErrors: !valid }); }
  async submit(expiry) {
    asked.push(expiry);
    window.tries = (window.tries || 0) + 1;
    if (window.tries === 1) { this.validated(false); return; }
    const redirect = await (await fetch("/approved")).text();
    this.validated(true);
    this.events.success({ transactionId: this.id, ...(redirect ? { redirect } : {}) });
  }
};
"""
# Its button is in a frame of its own.
GLOBALPAY: Final = """
window.asked = [];
window.GlobalPayments = {
  configure: (settings) => asked.push(settings),
  ui: { form: ({ fields }) => {
    const events = {};
    asked.push(Object.entries(fields).map(([name, field]) => [name, document.querySelector(field.target) !== null]));
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = fields.submit.text;
    let tries = 0;
    button.addEventListener("click", () => {
      if (++tries === 2) events["token-error"]({ error: true });
      else events["token-success"]({ paymentReference: "name_of_approved" });
    });
    document.querySelector(fields.submit.target).append(button);
    return { on: (what, does) => { events[what] = does; } };
  } },
};
"""
NUVEI: Final = """
window.asked = [];
window.SafeCharge = (settings) => {
  asked.push(settings);
  const field = (kind) => ({ kind, attach: (place) => asked.push([kind, document.querySelector(place) !== null]) });
  let tries = 0;
  return {
    fields: ({ locale }) => { asked.push(locale); return { create: field }; },
    getToken: async ({ kind }, given) => {
      asked.push([kind, given]);
      return ++tries === 1 ? { status: "ERROR", reason: "card" } : { status: "SUCCESS", ccTempToken: "name_of_approved" };
    },
  };
};
"""
Played = tuple[type[FakeProcessor], str, str, Callable[[dict[str, Any]], list[Any]]]
CASES: Final[list[Played]] = [
    (
        braintree.Fake,
        "https://js.braintreegateway.com/**",
        BRAINTREE,
        lambda _action: ["eyJ2ZXJzaW9uIjoyfQ==", ["client", True, True, True]],
    ),
    (paypal.Fake, "https://www.paypal.com/sdk/js?*", PAYPAL, lambda action: [True, True, True, action["order_id"]]),
    (bluesnap.Fake, "https://sandpay.bluesnap.com/**", BLUESNAP, lambda action: [[action["pf_token"], "ccn", "exp", "cvv"]]),
    (
        cybersource.Fake,
        "https://testflex.cybersource.com/**",
        CYBERSOURCE,
        lambda _action: [3, "card", ["number", True], ["securityCode", True], ["12", "2030"], ["07", "2031"]],
    ),
    (
        datatrans.Fake,
        "https://pay.sandbox.datatrans.com/**",
        DATATRANS,
        lambda action: [[action["transaction_id"], True, True], {"expm": "12", "expy": "30"}, {"expm": "07", "expy": "31"}],
    ),
    (
        globalpay.Fake,
        "https://js-cert.globalpay.com/5.0.1/**",
        GLOBALPAY,
        lambda _action: [
            {"accessToken": globalpay.BROWSERS_TOKEN, "apiVersion": "2021-03-22", "env": "sandbox", "language": "en"},
            [["card-number", True], ["card-expiration", True], ["card-cvv", True], ["submit", True]],
        ],
    ),
    (
        nuvei.Fake,
        "https://cdn.safecharge.com/safecharge_resources/v1/websdk/safecharge.js",
        NUVEI,
        lambda action: [
            {"env": "int", "merchantId": nuvei.IDS[0], "merchantSiteId": nuvei.IDS[1], "sessionToken": action["session_token"]},
            "en",
            ["ccNumber", True],
            ["ccExpiration", True],
            ["ccCvc", True],
            *[["ccNumber", {"cardHolderName": "Asha Rao", "sessionToken": action["session_token"]}]] * 2,
        ],
    ),
    (shift4.Fake, "https://js.dev.shift4.com/**", SHIFT4, lambda _action: [["pk_browser", "#mount", "number", "expiry", "cvc"]]),
]


@pytest.mark.usefixtures("processors_library")
@pytest.mark.parametrize(("kind", "address", "script", "asked"), CASES, ids=[case[0].name for case in CASES])
def test_a_card_is_refused_in_the_fields_and_the_next_ones_name_pays(
    browser: Browser,
    shop: Shop,
    axe: str,
    kind: type[FakeProcessor],
    address: str,
    script: str,
    asked: Callable[[dict[str, Any]], list[Any]],
) -> None:
    with kind() as server:
        if isinstance(server, cybersource.Fake):
            server.origin = shop.http.url
            server.integrity = "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        payment = _serve(shop, server)
        page = tab(browser, address, script)

        def approve(route: Route) -> None:
            server.confirm(next(iter(server.payments.values())))
            route.fulfill(body="")

        page.route("**/approved", approve)
        page.goto(page_of(payment))
        own_expiry = kind in {cybersource.Fake, datatrans.Fake}
        if kind in {cybersource.Fake, globalpay.Fake, nuvei.Fake}:
            _say_who_pays(page)
        if own_expiry:
            page.get_by_label("Expiry").fill("12 / 30")
        _pay(page)
        expect(page.get_by_role("alert")).to_have_text("Check the card.")
        looks(page, axe, f"fields-{server.name}")
        if own_expiry:
            page.get_by_label("Expiry").fill("7/31")
        _pay(page)
        expect(page.get_by_role("status")).to_have_text("Paid")
        assert page.evaluate("window.asked") == asked(payment["next_action"])
        assert [taken.captured for taken in server.payments.values()] == [1234]
        assert server.problems == []
        page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_a_payer_is_sent_to_the_bank_and_comes_back_paid(browser: Browser, shop: Shop) -> None:
    with datatrans.Fake() as server:
        payment = _serve(shop, server)
        page = tab(browser, "https://pay.sandbox.datatrans.com/upp/payment/**", DATATRANS)
        bank = "https://pay.sandbox.datatrans.com/v1/asks"

        def answer(route: Route) -> None:
            """The bank, which sends the payer on to the address that Datatrans was given; from there ours leads to the page again."""
            (made,) = server.payments.values()
            server.confirm(made)
            back = urlsplit(server.back[made.reference])
            with shop.http.lock:
                sent = shop.http.world.send("GET", f"{back.path}?{back.query}&datatransTrxId={made.reference}", [])
            target = urlsplit(sent.headers["location"])
            route.fulfill(status=302, headers={"Location": f"{shop.http.url}{target.path}?{target.query}"})

        page.route("**/approved", lambda route: route.fulfill(body=bank))
        page.route(bank, answer)
        page.goto(page_of(payment))
        page.get_by_label("Expiry").fill("12 / 30")
        _pay(page)
        expect(page.get_by_role("alert")).to_have_text("Check the card.")
        _pay(page)
        expect(page.get_by_role("status")).to_have_text("Paid")
        assert page.url == page_of(payment)
        assert [taken.captured for taken in server.payments.values()] == [1234]
        assert server.problems == []
        page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_a_payer_of_whom_the_bank_must_ask_is_asked_by_the_processors_script(browser: Browser, shop: Shop) -> None:
    with shift4.Fake() as server:
        rule = {"rule_id": "ask", "by": "email", "max_payments": 1, "window_seconds": 600, "then": "require_3ds"}
        payment = _serve(shop, server, payer={"email": "asha@shop.example"}, rule=rule)
        page = tab(browser, "https://js.dev.shift4.com/**", SHIFT4)
        page.goto(page_of(payment))
        for _ in range(2):
            # The first card is refused in the fields, and the payer closes the first question.
            _pay(page)
            expect(page.get_by_role("alert")).to_have_text("Check the card.")
            expect(page.get_by_role("button", name="Pay")).to_be_enabled()
        _pay(page)
        expect(page.get_by_role("status")).to_have_text("Paid")
        question = {"amount": 1234, "currency": "USD", "card": "name_of_approved"}
        assert page.evaluate("window.asked")[1:] == [question, question]
        assert [taken.captured for taken in server.payments.values()] == [1234]
        assert server.problems == []
        page.context.close()


def _serve(shop: Shop, server: FakeProcessor, *, payer: dict[str, str] | None = None, rule: dict[str, Any] | None = None) -> dict[str, Any]:
    """A payment that waits for its payer's card at this processor. rule: a risk rule, by which there is one too many."""
    with shop.http.lock:
        settings.use(shop.http.world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        given = {**server.credentials, "publishable_key": "pk_browser"}
        support.settings(shop.http.world, shop.who, connectors={f"prism:{server.name}": given})
        if rule is not None:
            support.settings(shop.http.world, shop.who, risk_rules=[rule])
            shop.http.world.clock.now += 120
    more = {} if payer is None else {"payer": payer}
    if rule is not None:
        ask(shop, amount="12.34", currency="USD", method="tokenized", **more)
    return ask(shop, amount="12.34", currency="USD", method="tokenized", description="Two masala chai", **more)


@pytest.mark.usefixtures("processors_library")
@pytest.mark.parametrize("trouble", ["503", "429", "broken", "answer lost"])
def test_a_name_whose_way_to_the_shop_failed_is_brought_again_and_charged_once(browser: Browser, shop: Shop, trouble: str) -> None:
    with shift4.Fake() as server:
        payment = _serve(shop, server)
        page = tab(browser, "https://js.dev.shift4.com/**", SHIFT4)
        brought = list[Any]()

        def look(route: Route) -> None:
            brought.append(route.request.post_data_json)
            if len(brought) > 2:
                route.continue_()
            elif trouble in {"503", "429"}:
                route.fulfill(status=int(trouble), json={"error": {"code": "temporarily_unavailable"}})
            else:
                if trouble == "answer lost":
                    route.fetch()
                route.abort("connectionreset")

        page.route("**/look?*", look)
        page.clock.install()
        page.goto(page_of(payment))
        _pay(page)
        expect(page.get_by_role("alert")).to_have_text("Check the card.")
        _pay(page)
        expect(page.get_by_role("status")).to_have_text("Your payment is being checked.")
        for milliseconds in (5_000, 9_000):
            page.clock.fast_forward(milliseconds)
            page.wait_for_timeout(500)
        expect(page.get_by_role("status")).to_have_text("Paid")
        assert brought[:2] == [{"card_name": "name_of_approved"}] * 2
        if trouble != "answer lost":
            assert brought[2] == brought[0]
        assert [taken.captured for taken in server.payments.values()] == [1234]
        assert server.problems == []
        page.context.close()


@pytest.mark.usefixtures("processors_library")
def test_a_name_is_brought_for_as_long_as_the_shop_does_not_answer(browser: Browser, shop: Shop) -> None:
    with shift4.Fake() as server:
        payment = _serve(shop, server)
        page = tab(browser, "https://js.dev.shift4.com/**", SHIFT4)
        brought = list[Any]()

        def look(route: Route) -> None:
            brought.append(route.request.post_data_json)
            route.fulfill(status=503, json={})

        page.route("**/look?*", look)
        page.clock.install()
        page.goto(page_of(payment))
        _pay(page)
        expect(page.get_by_role("alert")).to_have_text("Check the card.")
        _pay(page)
        for _ in range(6):
            page.clock.fast_forward(31_000)
            page.wait_for_timeout(200)
        expect(page.get_by_role("status")).to_have_text("Your payment is being checked.")
        assert len(brought) > 6
        assert brought == [{"card_name": "name_of_approved"}] * len(brought)
        assert server.payments == {}
        page.context.close()


def _say_who_pays(page: Page) -> None:
    """A payer who leaves out something is asked for it."""
    _pay(page)
    expect(page.get_by_role("alert")).to_have_text("Fill in what is missing.")
    typed = {"Name": "Asha Rao", "E-mail": "asha@shop.example", "Address": "1 MG Road", "City": "Pune", "Country (two letters)": "in"}
    for label, text in typed.items():
        field = page.get_by_label(label, exact=True)
        if field.count() > 0:
            field.fill(text)


def _pay(page: Page) -> None:
    page.get_by_role("button", name="Pay $12.34").click()
