"""A stored card that is chosen on the hosted checkout: its bank may ask there too, by what the payer's own request says of the browser."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fakes.http_servers import Recorded
from tests.integration.payments.processors import worldpay
from tests.integration.payments.processors.fake import REDIRECTED
from tests.integration.payments.processors.test_browser_forms import SESSION, form, page, post
from tests.integration.payments.processors.test_certified import server
from tests.integration.payments.test_checkout import begin, customer, show
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
played = pytest.mark.parametrize("kind", [worldpay.Fake], ids=["worldpay"])
# By the payer's own address: a checkout asks for no e-mail address.
RULE = {"rule_id": "ask", "by": "ip", "max_payments": 1, "window_seconds": 600, "then": "require_3ds"}
BROWSER = [("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"), ("Accept", "text/html,application/json;q=0.9")]


def choose(world: World, session: dict[str, Any], choice: dict[str, Any], headers: list[tuple[str, str]]) -> Reply:
    parts = urlsplit(session["url"])
    sent = [("Content-Type", "application/json"), *headers]
    return world.send("POST", f"{parts.path}/pay?{parts.query}", sent, json.dumps(choice).encode())


def chosen(world: World, who: Signer, headers: list[tuple[str, str]], **more: Any) -> tuple[dict[str, Any], Reply]:
    """A checkout whose payer chose a stored card, of which the bank must ask, and what the page was answered."""
    customer_id, word = customer(world, who)
    assert world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": [RULE]}).status == 200
    world.clock.now += 120
    card = {"method": "tokenized", "token_id": support.token(world, who, REDIRECTED), "customer_token": word, "security_code": "737"}
    for _ in range(2):
        session = begin(world, who, "12.34", currency="USD", customer_id=customer_id)
        answered = choose(world, session, {**card, **more}, headers)
    return show(world, who, session), answered


def device_data(requests: list[Recorded]) -> dict[str, Any]:
    asked = [json.loads(each.body)["instruction"] for each in requests if each.path.endswith("/api/payments")]
    found: dict[str, Any] = asked[-1]["threeDS"]["deviceData"]
    return found


@played
def test_the_bank_asks_a_payer_at_the_checkout(world: World, who: Signer, server: worldpay.Fake) -> None:
    session, answered = chosen(world, who, BROWSER)
    assert (answered.status, answered.body["status"]) == (200, "processing"), answered.raw
    said = device_data(server.requests)
    assert (said["userAgentHeader"], said["acceptHeader"]) == (BROWSER[0][1], BROWSER[1][1])
    payment = support.show(world, who, session["payment_ids"][0])
    assert (payment["provider"], payment["risk"]["action"]) == ("prism:worldpay", "require_3ds")
    assert answered.body["url"] == payment["next_action"]["url"]
    assert form(page(world, payment))[0] == worldpay.COLLECT
    assert post(world, payment, SessionId=SESSION).status == 303
    assert post(world, payment, TransactionId="706hovL8DK1tIGGzQUV1").status == 303
    assert show(world, who, session)["status"] == "paid"


@played
def test_what_a_browser_says_is_cut_and_is_in_no_record(world: World, who: Signer, server: worldpay.Fake) -> None:
    chosen(world, who, [("User-Agent", "M" * 4000), BROWSER[1]])
    assert device_data(server.requests)["userAgentHeader"] == "M" * 512
    assert not any("M" * 512 in str(table) for table in world.dump().values())


@played
@pytest.mark.parametrize("said", ["Mozilla\u00e9", ""])
def test_a_browser_that_says_nothing_plain_is_not_sent_to_the_bank(world: World, who: Signer, server: worldpay.Fake, said: str) -> None:
    session, _ = chosen(world, who, [("User-Agent", said), BROWSER[1]])
    payment = support.show(world, who, session["payment_ids"][0])
    first = payment["attempts"][0]
    assert (first["connector"], first["status"]) == ("prism:worldpay", "declined")
    assert not any(b"threeDS" in each.body for each in server.requests)


@played
def test_a_code_goes_with_a_stored_card_alone(world: World, who: Signer, server: worldpay.Fake) -> None:
    session = begin(world, who, "12.34", currency="USD")
    assert choose(world, session, {"method": "tokenized", "security_code": "737"}, BROWSER).status == 400
    assert server.requests == []
