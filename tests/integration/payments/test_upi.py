"""Payments by UPI: link and code, the payer's page, expiry, callbacks and the janitor."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from payments.connectors import signatures
from payments.connectors.sandbox.payers import NEVER_PAYS
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

SECRET = "a secret of the sandbox's callbacks"


def page(world: World, payment: dict[str, object], suffix: str = "", method: str = "GET", body: bytes = b"") -> Reply:
    """Something below the payer's link, without any key."""
    action = payment["next_action"]
    assert isinstance(action, dict)
    path, _, query = action["pay_url"].partition("?")
    return world.send(method, f"{path}{suffix}?{query}", [("Content-Type", "application/json")], body)


def callback(world: World, who: Signer, payment: dict[str, object], *, secret: str = SECRET, **said: object) -> Reply:
    """The sandbox's callback, as it would sign it."""
    attempt = support.books()[0].charge_id.partition("#")[2]
    content = {
        "payment_id": payment["payment_id"],
        "attempt_id": attempt,
        "status": "approved",
        "reference": payment["provider_reference"],
        "amount_minor": 1000,
        "currency": "INR",
        "code": None,
        "reason": None,
        **said,
    }
    body = json.dumps(content).encode()
    return world.send(
        "POST", f"/v1/callbacks/sandbox/{who.merchant_id}", [("Sandbox-Signature", signatures.timestamped(secret, body))], body
    )


@pytest.fixture
def who(who: Signer, world: World) -> Signer:
    support.settings(world, who, connectors={"sandbox": {"webhook_secret": SECRET}}, payee_vpa="chai@okbank", payee_name="Chai & Co")
    return who


def test_a_payment_waits_for_its_payer_with_everything_to_pay_by(world: World, who: Signer) -> None:
    reply = support.collect(world, who, description="Masala = ☕", expires_in=600)
    assert reply.status == 201
    action = reply.body["next_action"]
    assert (reply.body["status"], action["type"]) == ("pending", "upi_intent")
    assert action["upi_url"].startswith("upi://pay?pa=chai@okbank&pn=Chai%20%26%20Co&tr=pay")
    assert "tn=Masala%20%3D%20%E2%98%95" in action["upi_url"]
    assert action["expires_at"] == reply.body["expires_at"]


