"""Confirmation by forms that the payer's browser posts: each step is claimed, and the processor's answer to our own call decides."""

import json
import logging
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from paycorex import credentials
from payments.connectors import capabilities, http_calls
from payments.methods import browser_forms
from payments.payment import store
from tests.fakes.receiver_behaviours import CutMidBody, Hang
from tests.integration.payments.processors import fake, worldpay
from tests.integration.payments.processors.fake import APPROVED, DECLINED, REDIRECTED
from tests.integration.payments.processors.test_certified import PAYER, charge, server
from tests.integration.payments.processors.test_required_confirmation import RULE
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

__all__ = ["server"]
SESSION = "0_31c83b1f-5a3e-4c5b-a3a0-2c44a8e7e8d3"
played = pytest.mark.parametrize("kind", [worldpay.Fake], ids=["worldpay"])
FORM = [("Content-Type", "application/x-www-form-urlencoded")]


def begun(world: World, who: Signer, server: worldpay.Fake, number: str = REDIRECTED, **more: Any) -> dict[str, Any]:
    """A payment whose bank must ask, after one that made the rule count."""
    assert world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": [RULE]}).status == 200
    world.clock.now += 120
    assert charge(world, who, server).body["status"] == "success"
    server.payments.clear()
    server.requests.clear()
    payment: dict[str, Any] = charge(world, who, server, number, **more).body
    assert (payment["status"], payment["next_action"]["type"]) == ("processing", "redirect"), payment
    return payment


def post(world: World, payment: dict[str, Any], **brought: str) -> Reply:
    """What the payer's browser posts to the way back."""
    parts = urlsplit(payment["next_action"]["url"])
    return world.send("POST", f"{parts.path}/back?{parts.query}", FORM, urlencode(brought).encode())


def page(world: World, payment: dict[str, Any]) -> Reply:
    parts = urlsplit(payment["next_action"]["url"])
    return world.send("GET", f"{parts.path}?{parts.query}", [])


def form(reply: Reply) -> tuple[str, dict[str, str]]:
    """Address and fields of the form on the page."""
    html = reply.raw.decode()
    (action,) = re.findall(r'<form class="confirm"[^>]* action="([^"]*)"', html)
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    return unescape(action), {unescape(name): unescape(value) for name, value in fields}


def challenged(world: World, who: Signer, server: worldpay.Fake, **more: Any) -> tuple[dict[str, Any], str]:
    """A payment whose payer is at the bank, and the challenge's name."""
    payment = begun(world, who, server, **more)
    assert post(world, payment, SessionId=SESSION).status == 303
    return payment, f"706hovL8DK1tIGGzQUV{len(server.collected)}"


