"""Request signatures, scheme v2: HMAC-SHA256 (RFC 2104) over method, path, query, time, nonce, idempotency key and the body's hash."""

import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import quote

# RFC 3986: these need no percent-encoding in a query; every other character gets one.
_UNRESERVED = "-._~"


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs percent-encoded, sorted by name then value, joined by `&`. It is also what the client sends."""
    encoded = sorted((quote(name, safe=_UNRESERVED), quote(value, safe=_UNRESERVED)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def signed_text(*, method: str, path: str, query: str, timestamp: str, nonce: str, idempotency_key: str, body: bytes) -> bytes:
    """The text that v2 signs. `path` without the host, and without the stage or base path in front of it; `query` in canonical form."""
    lines = ("PCX2", method, path, query, timestamp, nonce, idempotency_key, hashlib.sha256(body).hexdigest())
    return "\n".join(lines).encode()


def headers(  # noqa: PLR0913 - a signature covers as many parts
    api_key: str,
    secret: str,
    *,
    method: str,
    path: str,
    query: str = "",
    timestamp: str,
    nonce: str,
    idempotency_key: str = "",
    body: bytes = b"",
) -> dict[str, str]:
    """The headers of a signed request; the Idempotency-Key, if there is one, is sent beside them."""
    text = signed_text(method=method, path=path, query=query, timestamp=timestamp, nonce=nonce, idempotency_key=idempotency_key, body=body)
    return {
        "X-API-Key": api_key,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Content-SHA256": hashlib.sha256(body).hexdigest(),
        "X-Signature-Version": "2",
        "X-Signature": hmac.new(secret.encode(), text, hashlib.sha256).hexdigest(),
    }
