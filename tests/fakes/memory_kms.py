"""`MemoryKms`: keys in memory with botocore's interface and real cryptography (AES-GCM, HMAC, ECDSA on P-256)."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from random import Random
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.memory_client import MemoryClient, RefusalError, Request, Response

_KEY_ID_BYTES = 16
_NONCE_BYTES = 12
_MAX_MESSAGE_BYTES = 4096
_DATA_KEY_BYTES = {"AES_256": 32, "AES_128": 16}
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(slots=True)
class _Key:
    key_id: str
    arn: str
    usage: str
    spec: str
    secret: bytes
    enabled: bool = True

    @property
    def signer(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self.secret) % (_P256_ORDER - 1) + 1, ec.SECP256R1())

    def metadata(self) -> Response:
        return {
            "KeyId": self.key_id,
            "Arn": self.arn,
            "KeyUsage": self.usage,
            "KeySpec": self.spec,
            "Enabled": self.enabled,
            "KeyState": "Enabled" if self.enabled else "Disabled",
        }


class MemoryKms(MemoryClient):
    """The client's create_key, create_alias, describe_key, enable_key, disable_key, generate_data_key, encrypt, decrypt,
    generate_mac, verify_mac (HMAC_SHA_256), sign, verify (ECDSA_SHA_256) and get_public_key.

    Keys are named by id, ARN or alias. Keys and nonces come from `seed`, so a run can be repeated. `calls` counts
    operations by API name. Raises ClientError with KMS's codes: NotFoundException, DisabledException,
    InvalidCiphertextException (also for another encryption context), IncorrectKeyException, InvalidKeyUsageException,
    KMSInvalidMacException, KMSInvalidSignatureException, ValidationException.
    """

    service = "kms"

    def __init__(self, *, seed: int = 0, region: str = "ap-south-1") -> None:
        super().__init__(region)
        self._dice = Random(seed)
        self._keys: dict[str, _Key] = {}
        self._aliases: dict[str, str] = {}

    def keys(self) -> list[dict[str, Any]]:
        """Every key as plain values: what `take` takes."""
        return [asdict(key) for key in self._keys.values()]

    def take(self, keys: list[dict[str, Any]]) -> None:
        """Have another process's keys besides its own."""
        self._keys.update({key["key_id"]: _Key(**key) for key in keys})

    def _create_key(self, request: Request) -> Response:
        key_id = str(UUID(bytes=self._dice.randbytes(_KEY_ID_BYTES), version=4))
        key = _Key(
            key_id,
            f"arn:aws:kms:{self.meta.region_name}:000000000000:key/{key_id}",
            request.get("KeyUsage", "ENCRYPT_DECRYPT"),
            request.get("KeySpec", "SYMMETRIC_DEFAULT"),
            self._dice.randbytes(32),
        )
        self._keys[key_id] = key
        return {"KeyMetadata": key.metadata()}

    def _create_alias(self, request: Request) -> Response:
        self._aliases[request["AliasName"]] = self._key(request["TargetKeyId"]).key_id
        return {}

    def _describe_key(self, request: Request) -> Response:
        return {"KeyMetadata": self._key(request["KeyId"]).metadata()}

    def _enable_key(self, request: Request, *, enabled: bool = True) -> Response:
        self._key(request["KeyId"]).enabled = enabled
        return {}

    def _disable_key(self, request: Request) -> Response:
        return self._enable_key(request, enabled=False)

    def _key(self, name: str) -> _Key:
        short = name.partition(":key/")[2] if name.startswith("arn:") and ":key/" in name else name
        short = f"alias/{short.partition(':alias/')[2]}" if ":alias/" in short else short
        key = self._keys.get(self._aliases.get(short, short))
        if key is None:
            raise RefusalError("NotFoundException", f"Key '{name}' does not exist")
        return key

    def _usable(self, name: str, usage: str) -> _Key:
        key = self._key(name)
        if not key.enabled:
            raise RefusalError("DisabledException", f"{key.arn} is disabled.")
        if key.usage != usage:
            raise RefusalError("InvalidKeyUsageException", f"{key.arn} key usage is {key.usage}, not {usage}.")
        return key

    def _generate_data_key(self, request: Request) -> Response:
        key = self._usable(request["KeyId"], "ENCRYPT_DECRYPT")
        length = request.get("NumberOfBytes") or _DATA_KEY_BYTES[request.get("KeySpec", "AES_256")]
        plaintext = self._dice.randbytes(length)
        blob = self._sealed(key, plaintext, request.get("EncryptionContext"))
        return {"Plaintext": plaintext, "CiphertextBlob": blob, "KeyId": key.arn}

    def _encrypt(self, request: Request) -> Response:
        key = self._usable(request["KeyId"], "ENCRYPT_DECRYPT")
        blob = self._sealed(key, _message(request["Plaintext"]), request.get("EncryptionContext"))
        return {"CiphertextBlob": blob, "KeyId": key.arn, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}

    def _sealed(self, key: _Key, plaintext: bytes, context: dict[str, str] | None) -> bytes:
        nonce = self._dice.randbytes(_NONCE_BYTES)
        return UUID(key.key_id).bytes + nonce + AESGCM(key.secret).encrypt(nonce, plaintext, _bound(context))

    def _decrypt(self, request: Request) -> Response:
        blob = bytes(request["CiphertextBlob"])
        key_id, nonce = blob[:_KEY_ID_BYTES], blob[_KEY_ID_BYTES : _KEY_ID_BYTES + _NONCE_BYTES]
        if len(nonce) < _NONCE_BYTES or str(UUID(bytes=key_id)) not in self._keys:
            raise RefusalError("InvalidCiphertextException", "")
        key = self._usable(str(UUID(bytes=key_id)), "ENCRYPT_DECRYPT")
        if "KeyId" in request and self._key(request["KeyId"]) is not key:
            raise RefusalError("IncorrectKeyException", "The ciphertext was encrypted under another key.")
        sealed = blob[_KEY_ID_BYTES + _NONCE_BYTES :]
        try:
            plaintext = AESGCM(key.secret).decrypt(nonce, sealed, _bound(request.get("EncryptionContext")))
        except InvalidTag:
            raise RefusalError("InvalidCiphertextException", "") from None
        return {"Plaintext": plaintext, "KeyId": key.arn, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}

    def _generate_mac(self, request: Request) -> Response:
        key, mac = self._mac(request)
        return {"Mac": mac, "KeyId": key.arn, "MacAlgorithm": request["MacAlgorithm"]}

    def _verify_mac(self, request: Request) -> Response:
        key, mac = self._mac(request)
        if not hmac.compare_digest(mac, request["Mac"]):
            raise RefusalError("KMSInvalidMacException", "")
        return {"MacValid": True, "KeyId": key.arn, "MacAlgorithm": request["MacAlgorithm"]}

    def _mac(self, request: Request) -> tuple[_Key, bytes]:
        key = self._usable(request["KeyId"], "GENERATE_VERIFY_MAC")
        _only("MacAlgorithm", request["MacAlgorithm"], "HMAC_SHA_256")
        return key, hmac.digest(key.secret, _message(request["Message"]), hashlib.sha256)

    def _sign(self, request: Request) -> Response:
        key, message, algorithm = self._signing(request)
        return {"Signature": key.signer.sign(message, algorithm), **_signed_by(key)}

    def _verify(self, request: Request) -> Response:
        key, message, algorithm = self._signing(request)
        try:
            key.signer.public_key().verify(request["Signature"], message, algorithm)
        except InvalidSignature:
            raise RefusalError("KMSInvalidSignatureException", "") from None
        return {"SignatureValid": True, **_signed_by(key)}

    def _signing(self, request: Request) -> tuple[_Key, bytes, ec.ECDSA]:
        key = self._usable(request["KeyId"], "SIGN_VERIFY")
        _only("SigningAlgorithm", request["SigningAlgorithm"], "ECDSA_SHA_256")
        is_digest = request.get("MessageType", "RAW") == "DIGEST"
        message = _message(request["Message"])
        if is_digest and len(message) != hashes.SHA256.digest_size:
            raise RefusalError("ValidationException", "Digest is invalid length for algorithm ECDSA_SHA_256.")
        return key, message, ec.ECDSA(Prehashed(hashes.SHA256()) if is_digest else hashes.SHA256())

    def _get_public_key(self, request: Request) -> Response:
        key = self._usable(request["KeyId"], "SIGN_VERIFY")
        public = key.signer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {"KeyId": key.arn, "PublicKey": public, "KeySpec": key.spec, "SigningAlgorithms": ["ECDSA_SHA_256"]}


def _message(message: Any) -> bytes:
    if not 1 <= len(message) <= _MAX_MESSAGE_BYTES:
        raise RefusalError("ValidationException", "Member must have length between 1 and 4096")
    return bytes(message)


def _only(field: str, given: str, supported: str) -> None:
    if given != supported:
        raise RefusalError("ValidationException", f"{field} {given} is not {supported}")


def _bound(context: dict[str, str] | None) -> bytes:
    return json.dumps(context or {}, sort_keys=True).encode()


def _signed_by(key: _Key) -> Response:
    return {"KeyId": key.arn, "SigningAlgorithm": "ECDSA_SHA_256"}
