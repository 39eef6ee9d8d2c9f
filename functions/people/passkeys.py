"""Passkeys: what a browser answers to a challenge is checked here, by the fido2 library (W3C Web Authentication, level 2).

Only discoverable passkeys that verify their user are taken. Attestation is not asked for: which make an authenticator is decides nothing.
"""

import base64
import hashlib
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from fido2 import cose
from fido2.server import Fido2Server
from fido2.webauthn import AttestedCredentialData, AuthenticationResponse, PublicKeyCredentialRpEntity, UserVerificationRequirement

from paycorex import clock
from paycorex.errors import InvalidState, Refusal

MAX_PASSKEYS: Final = 10
NAME_OF_SERVICE: Final = "PayCoreX"
# Each algorithm with its key type (COSE's 1): EC2, OKP and RSA (RFC 9053, RFC 8230). The library compares the two nowhere.
_KEY_TYPES: Final = {cose.ES256.ALGORITHM: 2, cose.EdDSA.ALGORITHM: 1, cose.RS256.ALGORITHM: 3}
# All that the library raises for an answer that is malformed or does not fit.
_WRONG: Final = (
    *(ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError),
    *(NotImplementedError, RecursionError, struct.error),
)

Passkey = dict[str, Any]


class PasskeyRefused(Refusal):
    """The answer of a passkey does not hold. One text for every cause, whether a person is known or not."""

    code = "unauthorized"

    def __init__(self, reason: str) -> None:
        super().__init__("This passkey was not accepted.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Site:
    """Where the page is: passkeys belong to a host (rp_id), and answer to one origin."""

    origin: str
    rp_id: str


def site_of(base_url: str) -> Site:
    """The site of the address by which this API is reached. Raises InvalidState when there is none."""
    parts = urlsplit(base_url)
    if not parts.hostname:
        raise InvalidState("This API does not know its own address, which passkeys are bound to.")
    return Site(f"{parts.scheme}://{parts.netloc}", parts.hostname)


def new_challenge() -> bytes:
    """What a passkey is asked to sign."""
    return secrets.token_bytes(32)


def text_of(raw: bytes) -> str:
    """Base64url without padding, as WebAuthn writes bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """The bytes of such a text. Raises PasskeyRefused."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise PasskeyRefused("not base64url") from error


def registered(site: Site, challenge: bytes, answer: Mapping[str, Any], *, name: str) -> Passkey:
    """A new passkey, as it is stored. Raises PasskeyRefused."""
    try:
        data = _server(site).register_complete(_state(challenge), answer)
        credential = data.credential_data
    except _WRONG as error:
        raise PasskeyRefused(f"registration: {error}") from error
    if credential is None or credential.public_key.get(3) not in _KEY_TYPES:
        raise PasskeyRefused("an algorithm that was not asked for")
    _check_key(credential.public_key)
    return {
        "passkey_id": passkey_id(credential.credential_id),
        "credential_id": text_of(credential.credential_id),
        "credential": text_of(bytes(credential)),
        "count": data.counter,
        "name": name,
        "created_at": clock.now_ms(),
        "last_used_at": None,
    }


def asserted(site: Site, challenge: bytes, answer: Mapping[str, Any], known: Iterable[Passkey]) -> Passkey:
    """The passkey that signed, with its counter and time as they are now. Raises PasskeyRefused.

    A counter that does not grow is that of a copy (WebAuthn 7.2, step 22), unless the authenticator has none and always says 0.
    """
    stored = list(known)
    credentials = [AttestedCredentialData(bytes_of(each["credential"])) for each in stored]
    try:
        response = AuthenticationResponse.from_dict(answer)
        used = _server(site).authenticate_complete(_state(challenge), credentials, response)
        count = response.response.authenticator_data.counter
    except _WRONG as error:
        raise PasskeyRefused(f"assertion: {error}") from error
    passkey = next(each for each in stored if each["credential_id"] == text_of(used.credential_id))
    if (count or passkey["count"]) and count <= passkey["count"]:
        raise PasskeyRefused("the counter went back")
    return {**passkey, "count": count, "last_used_at": clock.now_ms()}


def _check_key(key: cose.CoseKey) -> None:
    """Raises PasskeyRefused for a key of another type than its algorithm's, and for one by which nothing can be verified."""
    if key.get(1) != _KEY_TYPES[key[3]]:
        raise PasskeyRefused("a key of another type than its algorithm's")
    try:
        key.verify(b"", b"")
    except InvalidSignature:
        return
    except _WRONG as error:
        raise PasskeyRefused(f"a key that verifies nothing: {error}") from error
    raise PasskeyRefused("a key that verifies an empty signature")


def passkey_id(credential_id: bytes) -> str:
    """What a passkey is called in the contract: short, and derived from its own id."""
    return hashlib.sha256(credential_id).hexdigest()[:16]


def _server(site: Site) -> Fido2Server:
    rp = PublicKeyCredentialRpEntity(id=site.rp_id, name=NAME_OF_SERVICE)
    return Fido2Server(rp, verify_origin=lambda origin: origin == site.origin)


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": text_of(challenge), "user_verification": UserVerificationRequirement.REQUIRED}
