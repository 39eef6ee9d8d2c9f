"""A payer comes back: from the provider's own page to the shop, with the payment's id, whatever the provider adds, for every caller."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from paycorex import settings
from tests.fakes.providers import FakeStripe
from tests.fakes.receiver_behaviours import Reply as ProviderReply
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

SHOP = "https://shop.example/thanks?order=7"


@pytest.fixture
def stripe(world: World, who: Signer) -> Any:
    with FakeStripe() as server:
        settings.use(world.settings.model_copy(update={"stripe_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"stripe": support.STRIPE})
        yield server
        assert server.problems == []


def to_be_confirmed(world: World, who: Signer, **more: Any) -> dict[str, Any]:
    """A payment whose payer is at the provider's page, made where the API has an address."""
    body = {"amount": "10.00", "method": "tokenized", "token_id": support.token(world, who, support.REDIRECT), **more}
    made = world.call(who, "POST", "/v1/payments/create", body, headers=[("Host", "pay.example"), ("X-Forwarded-Proto", "https")])
    assert made.status == 201, made.raw
    payment: dict[str, Any] = made.body
    return payment


def come_back(world: World, server: FakeStripe, method: str = "GET", more: str = "", body: bytes = b"") -> Reply:
    """As the provider sends the payer back: to the address that it was given."""
    fields = dict(parse_qsl(server.asked("/confirm")[-1].body.decode()))
    path, _, query = fields["return_url"].partition("/pay/")[2].partition("?")
    return world.send(method, f"/pay/{path}?{query}{more}", [], body)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_payer_who_confirmed_is_asked_about_and_goes_back_to_the_shop(world: World, who: Signer, stripe: FakeStripe, method: str) -> None:
    payment = to_be_confirmed(world, who, return_url=SHOP)
    assert payment["return_url"] == SHOP
    stripe.pay(stripe.intents["pi_0"])
    form = b"razorpay_payment_id=pay_1&status=failed" if method == "POST" else b""
    back = come_back(world, stripe, method, "&payment_intent=pi_0&redirect_status=failed&anything=1", form)
    assert (back.status, back.headers["location"]) == (303, f"{SHOP}&payment_id={payment['payment_id']}")
    assert (back.headers["referrer-policy"], back.headers["cache-control"]) == ("no-referrer", "no-store")
    assert support.show(world, who, payment["payment_id"])["status"] == "success"


