"""The authorizer's checks, in order: cheap checks that need no key come before any lookup.

API Gateway gives an authorizer headers, path, query and context, never the body. So `v2`, and `v1` without a body, are verified here in
full; of `v1` with a body only the signature's shape, and the door checks the rest. Scopes are checked at the door too, because the gateway
could only answer a refusal from here with the 401 that it gives for every cause.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from authorizer import hints
from paycorex import clock, credentials, signing
from paycorex.credentials import ApiKey, Caller
from paycorex.errors import Unauthorized
from paycorex.records.merchant import MerchantItem

_API_KEY: Final = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)
_SECRETS_BEGIN: Final = "sk_"
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
# An unknown key is compared against this, so that it costs the same work as a wrong signature.
_DUMMY_SECRET: Final = b"no such key, same work as with one, and never equal"
VERIFIED: Final = "verified"
BODY_PENDING: Final = "body_pending"
# Refused here, and answered by the door: no caller comes with it.
REFUSED: Final = "refused"
_NEEDED_BY_1: Final = ("x-api-key", "x-timestamp", "x-signature")
_NEEDED: Final = {"1": _NEEDED_BY_1, "2": (*_NEEDED_BY_1, "x-nonce", "x-content-sha256")}
_UNSIGNED_BODY_METHODS: Final = frozenset({"POST", "PATCH", "PUT"})

Headers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature headers of a request, each present exactly once and well-formed."""

    api_key: str
    timestamp: str
    signature: str
    version: str
    body_sha256: str
    nonce: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who asks, and which half of the check is still open (`verified` or `body_pending`)."""

    caller: Caller
    key: ApiKey
    signature_version: str
    signature_state: str
    body_sha256: str


def read_headers(headers: Headers) -> Signed:
    """The signature headers. Raises Unauthorized; needs no lookup."""
    version = _optional(headers, "x-signature-version") or "1"
    if version not in {"1", "2"}:
        raise Unauthorized("unknown signature version", hint=hints.UNKNOWN_VERSION)
    absent = [name for name in _NEEDED[version] if not headers.get(name)]
    if absent:
        raise Unauthorized("signature headers are missing", hint=hints.missing(absent))
    signed = Signed(
        api_key=_once(headers, "x-api-key", _API_KEY),
        timestamp=_once(headers, "x-timestamp", signing.TIMESTAMP),
        signature=_once(headers, "x-signature", signing.SIGNATURE),
        version=version,
        body_sha256=_once(headers, "x-content-sha256", _SHA256) if version == "2" else "",
        nonce=_once(headers, "x-nonce", signing.NONCE) if version == "2" else "",
        idempotency_key=_optional(headers, "idempotency-key") or "",
    )
    if signed.api_key.startswith(_SECRETS_BEGIN):
        raise Unauthorized("the secret in place of the key", hint=hints.KEY_IS_NO_KEY)
    if abs(clock.outside_seconds() - signing.seconds_of(signed.timestamp)) > signing.WINDOW_SECONDS:
        raise Unauthorized("timestamp outside the window", hint=hints.clock_is_off(signed.timestamp))
    return signed


def check_use(signed: Signed, headers: Headers, method: str) -> None:
    """Refuse what version 1 cannot cover, whatever the key. Raises Unauthorized; needs no lookup."""
    if signed.version == "2":
        return
    if method == "DELETE":
        # An empty body's v1 signature covers the time alone: a captured GET would authorise it.
        raise Unauthorized("DELETE needs v2", hint=hints.DELETE_NEEDS_V2)
    if method == "GET" and headers.get("content-length", ("0",)) != ("0",):
        raise Unauthorized("GET with a body", hint=hints.GET_TAKES_NO_BODY)


def decide(signed: Signed, *, method: str, path: str, query: signing.Query) -> Verdict:
    """The verdict. Raises Unauthorized. Failures of the store and of KMS pass through, and the gateway answers them with 503."""
    key = credentials.find_key(credentials.key_hash(signed.api_key))
    merchant = credentials.find_merchant(key.merchant_id if key else "mer_unknown")
    state, message = _half_checked_here(signed, method, path, query)
    genuine = signing.matches(key.secret if key else _DUMMY_SECRET, message, signed.signature)
    if key is None or merchant is None:
        raise Unauthorized("unknown key")
    if state == VERIFIED and not genuine:
        raise Unauthorized("signature does not match")
    _refuse_unusable(key, merchant, signed)
    return Verdict(_caller(key, merchant), key, signed.version, state, signed.body_sha256)


def _half_checked_here(signed: Signed, method: str, path: str, query: signing.Query) -> tuple[str, bytes]:
    """The state of the check, and the message to compare. When the door must decide, the comparison here only keeps the time constant."""
    if signed.version == "2":
        message = signing.v2_input(
            method=method,
            path=path,
            query=query,
            timestamp=signed.timestamp,
            nonce=signed.nonce,
            idempotency_key=signed.idempotency_key,
            body_hash=signed.body_sha256,
        )
        return VERIFIED, message
    return BODY_PENDING if is_body_pending(signed, method) else VERIFIED, signing.v1_input(signed.timestamp, b"")


def is_body_pending(signed: Signed, method: str) -> bool:
    """True when the door must see the body before the signature is known to be right or wrong."""
    return signed.version == "1" and method in _UNSIGNED_BODY_METHODS


def _refuse_unusable(key: ApiKey, merchant: MerchantItem, signed: Signed) -> None:
    if key.status != "active":
        raise Unauthorized(f"key is {key.status}")
    if key.expires_at is not None and clock.now_ms() >= key.expires_at:
        raise Unauthorized("key has expired")
    if merchant.status != "active":
        raise Unauthorized(f"merchant is {merchant.status}")
    if signed.version == "1" and merchant.settings.signature_policy == "v2_only":
        raise Unauthorized("v1 is refused by the merchant's policy")


def _caller(key: ApiKey, merchant: MerchantItem) -> Caller:
    return Caller.of(merchant, key_id=key.key_id, scopes=key.scopes)


def _once(headers: Headers, name: str, shape: re.Pattern[str]) -> str:
    values = headers.get(name, ())
    if len(values) != 1:
        raise Unauthorized(f"{name} is given {len(values)} times", hint=hints.repeated(name, len(values)))
    if not shape.fullmatch(values[0]):
        raise Unauthorized(f"{name} is malformed", hint=hints.malformed(name, values[0]))
    return values[0]


def _optional(headers: Headers, name: str) -> str | None:
    values = headers.get(name, ())
    if len(values) > 1:
        raise Unauthorized(f"{name} is given {len(values)} times", hint=hints.repeated(name, len(values)))
    return values[0] if values else None
