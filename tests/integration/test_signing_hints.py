"""What the answer to a refused request says about its signature: what the request alone shows, in words, and nothing about keys."""

import base64
import json
from collections.abc import Callable

import pytest

from paycorex import clock, settings, signing
from tests.support.expectations import nothing_written
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
BODY = json.dumps({"amount": "10.00", "method": "wallet", "user_id": "asha"}).encode()
Headers = list[tuple[str, str]]
Change = Callable[[Headers], Headers]


def put(name: str, change: Callable[[str], str]) -> Change:
    return lambda headers: [(known, change(value) if known == name else value) for known, value in headers]


def drop(name: str) -> Change:
    return lambda headers: [(known, value) for known, value in headers if known != name]


def twice(name: str) -> Change:
    return lambda headers: [*headers, (name, dict(headers)[name])]


MISTAKES: dict[str, tuple[Change, str]] = {
    "no key": (drop("X-API-Key"), "The header X-API-Key is missing."),
    "no time": (drop("X-Timestamp"), "The header X-Timestamp is missing."),
    "no signature": (drop("X-Signature"), "The header X-Signature is missing."),
    "the key twice": (twice("X-API-Key"), "The header X-API-Key is given 2 times"),
    "microseconds": (put("X-Timestamp", lambda value: value + "000000"), "(13 digits), and this one has 16 digits."),
    "a date": (put("X-Timestamp", lambda _: "2027-01-15T08:00:00Z"), "and this one has 20 characters."),
    "a late clock": (put("X-Timestamp", lambda value: str(int(value) - 600)), "600 seconds behind the server's time, which is 18000000"),
    "an early clock": (put("X-Timestamp", lambda value: str(int(value) + 600)), "seconds ahead of the server's time"),
    "capitals": (put("X-Signature", lambda value: "AB" + value[2:]), "64 lower-case hexadecimal digits, and this one has capital letters."),
    "base64": (put("X-Signature", lambda value: base64.b64encode(bytes.fromhex(value)).decode()), "and this one looks like base64."),
    "a short one": (put("X-Signature", lambda value: value[:40]), "and this one has 40 characters."),
}
OF_VERSION_2: dict[str, tuple[Change, str]] = {
    "no header of version 2's own": (
        lambda headers: drop("X-Nonce")(drop("X-Content-SHA256")(headers)),
        "The headers X-Nonce and X-Content-SHA256 are missing.",
    ),
    "no nonce": (drop("X-Nonce"), "The header X-Nonce is missing."),
    "no hash": (drop("X-Content-SHA256"), "The header X-Content-SHA256 is missing."),
    "version 3": (put("X-Signature-Version", lambda _: "3"), "X-Signature-Version is 2"),
    "a short nonce": (
        put("X-Nonce", lambda _: "abc"),
        "X-Nonce is 8 to 128 printable ASCII characters without spaces, and this one has 3 characters.",
    ),
}


@pytest.fixture(params=["prod", "local"], autouse=True)
def stage(world: World, request: pytest.FixtureRequest) -> str:
    world.settings = world.settings.model_copy(update={"stage": request.param})
    settings.use(world.settings)
    return str(request.param)


@pytest.mark.parametrize("who", ["known", "unknown"])
@pytest.mark.parametrize(("scheme", "mistake"), [*(("v1", name) for name in MISTAKES), *(("v2", name) for name in MISTAKES | OF_VERSION_2)])
def test_a_signature_that_cannot_be_right_gets_the_reason(world: World, merchant: Signer, scheme: str, mistake: str, who: str) -> None:
    """The same for a key that there is and for one that there is not."""
    signer = merchant if who == "known" else Signer("pcx_" + "0" * 40, "sk_of_none")
    change, text = (MISTAKES | OF_VERSION_2)[mistake]
    headers = signer.v1(BODY) if scheme == "v1" else signer.v2("POST", CREATE, BODY)
    with nothing_written(world):
        reply = world.send("POST", CREATE, change(headers), BODY)
    assert (reply.status, reply.code) == (401, "unauthorized")
    assert text in reply.body["error"]["message"]
    assert reply.body["error"]["details"] == {}


@pytest.mark.parametrize("who", ["known", "unknown"])
def test_what_version_1_cannot_cover_is_said(world: World, merchant: Signer, who: str) -> None:
    signer = merchant if who == "known" else Signer("pcx_" + "0" * 40, "sk_of_none")
    deleted = world.send("DELETE", "/v1/merchants/apikeys/key_x", signer.v1(b""))
    assert "A DELETE needs version 2 of the signature" in deleted.body["error"]["message"]
    posted = world.send("POST", "/v1/payments/pay_x/cancel", signer.v1(b""))
    assert "Under version 1 a POST needs a body, such as {}." in posted.body["error"]["message"]
    asked = world.send("GET", "/v1/payments", [*signer.v1(b"{}"), ("Content-Length", "2")], b"{}")
    assert "A GET takes no body" in asked.body["error"]["message"]


@pytest.mark.parametrize("who", ["known", "unknown"])
def test_who_signs_by_version_2_and_does_not_say_so_is_answered_so(world: World, merchant: Signer, who: str) -> None:
    signer = merchant if who == "known" else Signer("pcx_" + "0" * 40, "sk_of_none")
    headers = drop("X-Signature-Version")(signer.v2("POST", CREATE, BODY))
    reply = world.send("POST", CREATE, headers, BODY)
    assert (reply.status, reply.code) == (401, "unauthorized")
    assert "Without the header X-Signature-Version: 2 a request is read as version 1" in reply.body["error"]["message"]


def test_who_sends_no_header_of_a_signature_gets_the_gateways_own_answer(world: World, stage: str) -> None:
    reply = world.send("GET", "/v1/payments", [("Accept", "*/*")])
    assert reply.status == 401
    assert reply.body["error"]["message"] == "The request signature is missing or not valid." or stage != "prod"


def test_the_body_that_came_is_compared_with_its_hash_in_words(world: World, merchant: Signer) -> None:
    """The signature was right, so the caller is known."""
    reply = world.send("POST", CREATE, merchant.v2("POST", CREATE, BODY), BODY.replace(b"10.00", b"90.00"))
    assert "X-Content-SHA256 is not the SHA-256 of the body that came." in reply.body["error"]["message"]


@pytest.mark.parametrize("who", ["known", "unknown"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_outside_production_a_wrong_signature_is_shown_what_it_had_to_be_over(
    world: World, merchant: Signer, stage: str, who: str, method: str
) -> None:
    target, body = ("/v1/payments?limit=5&status=success", b"") if method == "GET" else (CREATE, BODY)
    signer = Signer(merchant.api_key if who == "known" else "pcx_" + "0" * 40, "sk_not_the_secret")
    headers = signer.v2(method, target, body)
    details = world.send(method, target, headers, body).body["error"]["details"]
    if stage == "prod":
        assert details == {}
        return
    message = details["string_to_sign"]
    right = signing.sign(merchant.secret.encode(), message.encode())
    mended = [(name, right if name == "X-Signature" else value) for name, value in headers]
    if who == "known":
        assert world.send(method, target, mended, body).status != 401


def test_a_card_is_never_repeated_in_what_had_to_be_signed(world: World, merchant: Signer) -> None:
    card = json.dumps({"type": "card", "number": "4242424242424242", "user_id": "asha"}).encode()
    signer = Signer(merchant.api_key, "sk_not_the_secret")
    raw = world.send("POST", "/v1/tokens/create", signer.v1(card), card).raw
    assert b"4242" not in raw
    moment = str(int(clock.now_seconds()))[:6]
    assert moment.encode() in raw or b"string_to_sign" not in raw
