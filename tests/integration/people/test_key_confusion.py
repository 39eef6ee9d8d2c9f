"""Keys and signatures whose algorithm is another one than they say (COSE, RFC 9053): no passkey of these is kept, and none lets in."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from fido2 import cbor

from people import passkeys
from people.requests import Assertion, NewCredential
from tests.support import operators, people
from tests.support.authenticator import Authenticator, cose_key
from tests.support.operators import Operator
from tests.support.people import Person
from tests.support.world import Signer, World

_EC: Final = ec.generate_private_key(ec.SECP256R1())
_RSA: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_NUMBERS: Final = _RSA.public_key().public_numbers()
_RSA_KEY: Final = {1: 3, -1: _NUMBERS.n.to_bytes(256, "big"), -2: _NUMBERS.e.to_bytes(3, "big")}
_EC_KEY: Final = cose_key(_EC)

# The COSE keys, and the reason that is noted of each refusal.
KEYS: Final = {
    "no algorithm": ({name: value for name, value in _EC_KEY.items() if name != 3}, "registration: "),
    "algorithm 0": (_EC_KEY | {3: 0}, "registration: "),
    "HS256": ({1: 4, 3: 5, -1: bytes(32)}, "an algorithm that was not asked for"),
    "HS256 over an EC key": (_EC_KEY | {3: 5}, "an algorithm that was not asked for"),
    "ES256 over an RSA key": (_RSA_KEY | {3: -7}, "a key of another type than its algorithm's"),
    "RS256 over an EC key": (_EC_KEY | {3: -257}, "a key of another type than its algorithm's"),
    "an unknown key type": (_EC_KEY | {1: 99}, "a key of another type than its algorithm's"),
    "no key type": ({name: value for name, value in _EC_KEY.items() if name != 1}, "a key of another type than its algorithm's"),
    "a point on another curve": (_EC_KEY | {-1: 2}, "a key that verifies nothing: "),
    "a point on no curve": (_EC_KEY | {-2: bytes(32)}, "a key that verifies nothing: "),
    "an RSA exponent of 1": (_RSA_KEY | {3: -257, -2: b"\x01"}, "a key that verifies nothing: "),
}


def _none(signed: bytes) -> bytes:
    """What algorithm none would take, as it takes anything; an empty one is refused by its form."""
    return b"\0"


def _rs256(signed: bytes) -> bytes:
    return _RSA.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def _hs256(authenticator: Authenticator) -> Callable[[bytes], bytes]:
    """Signs with the public key as if it were a secret."""
    public = bytes(cbor.encode(cose_key(authenticator.key)))
    return lambda signed: hmac.new(public, signed, hashlib.sha256).digest()


@pytest.fixture
def merchant(world: World) -> Signer:
    return world.register()


@pytest.fixture
def reasons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why a passkey was refused: the answers have one text for all."""
    noted: list[str] = []
    init = passkeys.PasskeyRefused.__init__

    def noting(self: passkeys.PasskeyRefused, reason: str) -> None:
        noted.append(reason)
        init(self, reason)

    monkeypatch.setattr(passkeys.PasskeyRefused, "__init__", noting)
    return noted


def _stored(world: World) -> dict[str, Any]:
    """Every item but challenges, which an answer uses up, and counts of attempts."""
    tables = {name: items for name, items in world.dump().items() if not name.endswith("rate_limits")}
    return tables | {"test-people": [each for each in tables["test-people"] if "challenge#" not in repr(each)]}


def _invited(world: World, merchant: Signer, who: str) -> tuple[Person | Operator, str]:
    if who == "operator":
        return Operator(world), operators.ticket()
    return people.newcomer(world), people.ticket_of(people.invite(world, merchant))


def _joined(world: World, merchant: Signer, who: str) -> Person | Operator:
    return operators.join(world) if who == "operator" else people.join(world, merchant)


@pytest.mark.parametrize("who", ["person", "operator"])
@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_not_what_it_says_is_not_kept(world: World, merchant: Signer, reasons: list[str], who: str, key: str) -> None:
    newcomer, ticket = _invited(world, merchant, who)
    before = _stored(world)
    public, reason = KEYS[key]
    reply = newcomer.accept(ticket, public=public)
    assert (reply.status, reply.code, reply.body["error"]["message"]) == (401, "unauthorized", "This passkey was not accepted.")
    assert [each.startswith(reason) for each in reasons] == [True], reasons
    assert _stored(world) == before
    assert newcomer.accept(ticket).status == 201


@pytest.mark.parametrize("who", ["person", "operator"])
@pytest.mark.parametrize("kind", ["none", "HS256", "RS256"])
def test_a_signature_by_another_algorithm_than_the_keys_lets_no_one_in(
    world: World, merchant: Signer, reasons: list[str], who: str, kind: str
) -> None:
    member = _joined(world, merchant, who)
    before = _stored(world)
    sign = {"none": _none, "HS256": _hs256(member.authenticator), "RS256": _rs256}[kind]
    reply = member.sign_in(sign=sign)
    assert (reply.status, reply.code, reply.body["error"]["message"]) == (401, "unauthorized", "This passkey was not accepted.")
    assert [each.startswith("assertion: ") for each in reasons] == [True], reasons
    assert _stored(world) == before
    assert member.sign_in().status == 201


def test_a_key_that_an_older_release_kept_with_another_algorithm_lets_no_one_in() -> None:
    """Such a row cannot be made any more; one that is there is refused, however it is signed."""
    authenticator = Authenticator(people.ORIGIN, people.HOST)
    site, challenge = passkeys.Site(people.ORIGIN, people.HOST), bytes(32)
    made = NewCredential(**authenticator.create({"user_handle": "dXNy", "challenge": passkeys.text_of(challenge)})).answer()
    kept = passkeys.registered(site, challenge, made, name="Key")
    authenticator.key = _EC
    for key in (_EC_KEY | {3: 5}, _RSA_KEY | {3: -7}, _EC_KEY | {3: -257}):
        raw = bytes(16) + (32).to_bytes(2, "big") + authenticator.credential_id + bytes(cbor.encode(key))
        for sign in (_none, _rs256, _hs256(authenticator), None):
            signed = Assertion(**authenticator.get({"challenge": passkeys.text_of(challenge)}, sign=sign)).answer()
            with pytest.raises(passkeys.PasskeyRefused):
                passkeys.asserted(site, challenge, signed, [{**kept, "credential": passkeys.text_of(raw)}])