def test_the_code_as_svg_and_png(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    svg = world.call(who, "GET", f"/v1/payments/{payment['payment_id']}/qr.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(svg.raw).tag.endswith("svg")
    png = world.call(who, "GET", f"/v1/payments/{payment['payment_id']}/qr.png")
    assert png.headers["content-type"] == "image/png"
    assert png.raw.startswith(b"\x89PNG\r\n")
    other = world.register("Other")
    assert world.call(other, "GET", f"/v1/payments/{payment['payment_id']}/qr.svg").status == 404


def test_there_is_no_code_once_it_is_decided(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/cancel", {})
    refused = world.call(who, "GET", f"/v1/payments/{payment['payment_id']}/qr.svg")
    assert (refused.status, refused.code) == (409, "invalid_state")


def test_rupees_only_and_nothing_is_stored(world: World, who: Signer) -> None:
    before = world.dump()
    refused = support.collect(world, who, currency="USD")
    assert (refused.status, refused.code) == (422, "unsupported_currency")
    after = world.dump()
    assert after == before


def test_the_janitor_settles_what_was_paid(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    support.tick(world, after_seconds=40)
    paid = support.show(world, who, payment["payment_id"])
    assert (paid["status"], paid["next_action"]) == ("success", None)


def test_what_is_not_paid_expires(world: World, who: Signer) -> None:
    payment = support.collect(world, who, f"10.0{NEVER_PAYS}", expires_in=120).body
    support.tick(world, after_seconds=60)
    assert support.show(world, who, payment["payment_id"])["status"] == "pending"
    support.settle_all(world)
    expired = support.show(world, who, payment["payment_id"])
    assert (expired["status"], expired["failure_code"]) == ("failed", "expired")
    assert support.stored(payment["payment_id"]).event == "payment.expired"


def test_a_payer_who_declines_fails_it(world: World, who: Signer) -> None:
    payment = support.collect(world, who, "10.02").body
    support.settle_all(world)
    declined = support.show(world, who, payment["payment_id"])
    assert (declined["failure_code"], declined["attempts"][0]["code"]) == ("payment_declined", "payer_declined")


def test_a_provider_that_cannot_be_asked_is_no_reason_to_expire(world: World, who: Signer) -> None:
    """The lookups fail past the payer's time; the money was there all along."""
    payment = support.collect(world, who, "10.04", expires_in=60).body
    support.tick(world, after_seconds=90)
    assert support.show(world, who, payment["payment_id"])["status"] == "pending"
    support.settle_all(world)
    assert support.show(world, who, payment["payment_id"])["status"] == "success"


def test_a_callback_settles_once_however_often_it_comes(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    replies = [callback(world, who, payment) for _ in range(3)]
    assert [(reply.status, reply.body) for reply in replies] == [(200, {"received": True, "applied": True})] * 3
    support.tick(world, after_seconds=60)
    settled = support.show(world, who, payment["payment_id"])
    assert (settled["status"], settled["version"], settled["late_money"]) == ("success", 2, [])


def test_a_declined_callback_after_success_changes_nothing(world: World, who: Signer) -> None:
    payment = support.collect(world, who).body
    callback(world, who, payment)
    before = world.dump()
    assert callback(world, who, payment, status="declined", code="payer_declined", reason="No.").status == 200
    assert world.dump() == before


@pytest.mark.parametrize("how", ["secret", "stale", "missing", "twice", "body", "merchant", "connector"])
def test_a_callback_that_was_not_signed_for_this_is_refused_alike(world: World, who: Signer, how: str) -> None:
    payment = support.collect(world, who).body
    before, body, path = world.dump(), b'{"payment_id":"x"}', f"/v1/callbacks/sandbox/{who.merchant_id}"
    signature = ("Sandbox-Signature", signatures.timestamped(SECRET, body))
    match how:
        case "secret":
            reply = callback(world, who, payment, secret="another")
        case "stale":
            old = signatures.timestamped(SECRET, body, int(world.clock.now) - 301)
            reply = world.send("POST", path, [("Sandbox-Signature", old)], body)
        case "missing":
            reply = world.send("POST", path, [], body)
        case "twice":
            reply = world.send("POST", path, [signature, signature], body)
        case "body":
            reply = world.send("POST", path, [signature], body + b" ")
        case "merchant":
            reply = world.send("POST", "/v1/callbacks/sandbox/mer_" + "a" * 26, [signature], body)
        case _:
            reply = world.send("POST", f"/v1/callbacks/unknown/{who.merchant_id}", [signature], body)
    assert (reply.status, reply.code) == (401, "unauthorized")
    assert world.dump() == before


def test_a_callback_about_anothers_payment_does_nothing(world: World, who: Signer) -> None:
    other = world.register("Other")
    support.settings(world, other, connectors={"sandbox": {"webhook_secret": SECRET}})
    payment = support.collect(world, who).body
    reply = callback(world, other, payment)
    assert (reply.status, reply.body["applied"]) == (200, False)
    assert support.show(world, who, payment["payment_id"])["status"] == "pending"


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b'{"payment_id": 7}', b"\xff\xfe"])
def test_a_signed_callback_that_makes_no_sense_is_not_our_trouble(world: World, who: Signer, body: bytes) -> None:
    headers = [("Sandbox-Signature", signatures.timestamped(SECRET, body.decode("utf-8", "replace").encode()))]
    reply = world.send("POST", f"/v1/callbacks/sandbox/{who.merchant_id}", headers, body)
    assert (reply.status, reply.code) == (400, "invalid_request")


def test_another_amount_than_asked_for_is_held_apart(world: World, who: Signer) -> None:
    payment = support.collect(world, who, "10.05", expires_in=60).body
    support.settle_all(world)
    shown = support.show(world, who, payment["payment_id"])
    assert (shown["status"], [money["amount"] for money in shown["late_money"]]) == ("failed", ["10.04"])


def test_the_payers_page_shows_what_to_pay_and_nothing_from_elsewhere(world: World, who: Signer) -> None:
    payment = support.collect(world, who, description="<script>alert(1)</script>").body
    reply = page(world, payment)
    html = reply.raw.decode()
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "10.00" in html
    assert "Chai &amp; Co" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<svg" in html
    assert 'href="upi://pay?pa=chai@okbank' in html
    assert "width=device-width" in html
    assert re.findall(r"(?:src|href)=\"(?!upi:)", html) == []
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    nonces = set(re.findall(r'nonce="([^"]+)"', html))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in policy
    assert "style=" not in html
    assert reply.headers["referrer-policy"] == "no-referrer"
    for secret in (who.secret, who.api_key, who.merchant_id, SECRET):
        assert secret not in html


def test_the_pages_status_follows_the_payment(world: World, who: Signer) -> None:
    payment = support.collect(world, who, expires_in=600).body
    first = page(world, payment, "/status").body
    assert (first["status"], 590 <= first["seconds_left"] <= 600) == ("pending", True)
    callback(world, who, payment)
    assert page(world, payment, "/status").body["status"] == "success"
    assert "<svg" not in page(world, payment).raw.decode()


def test_the_page_of_an_expired_payment_offers_nothing_to_pay(world: World, who: Signer) -> None:
    payment = support.collect(world, who, f"10.0{NEVER_PAYS}", expires_in=60).body
    support.settle_all(world)
    status = page(world, payment, "/status").body
    assert (status["status"], status["failure_code"], status["seconds_left"]) == ("failed", "expired", 0)
    shown = page(world, payment).raw.decode()
    assert "<svg" not in shown
    assert "upi://" not in shown
    assert "Simulate payment" not in shown
    decided = page(world, payment, "/sandbox", "POST", b'{"outcome":"approve"}')
    assert (decided.status, decided.code) == (409, "invalid_state")


@pytest.mark.parametrize("token", ["", "x", "A" * 16, "é"])
def test_a_wrong_token_opens_nothing(world: World, who: Signer, token: str) -> None:
    payment_id = support.collect(world, who).body["payment_id"]
    for path in (f"/pay/{payment_id}", f"/pay/{payment_id}/status", "/pay/pay_" + "a" * 26):
        assert world.send("GET", f"{path}?t={token}", []).status == 404
    assert world.send("GET", f"/pay/{payment_id}", []).status == 400


def test_one_payments_token_opens_no_other(world: World, who: Signer) -> None:
    one, other = support.collect(world, who).body, support.collect(world, who, "11").body
    token = one["next_action"]["pay_url"].partition("?t=")[2]
    assert world.send("GET", f"/pay/{other['payment_id']}?t={token}", []).status == 404


@pytest.mark.parametrize(("outcome", "status"), [("approve", "success"), ("decline", "failed")])
def test_the_sandboxs_payer_decides_on_the_page(world: World, who: Signer, outcome: str, status: str) -> None:
    payment = support.collect(world, who).body
    assert "Simulate payment" in page(world, payment).raw.decode()
    decided = page(world, payment, "/sandbox", "POST", json.dumps({"outcome": outcome}).encode())
    assert (decided.status, decided.body["status"]) == (200, status)
    again = page(world, payment, "/sandbox", "POST", b'{"outcome":"approve"}')
    assert (again.status, again.code) == (409, "invalid_state")


def test_a_redirected_card_is_confirmed_on_the_page(world: World, who: Signer) -> None:
    payment = support.charge(world, who, support.REDIRECT).body
    path, _, query = payment["next_action"]["url"].partition("?")
    assert payment["next_action"]["type"] == "redirect"
    decided = world.send("POST", f"{path}/sandbox?{query}", [], b'{"outcome":"approve"}')
    assert decided.body["status"] == "success"


def test_links_name_the_place_where_the_api_was_reached(world: World, who: Signer) -> None:
    body = {"amount": "10", "method": "upi_intent"}
    reply = world.call(who, "POST", "/v1/payments/create", body, headers=[("Host", "api.example.com")])
    assert reply.body["next_action"]["pay_url"].startswith("https://api.example.com/pay/pay_")


def test_the_same_key_is_the_same_payment_and_one_collection(world: World, who: Signer) -> None:
    first, again = (support.collect(world, who, key="k") for _ in range(2))
    assert (again.headers["idempotent-replayed"], again.body) == ("true", first.body)
    assert len(support.books()) == 1
    reused = support.collect(world, who, "11.00", key="k")
    assert (reused.status, reused.code) == (409, "idempotency_key_reused")
