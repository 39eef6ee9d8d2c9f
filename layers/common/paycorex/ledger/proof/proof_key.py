"""The key that signs checkpoints: asymmetric, in KMS. The private key never leaves KMS; the public key is public."""

from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from paycorex import aws
from paycorex.caching import TimedCache
from paycorex.storage.failures import translated

# Given a checkpoint's key id, the public key (DER) that its signature must fit; None when that key is not the ledger's.
PublicKeys = Callable[[str], bytes | None]

ALGORITHM: Final = "ECDSA_SHA_256"
_MULTI_REGION: Final = "mrk-"
# The public half of a key never changes.
_public: TimedCache[bytes] = TimedCache(lifetime_seconds=24 * 3600, max_entries=8)


def sign(key_id: str, message: bytes) -> bytes:
    """The signature, DER. Raises storage.Unavailable, OutcomeUnknown or botocore's ClientError."""
    with translated():
        answer = aws.kms().sign(KeyId=key_id, Message=message, MessageType="RAW", SigningAlgorithm=ALGORITHM)
    return bytes(answer["Signature"])


def public_key(key_id: str) -> bytes:
    """The public half as SubjectPublicKeyInfo, DER. Raises like `sign`."""
    known = _public.get(key_id)
    if known is None:
        with translated():
            known = bytes(aws.kms().get_public_key(KeyId=key_id)["PublicKey"])
        _public.put(key_id, known)
    return known


def only(own: str) -> PublicKeys:
    """The public key for checkpoints of one key, wherever it is: a multi-Region key has one id, `mrk-…`, in every region."""
    return lambda key_id: public_key(own) if _is_same(key_id, own) else None


def _is_same(one: str, other: str) -> bool:
    ids = [key_id.rpartition("key/")[2] for key_id in (one, other)]
    return one == other or (ids[0] == ids[1] and ids[0].startswith(_MULTI_REGION))


def is_signed(message: bytes, signature: bytes, public_key_der: bytes) -> bool:
    """Whether the key's owner signed the message."""
    key = load_der_public_key(public_key_der)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def pem(public_key_der: bytes) -> str:
    """The public half as text."""
    return load_der_public_key(public_key_der).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