def shown(world: World, who: Signer, payment: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = support.show(world, who, payment["payment_id"])
    return found


def steps(server: worldpay.Fake) -> list[str]:
    """The calls by which a payment went on."""
    return [request.path.rpartition("/")[2] for request in server.requests if "/3ds" in request.path]


@played
def test_the_page_posts_device_data_to_the_processors_host_alone(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment = begun(world, who, server)
    assert payment["next_action"]["url"].startswith(f"{world.settings.public_base_url}/pay/{payment['payment_id']}?t=")
    reply = page(world, payment)
    assert form(reply) == (worldpay.COLLECT, {"Bin": "400000", "JWT": worldpay.JWT})
    policy = reply.headers["content-security-policy"].split("; ")
    assert f"form-action {worldpay.CARDINAL}" in policy
    assert f"frame-src {worldpay.CARDINAL}" in policy
    assert "default-src 'none'" in policy


@played
def test_a_challenge_that_the_payer_passes_pays_once(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    assert server.collected == [SESSION]
    assert (shown(world, who, payment)["status"], server.payments) == ("processing", {})
    reply = page(world, payment)
    assert form(reply) == (worldpay.STEP_UP, {"JWT": worldpay.JWT})
    assert "frame-src" not in reply.headers["content-security-policy"]
    assert post(world, payment, TransactionId=challenge, MD="").status == 303
    found = shown(world, who, payment)
    (taken,) = server.payments.values()
    assert (found["status"], found["provider_reference"], taken.captured) == ("success", taken.reference, 1234)
    assert steps(server) == ["3dsDeviceData", "3dsChallenges"]
    assert (found["next_action"], found["late_money"]) == (None, [])


@played
def test_a_payer_whose_bank_asks_nothing_has_paid_after_the_device_data(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment = begun(world, who, server, APPROVED, return_url="https://shop.example/back")
    reply = post(world, payment, SessionId=SESSION)
    assert reply.headers["location"] == f"https://shop.example/back?payment_id={payment['payment_id']}"
    assert (shown(world, who, payment)["status"], steps(server)) == ("success", ["3dsDeviceData"])


@played
def test_a_browser_without_device_data_goes_on_without(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment = begun(world, who, server, APPROVED)
    post(world, payment, collected="no", SessionId="x" * 600)
    assert (server.collected, shown(world, who, payment)["status"]) == ([None], "success")


@played
@pytest.mark.parametrize("says", ["3dsAuthenticationFailed", "3dsUnavailable"])
def test_a_challenge_that_fails_is_a_decline(world: World, who: Signer, server: worldpay.Fake, says: str) -> None:
    payment, challenge = challenged(world, who, server)
    server.says = says
    post(world, payment, TransactionId=challenge)
    found = shown(world, who, payment)
    assert (found["status"], found["failure_code"], server.payments) == ("failed", "card_declined", {})
    (attempt,) = found["attempts"]
    assert (attempt["status"], attempt["code"]) == ("declined", says)


@played
def test_a_card_that_is_refused_after_the_device_data_is_a_decline(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment = begun(world, who, server, DECLINED)
    post(world, payment, SessionId=SESSION)
    found = shown(world, who, payment)
    assert (found["status"], found["attempts"][0]["code"]) == ("failed", "51")


@played
def test_a_payer_who_walks_away_is_charged_nothing_and_asked_about_nowhere(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    asked = len(server.requests)
    for seconds in (120, 3600, 600):
        support.tick(world, after_seconds=seconds)
    found = shown(world, who, payment)
    assert (found["status"], found["failure_code"]) == ("failed", "expired")
    post(world, payment, TransactionId=challenge)
    assert (shown(world, who, payment)["status"], server.payments, len(server.requests)) == ("failed", {}, asked)


@played
def test_a_payment_that_was_canceled_does_not_go_on(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    asked = len(server.requests)
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/cancel").status == 200
    post(world, payment, TransactionId=challenge)
    assert (shown(world, who, payment)["status"], server.payments, len(server.requests)) == ("failed", {}, asked)


@played
def test_a_forged_return_moves_nothing(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    parts = urlsplit(payment["next_action"]["url"])
    post(world, payment, TransactionId=f"{challenge}0")
    post(world, payment, SessionId=SESSION)
    post(world, payment)
    world.send("POST", f"{parts.path}/back?{parts.query}", FORM, f"TransactionId={challenge}&x={'y' * 70_000}".encode())
    world.send("POST", f"{parts.path}/back?{parts.query}", FORM, f"TransactionId={challenge}&".encode() + b"a=b&" * 40)
    world.send("POST", f"{parts.path}/back?{parts.query}", FORM, b"\xff" + f"&TransactionId={challenge}".encode())
    world.send("GET", f"{parts.path}/back?{parts.query}&TransactionId={challenge}", [])
    assert world.send("POST", f"{parts.path}/back?t=wrong", FORM, f"TransactionId={challenge}".encode()).status == 404
    assert (shown(world, who, payment)["status"], steps(server)) == ("processing", ["3dsDeviceData"])
    # The payer is led to the form again, and the genuine one still counts.
    assert world.send("GET", f"{parts.path}/back?{parts.query}", []).headers["location"] == payment["next_action"]["url"]
    post(world, payment, TransactionId=challenge)
    assert shown(world, who, payment)["status"] == "success"


@played
def test_a_return_of_another_payment_moves_nothing(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    other = charge(world, who, server, REDIRECTED).body
    post(world, other, SessionId=SESSION)
    post(world, other, TransactionId=challenge)
    assert [shown(world, who, each)["status"] for each in (payment, other)] == ["processing", "processing"]
    assert server.payments == {}


@played
def test_a_return_that_is_sent_again_goes_on_once(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    for _ in range(3):
        post(world, payment, TransactionId=challenge)
        post(world, payment, SessionId=SESSION)
    assert (shown(world, who, payment)["status"], len(server.payments)) == ("success", 1)
    assert steps(server) == ["3dsDeviceData", "3dsChallenges"]


@played
def test_of_two_returns_at_once_one_goes_on(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    waiting, merchant = store.find(payment["payment_id"]), credentials.find_merchant(who.merchant_id)
    assert waiting is not None
    assert merchant is not None
    for _ in range(2):
        # Both read it while it waited.
        after = browser_forms.go_on(waiting, merchant, {"TransactionId": challenge}, base_url="https://pay.example")
        assert after.status == "success"
    assert (len(server.payments), steps(server)) == (1, ["3dsDeviceData", "3dsChallenges"])


@played
@pytest.mark.parametrize("trouble", [Hang(), CutMidBody()], ids=["hang", "cut"])
def test_a_lost_answer_is_never_asked_for_again_and_never_tried_elsewhere(
    world: World, who: Signer, server: worldpay.Fake, trouble: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, challenge = challenged(world, who, server)
    server.trouble["3dsChallenges"], server.acts = trouble, True
    monkeypatch.setattr(http_calls, "CHARGE_SECONDS", 0.5)
    for _ in range(2):
        post(world, payment, TransactionId=challenge)
    for seconds in (60, 600, 3600):
        support.tick(world, after_seconds=seconds)
    found = shown(world, who, payment)
    (attempt,) = found["attempts"]
    assert (found["status"], attempt["status"], attempt["connector"]) == ("processing", "unknown", "prism:worldpay")
    assert steps(server) == ["3dsDeviceData", "3dsChallenges"]


@played
def test_money_that_is_held_first_is_held_after_the_challenge(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server, capture_method="manual")
    post(world, payment, TransactionId=challenge)
    (taken,) = server.payments.values()
    assert (shown(world, who, payment)["status"], taken.status) == ("authorized", "held")


@played
def test_an_answer_about_another_payment_is_not_booked(world: World, who: Signer, server: worldpay.Fake) -> None:
    payment, challenge = challenged(world, who, server)
    server.lies, server.lies_at = {"transactionReference": "pay_" + "a" * 26}, "3dsChallenges"
    post(world, payment, TransactionId=challenge)
    found = shown(world, who, payment)
    assert (found["status"], found["review"]["reason"]) == ("processing", "another_object")


@played
@pytest.mark.parametrize(
    "lies",
    [
        {"deviceDataCollection.url": "http://centinelapistag.cardinalcommerce.com/V1"},
        {"deviceDataCollection.url": "https://10.0.0.1/V1"},
        {"deviceDataCollection.url": "https://a@cardinalcommerce.com/V1"},
        {"deviceDataCollection.url": "https://cardinalcommerce.com;script-src/V1"},
        {"deviceDataCollection.url": "https://printer.internal/V1"},
        {"deviceDataCollection.jwt": "a\nb"},
        {"deviceDataCollection.jwt": "x" * 9000},
        {"deviceDataCollection.jwt": ""},
        {"_actions.supply3dsDeviceData.href": "https://elsewhere.example/api/payments/x/3dsDeviceData"},
        {"_actions.supply3dsDeviceData.href": "https://try.access.worldpay.com/other"},
    ],
)
def test_a_form_that_cannot_be_shown_moves_no_money(world: World, who: Signer, server: worldpay.Fake, lies: dict[str, str]) -> None:
    assert world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": [RULE]}).status == 200
    world.clock.now += 120
    assert charge(world, who, server).body["status"] == "success"
    server.lies, server.lies_at = lies, "/api/payments"
    made = charge(world, who, server, REDIRECTED).body
    assert [each["code"] for each in made["attempts"]][:1] == ["confirmation_not_shown"]
    assert (made["provider"], len(server.payments)) == ("sandbox_backup", 1)


@played
def test_fields_are_escaped_on_the_page(world: World, who: Signer, server: worldpay.Fake) -> None:
    server.lies, server.lies_at = {"deviceDataCollection.jwt": "\"><script>alert('x')</script>"}, "/api/payments"
    reply = page(world, begun(world, who, server))
    assert b"<script>alert" not in reply.raw
    assert form(reply)[1]["JWT"] == "\"><script>alert('x')</script>"


@played
def test_what_a_form_carries_is_in_no_log_and_in_no_answer_to_the_merchant(
    world: World, who: Signer, server: worldpay.Fake, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    payment, challenge = challenged(world, who, server)
    post(world, payment, TransactionId=challenge)
    said = caplog.text + "".join(capsys.readouterr())
    said += json.dumps([payment, shown(world, who, payment), [request.body.decode() for request in server.requests]])
    for secret in (worldpay.JWT, worldpay.JWT.rpartition(".")[2]):
        assert secret not in said


@played
def test_a_charge_without_the_payers_browser_is_refused_before_it_is_sent(world: World, who: Signer, server: worldpay.Fake) -> None:
    begun(world, who, server)
    server.requests.clear()
    payer = {name: PAYER[name] for name in ("name", "email", "line1", "city", "postal_code", "country")}
    made = support.charge(world, who, REDIRECTED, "12.34", currency="USD", payer=payer, security_code="737").body
    assert (made["attempts"][0]["status"], server.requests) == ("declined", [])


def test_who_confirms_by_forms_is_played_here() -> None:
    known = [kind.name for kind in fake.every() if capabilities.asks_payer(f"prism:{kind.name}", by_fields=False)]
    assert "worldpay" in known
