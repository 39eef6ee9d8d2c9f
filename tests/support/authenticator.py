"""A passkey authenticator in software (WebAuthn level 2, ES256): what a browser and a device would answer, and what an attacker would."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

PRESENT: Final = 0x01
VERIFIED: Final = 0x04
_ATTESTED: Final = 0x40


def cose_key(key: ec.EllipticCurvePrivateKey) -> dict[int, int | bytes]:
    """The public key as COSE has it (RFC 9053): EC2, ES256, P-256, x, y."""
    point = key.public_key().public_numbers()
    return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One passkey. counted: whether its counter grows, as on a security key; a synchronised passkey always says 0."""

    origin: str
    rp_id: str
    counted: bool = False
    count: int = 0
    flags: int = PRESENT | VERIFIED
    handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def create(self, challenge: dict[str, Any], **changed: Any) -> dict[str, str]:
        """The answer to a challenge for a new passkey. changed: origin, type or rp_id of another page; public: another COSE key."""
        self.handle = challenge["user_handle"]
        client = self._client_data(changed.get("type", "webauthn.create"), challenge["challenge"], changed.get("origin", self.origin))
        public = bytes(cbor.encode(changed.get("public") or cose_key(self.key)))
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(self.flags | _ATTESTED, changed.get("rp_id", self.rp_id)) + attested
        attestation = bytes(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data}))
        return {"id": b64(self.credential_id), "client_data_json": b64(client), "attestation_object": b64(attestation)}

    def get(self, challenge: dict[str, Any], **changed: Any) -> dict[str, str]:
        """The answer to a challenge for signing in. changed: as above; sign: makes the signature of these bytes in another way."""
        self.count += 1 if self.counted else 0
        client = self._client_data(changed.get("type", "webauthn.get"), challenge["challenge"], changed.get("origin", self.origin))
        data = self._data(self.flags, changed.get("rp_id", self.rp_id))
        sign = changed.get("sign") or (lambda signed: self.key.sign(signed, ec.ECDSA(hashes.SHA256())))
        signature = sign(data + hashlib.sha256(client).digest())
        return {
            "id": b64(self.credential_id),
            "client_data_json": b64(client),
            "authenticator_data": b64(data),
            "signature": b64(signature),
            "user_handle": changed.get("handle", self.handle),
        }

    def _client_data(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _data(self, flags: int, rp_id: str) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
