"""Request signatures: the signed text of each scheme, and the comparison of signatures.

v1 is the documented scheme, HMAC-SHA256(secret, timestamp + body). v2 also covers method, path, query, nonce and idempotency key; its
`PCX2` prefix cannot be mistaken for a v1 input, which starts with digits.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

WINDOW_SECONDS: Final = 300
SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
# Unix seconds, or milliseconds: under v1 those keep equal requests of one second apart.
TIMESTAMP = re.compile(r"[0-9]{10}|[0-9]{13}", re.ASCII)
NONCE = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)

Query = Iterable[tuple[str, str]]


def seconds_of(timestamp: str) -> float:
    """The moment of a timestamp that has the shape of `TIMESTAMP`, in seconds."""
    return int(timestamp) / 1000 if len(timestamp) == 13 else int(timestamp)


def canonical_query(pairs: Query) -> str:
    """Pairs percent-encoded per RFC 3986, sorted by name then value, joined by `&`."""
    encoded = sorted((quote(name, safe="-._~"), quote(value, safe="-._~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def body_sha256(body: bytes) -> str:
    """Lower-case hex SHA-256 of the raw body."""
    return hashlib.sha256(body).hexdigest()


def v1_input(timestamp: str, body: bytes) -> bytes:
    """The text that v1 signs."""
    return timestamp.encode() + body


def v2_input(*, method: str, path: str, query: Query, timestamp: str, nonce: str, idempotency_key: str, body_hash: str) -> bytes:
    """The text that v2 signs. `path` as sent, without the stage; `idempotency_key` is empty when the header is absent."""
    parts = ("PCX2", method, path, canonical_query(query), timestamp, nonce, idempotency_key, body_hash)
    return "\n".join(parts).encode()


def sign(secret: bytes, message: bytes) -> str:
    """Lower-case hex HMAC-SHA256 (RFC 2104, FIPS 198-1)."""
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def matches(secret: bytes, message: bytes, signature: str) -> bool:
    """Compare in constant time. The signature must have the shape of `SIGNATURE` already: bytes, so nothing can raise here."""
    return hmac.compare_digest(sign(secret, message).encode(), signature.encode())