def test_what_the_browser_says_settles_nothing(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment = to_be_confirmed(world, who, return_url=SHOP)
    back = come_back(world, stripe, more="&redirect_status=succeeded&status=success")
    assert back.status == 303
    assert support.show(world, who, payment["payment_id"])["status"] == "processing"


@pytest.mark.parametrize("trouble", [ProviderReply(500, b"{}"), ProviderReply(429, b"{}"), ProviderReply(401, b"{}")], ids=str)
def test_a_provider_in_trouble_keeps_no_payer_from_the_shop(world: World, who: Signer, stripe: FakeStripe, trouble: ProviderReply) -> None:
    to_be_confirmed(world, who, return_url=SHOP)
    stripe.trouble["/v1/payment_intents/pi_0"] = trouble
    assert come_back(world, stripe).headers["location"].startswith(SHOP)


def test_a_payer_who_comes_back_for_ever_asks_the_provider_so_often_only(world: World, who: Signer, stripe: FakeStripe) -> None:
    to_be_confirmed(world, who, return_url=SHOP)
    before = len(stripe.requests)
    assert {come_back(world, stripe).status for _ in range(30)} == {303}
    assert len(stripe.requests) - before <= 12


def test_without_an_address_the_payer_sees_our_page(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = to_be_confirmed(world, who)["payment_id"]
    location = come_back(world, stripe).headers["location"]
    path = "/pay/" + location.partition("/pay/")[2]
    assert path.startswith(f"/pay/{payment_id}?t=")
    page = world.send("GET", path, [], b"")
    assert (page.status, b'id="back"' in page.raw) == (200, False)


def test_a_guessed_link_leads_nowhere(world: World, who: Signer, stripe: FakeStripe) -> None:
    payment_id = to_be_confirmed(world, who, return_url=SHOP)["payment_id"]
    for method in ("GET", "POST"):
        for token in ("", "&t=x", f"&t={'A' * 16}"):
            refused = world.send(method, f"/pay/{payment_id}/back?return_url=https://evil.example/{token}", [], b"")
            assert refused.status in {400, 404}
            assert "location" not in refused.headers
            assert b"evil.example" not in refused.raw


EVIL = [
    *("http://shop.example/", "HTTP://shop.example/", "javascript:alert(1)", "data:text/html,x", "//evil.example/", "/thanks", ""),
    *("https://user@evil.example/", "https://shop.example\\@evil.example/", "https://shop.example/a b", "https://shop.example/#x"),
    *("https://shop.example/\r\nSet-Cookie: a=b", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://shop/"),
    *("https://shop.example:22/", "https://ѕhop.example/", "https://shop.example/?payment_id=pay_1", "https://shop.example/" + "a" * 1024),
    *("https://shop.example/%0d%0aX", "https://shop.example/\x00", "https:shop.example", "https:///shop.example"),
]


@pytest.mark.parametrize("url", EVIL, ids=lambda url: repr(url)[:40])
def test_what_is_no_address_of_a_shop_is_refused(world: World, who: Signer, url: str) -> None:
    token = support.token(world, who, support.REDIRECT)
    settings.use(world.settings.model_copy(update={"stage": "prod"}))
    body = {"amount": "1.00", "method": "tokenized", "token_id": token, "return_url": url}
    if "%0d" in url:
        # Encoded, it stays so: the browser asks the shop for it as it is.
        made = world.call(who, "POST", "/v1/payments/create", body)
        assert "\r" not in str(made.body)
        return
    with nothing_written(world):
        refused = world.call(who, "POST", "/v1/payments/create", body)
        assert_refused(refused, "invalid_request")
    assert "\x00" in url or "return_url" in json.dumps(refused.body["error"])


def test_a_wallet_payment_has_no_page_to_come_back_from(world: World, who: Signer) -> None:
    with nothing_written(world):
        body = {"amount": "1.00", "method": "wallet", "user_id": "asha", "return_url": SHOP}
        assert_refused(world.call(who, "POST", "/v1/payments/create", body), "invalid_request")


def test_the_page_leads_back_to_the_shop_and_hides_it_while_there_is_something_to_pay(world: World, who: Signer) -> None:
    support.settings(world, who, payee_vpa="chai@okbank", payee_name="Chai & <Point>")
    payment = support.collect(world, who, return_url="https://shop.example/?a=1&b='%22").body
    path = "/pay/" + payment["next_action"]["pay_url"].partition("/pay/")[2]
    escaped = f"https://shop.example/?a=1&amp;b=&#x27;%22&amp;payment_id={payment['payment_id']}"
    page = world.send("GET", path, [], b"").raw.decode()
    assert f'<a id="back" hidden href="{escaped}">Return to Chai &amp; &lt;Point&gt;</a>' in page
    pretended = path.replace("?", "/sandbox?")
    assert world.send("POST", pretended, [("Content-Type", "application/json")], b'{"outcome": "approve"}').body["status"] == "success"
    assert f'<a id="back" href="{escaped}">' in world.send("GET", path, [], b"").raw.decode()


def test_the_sandboxes_payer_confirms_on_our_page(world: World, who: Signer) -> None:
    payment = to_be_confirmed(world, who, return_url=SHOP)
    path = "/pay/" + payment["next_action"]["url"].partition("/pay/")[2]
    assert path.startswith(f"/pay/{payment['payment_id']}?t=")
    assert b"data-outcome" in world.send("GET", path, [], b"").raw
