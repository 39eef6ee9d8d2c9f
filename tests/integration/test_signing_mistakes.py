"""The mistakes that beginners make when they sign, each with the sentence that answers it: and no sentence says anything about keys."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from paycorex import clock, settings
from tests.support.expectations import nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

CREATE, LIST = "/v1/payments/create", "/v1/payments"
BODY = b'{"amount":"10.00","method":"wallet","user_id":"asha"}'
PLAIN = "The request signature is missing or not valid."
Headers = list[tuple[str, str]]


def mac(secret: str, text: bytes) -> bytes:
    return hmac.new(secret.encode(), text, hashlib.sha256).digest()


def now() -> str:
    return str(int(clock.now_seconds()))


def signed(who: Signer, text: bytes | None = None, *, timestamp: str | None = None, **changed: str) -> Headers:
    """Headers of v1 over another text than is right, or with other values."""
    at = timestamp or now()
    found = {
        "X-API-Key": who.api_key,
        "X-Timestamp": at,
        "X-Signature": mac(who.secret, at.encode() + BODY if text is None else text).hex(),
    }
    return list((found | {name.replace("_", "-"): value for name, value in changed.items()}).items())


def respaced(body: bytes) -> bytes:
    return json.dumps(json.loads(body)).encode()


@dataclass(frozen=True)
class Mistake:
    """headers: as the beginner sends them. sentence: what the message ends with, empty where no request alone can show what is wrong."""

    headers: Callable[[Signer], Headers]
    sentence: str = ""
    said_in_production: bool = True
    method: str = "POST"
    path: str = CREATE
    body: bytes = BODY


MISTAKES = {
    "the body only": Mistake(lambda who: signed(who, BODY)),
    "the body before the time": Mistake(lambda who: signed(who, BODY + now().encode())),
    "microseconds": Mistake(
        lambda who: signed(who, timestamp=now() + "000000"),
        "X-Timestamp is Unix seconds (10 digits) or milliseconds (13 digits), and this one has 16 digits.",
    ),
    "a late clock": Mistake(
        lambda who: signed(who, timestamp=str(int(now()) - 600)), "600 seconds behind the server's time, which is {now}; 300 are allowed."
    ),
    "a header missing": Mistake(lambda who: signed(who)[:2], "The header X-Signature is missing."),
    # In production the gateway answers alone: a robot wakes no function.
    "no header at all": Mistake(lambda _: [], "The headers X-API-Key, X-Timestamp and X-Signature are missing.", said_in_production=False),
    "a bearer": Mistake(
        lambda who: [("Authorization", f"Bearer {who.secret}")], "The headers X-API-Key, X-Timestamp and X-Signature are missing."
    ),
    "base64": Mistake(
        lambda who: signed(who, X_Signature=base64.b64encode(mac(who.secret, now().encode() + BODY)).decode()),
        "X-Signature is 64 lower-case hexadecimal digits, and this one looks like base64.",
    ),
    "capitals": Mistake(
        lambda who: signed(who, X_Signature="AB" * 32),
        "X-Signature is 64 lower-case hexadecimal digits, and this one has capital letters.",
    ),
    "key and secret swapped": Mistake(
        lambda who: signed(Signer(who.secret, who.api_key)),
        "X-API-Key begins with sk_, as secrets do: it is the key (pcx_…), and the secret is never sent. Rotate this one.",
    ),
    "the text of version 2 under version 1": Mistake(lambda who: signed(who, f"PCX2\nPOST\n{CREATE}\n\n{now()}\n\n\n".encode())),
    "a body written anew after signing": Mistake(signed, body=respaced(BODY)),
    "a POST without a body": Mistake(
        lambda who: signed(who, now().encode()), "Under version 1 a POST needs a body, such as {{}}.", body=b""
    ),
    "a GET with a body": Mistake(
        lambda who: [*signed(who), ("Content-Length", str(len(BODY)))],
        "A GET takes no body, and under version 1 the signature is over the timestamp alone.",
        method="GET",
        path=LIST,
    ),
    "a DELETE under version 1": Mistake(
        lambda who: signed(who, now().encode()),
        "A DELETE needs version 2 of the signature: X-Signature-Version, X-Nonce and X-Content-SHA256 as well.",
        method="DELETE",
        path="/v1/merchants/apikeys/key_x",
        body=b"",
    ),
}


def made(world: World, mistake: Mistake, who: Signer) -> Reply:
    """The answer to the mistake."""
    with nothing_written(world):
        return world.send(mistake.method, mistake.path, mistake.headers(who), mistake.body)


def test_there_are_as_many_as_were_met() -> None:
    assert len(MISTAKES) == 15


@pytest.mark.parametrize("stage", ["prod", "staging"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_its_sentence_and_nothing_about_keys(world: World, merchant: Signer, name: str, stage: str) -> None:
    world.settings = world.settings.model_copy(update={"stage": stage})
    settings.use(world.settings)
    mistake = MISTAKES[name]
    stranger = Signer("pcx_" + "0" * 40, "sk_" + "0" * 40)
    at = now()
    known, unknown = (made(world, mistake, who) for who in (merchant, stranger))
    sentence = mistake.sentence.format(now=at) if stage != "prod" or mistake.said_in_production else ""
    for reply in (known, unknown):
        assert (reply.status, reply.code) == (401, "unauthorized")
        assert reply.body["error"]["message"].endswith(sentence or PLAIN), reply.body
        assert reply.body["error"]["message"].startswith(PLAIN)
    # A key that there is, and one that there is not, are answered alike but for the values that the sender gave.
    assert known.body["error"]["message"] == unknown.body["error"]["message"]
    assert set(known.body["error"]["details"]) == set(unknown.body["error"]["details"])
    for who, reply in ((merchant, known), (stranger, unknown)):
        text = reply.raw.decode()
        assert who.api_key not in text
        assert who.secret not in text
        assert not any(len(value) == 64 and value in text for header, value in mistake.headers(who) if header == "X-Signature")


@pytest.mark.parametrize("name", [name for name, mistake in MISTAKES.items() if not mistake.sentence])
def test_outside_production_the_expected_text_is_shown_where_no_sentence_can_be(world: World, merchant: Signer, name: str) -> None:
    """In production it is not, since it is of use to who tries signatures."""
    mistake = MISTAKES[name]
    digest = hashlib.sha256(mistake.body).hexdigest()
    expected = f"{now()}<the {len(mistake.body)} bytes of the body, whose SHA-256 is {digest}>"
    assert made(world, mistake, merchant).body["error"]["details"] == {"string_to_sign": expected}
    settings.use(world.settings.model_copy(update={"stage": "prod"}))
    assert made(world, mistake, merchant).body["error"]["details"] == {}


def test_milliseconds_are_no_mistake(world: World, merchant: Signer) -> None:
    at = now() + "000"
    headers = signed(merchant, at.encode(), timestamp=at)
    assert world.send("GET", LIST, headers).status == 200
