"""One call, from what the caller gave to the bytes of a request. Nothing here opens a connection."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from paycorex_client import signing
from paycorex_client.errors import NotSigned
from paycorex_client.values import body_bytes, query_pairs

_MUTATING = frozenset({"POST", "PATCH", "PUT", "DELETE"})
# What a path's segment may hold as it is (RFC 3986, pchar), so that `prism:adyen` stays readable.
_SEGMENT = "-._~!$&'()*+,;=:@"
_VERSION = "0.1.0"
USER_AGENT = f"paycorex-client-python/{_VERSION}"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """An API key and its secret. It has no repr, so that no log shows the secret."""

    api_key: str
    secret: str


@dataclass(frozen=True, slots=True)
class Call:
    """What to ask. timeout: seconds for one attempt, when it is not the client's. signed: False for the few public operations."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    idempotency_key: str | None = None
    timeout: float | None = None
    signed: bool = True

    @property
    def mutating(self) -> bool:
        """True when it changes something."""
        return self.method in _MUTATING


@dataclass(frozen=True, slots=True)
class Sent:
    """The bytes of a request. `target` is path and query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def segment(value: str) -> str:
    """A path parameter as it is sent. Raises ValueError for an empty one, which would ask for another path."""
    if value in {"", ".", ".."}:
        raise ValueError("an id in a path is empty")
    return quote(value, safe=_SEGMENT)


def idempotency_key(call: Call) -> str | None:
    """The caller's key, or a random one for a call that changes something: a retry shall have no second effect."""
    if call.idempotency_key is not None or not call.mutating:
        return call.idempotency_key
    return secrets.token_urlsafe(24)


def prepare(call: Call, credentials: Credentials | None, key: str | None) -> Sent:
    """The request of one attempt, with a time and a nonce of its own. Raises NotSigned without credentials."""
    query = signing.canonical_query(query_pairs(call.query))
    body = b"" if call.body is None else body_bytes(call.body)
    headers = {"Accept": "*/*", "User-Agent": USER_AGENT}
    if body:
        headers["Content-Type"] = "application/json"
    if key is not None:
        headers["Idempotency-Key"] = key
    if call.signed:
        headers |= _signature(call, credentials, query, key or "", body)
    return Sent(call.method, f"{call.path}?{query}" if query else call.path, headers, body)


def _signature(call: Call, credentials: Credentials | None, query: str, key: str, body: bytes) -> dict[str, str]:
    if credentials is None:
        raise NotSigned(f"{call.method} {call.path} is signed: give the client an api_key and a secret")
    return signing.headers(
        credentials.api_key,
        credentials.secret,
        method=call.method,
        path=call.path,
        query=query,
        timestamp=str(time.time_ns() // 1_000_000),
        nonce=secrets.token_hex(16),
        idempotency_key=key,
        body=body,
    )
