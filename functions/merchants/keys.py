"""API keys: issue, rotate with overlap, list, revoke. At most three live pairs, never none."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from merchants import store
from paycorex import clock, sealing, storage
from paycorex.credentials import ALL_SCOPES, ApiKeyItem, key_hash, secret_context
from paycorex.credentials.directory import forget_key
from paycorex.errors import InvalidRequest, InvalidState, NotFound
from paycorex.http import Claim
from paycorex.records.stamps import stamp

MAX_LIVE_KEYS: Final = 3
MAX_OVERLAP_SECONDS: Final = 604_800
_PREFIX_CHARACTERS: Final = 12


@dataclass(frozen=True, slots=True, repr=False)
class IssuedKey:
    """A new pair. The secret exists in the clear only here and in the one answer that shows it."""

    item: ApiKeyItem
    api_key: str
    secret: str


def issue(merchant_id: str, key_id: str, *, scopes: Sequence[str], expires_at: int | None, rotated: bool) -> IssuedKey:
    """Make a pair; nothing is stored yet. One KMS call. Raises TemporarilyUnavailable."""
    api_key, secret = f"pcx_{secrets.token_hex(20)}", f"sk_{secrets.token_urlsafe(32)}"
    now = clock.now_ms()
    sealed = sealing.seal(secret.encode(), context=secret_context(merchant_id), bound_to=key_id)
    item = ApiKeyItem(
        key_hash=key_hash(api_key),
        key_id=key_id,
        merchant_id=merchant_id,
        prefix=api_key[:_PREFIX_CHARACTERS],
        sealed_secret=sealed,
        scopes=sorted(scopes),
        status="active",
        created_at=now,
        expires_at=expires_at,
        version=1,
        **(stamp("apikey.rotated", now) if rotated else {}),
    )
    return IssuedKey(item, api_key, secret)


@dataclass(frozen=True, slots=True, repr=False)
class Rotation:
    """The new pair, and when the one that signed the request ends (milliseconds since the epoch)."""

    issued: IssuedKey
    previous_key_id: str
    previous_expires_at: int


def rotate(
    *, merchant_id: str, signing_key_id: str, overlap_seconds: int, scopes: Sequence[str] | None, expires_at: int | None, claim: Claim
) -> Rotation:
    """A new pair; the key that signed the request dies after the overlap (at once for 0, within a minute everywhere).

    Raises InvalidState at the limit of live keys, InvalidRequest for scopes that the signing key does not have.
    """
    live = [key for key in store.keys_of(merchant_id) if is_live(key)]
    signing = _by_id(live, signing_key_id)
    granted = list(signing.scopes) if scopes is None else list(scopes)
    if not set(granted) <= set(signing.scopes):
        raise InvalidRequest("A key cannot grant scopes that it does not have.", details={"field": "scopes"})
    if expires_at is not None and expires_at <= clock.now_ms():
        raise InvalidRequest("expires_at is in the past.", details={"field": "expires_at"})
    if len(live) - (1 if overlap_seconds == 0 else 0) >= MAX_LIVE_KEYS:
        raise InvalidState(f"At most {MAX_LIVE_KEYS} keys are live at a time. Revoke one first.", details={"limit": MAX_LIVE_KEYS})
    ends = clock.now_ms() + overlap_seconds * 1000
    if signing.expires_at is not None:
        ends = min(ends, int(signing.expires_at))
    issued = issue(merchant_id, claim.record_id("key"), scopes=granted, expires_at=expires_at, rotated=True)
    storage.transact([store.new_key(issued.item), store.end_key(signing, ends), *claim.rows(reference=issued.item.key_id)])
    forget_key(signing.key_hash)
    return Rotation(issued, signing.key_id, ends)


def revoke(*, merchant_id: str, key_id: str, claim: Claim) -> ApiKeyItem:
    """Revoke a key, effective everywhere within a minute. Raises NotFound, or InvalidState for the last active key."""
    keys = store.keys_of(merchant_id)
    key = _by_id(keys, key_id)
    others = [other for other in keys if is_live(other) and other.key_id != key_id]
    if not others:
        raise InvalidState("The last active key cannot be revoked. Rotate it instead.")
    # The others are checked in the same transaction, so that two revocations cannot each count on the other's key.
    survivor = max(others, key=lambda other: int(other.created_at))
    storage.transact([store.revoke_key(key), store.still_active(survivor), *claim.rows(reference=key_id, status=200)])
    forget_key(key.key_hash)
    return find(merchant_id, key_id)


def all_of(merchant_id: str) -> list[ApiKeyItem]:
    """Every key the merchant ever had, newest first."""
    return store.keys_of(merchant_id)


def find(merchant_id: str, key_id: str) -> ApiKeyItem:
    """One key of the merchant. Raises NotFound."""
    return _by_id(store.keys_of(merchant_id), key_id)


def is_live(key: ApiKeyItem) -> bool:
    """Active and not expired."""
    return key.status == "active" and (key.expires_at is None or int(key.expires_at) > clock.now_ms())


def _by_id(keys: list[ApiKeyItem], key_id: str) -> ApiKeyItem:
    for key in keys:
        if key.key_id == key_id:
            return key
    raise NotFound("API key")


__all__ = ["ALL_SCOPES", "MAX_OVERLAP_SECONDS", "IssuedKey", "Rotation", "all_of", "find", "is_live", "issue", "revoke", "rotate"]
