"""Looking up API keys and merchants, remembered for at most a minute: what changes them says from when it acts everywhere."""

import hashlib
from dataclasses import dataclass
from typing import Final

from paycorex import sealing, storage
from paycorex.caching import TimedCache
from paycorex.records.api_key import ApiKeyItem
from paycorex.records.effective import LIFETIME_SECONDS
from paycorex.records.merchant import MerchantItem

UNKNOWN_LIFETIME_SECONDS: Final = 10
MAX_ENTRIES: Final = 500


@dataclass(frozen=True, slots=True, repr=False)
class ApiKey:
    """An API key with its secret in the clear: lives in memory only, never in a log (no repr)."""

    key_id: str
    key_hash: str
    merchant_id: str
    secret: bytes
    scopes: frozenset[str]
    status: str
    expires_at: int | None
    last_used_at: int | None


_keys: TimedCache[ApiKey] = TimedCache(lifetime_seconds=LIFETIME_SECONDS, max_entries=MAX_ENTRIES)
_unknown: TimedCache[bool] = TimedCache(lifetime_seconds=UNKNOWN_LIFETIME_SECONDS, max_entries=MAX_ENTRIES)
_unknown_merchants: TimedCache[bool] = TimedCache(lifetime_seconds=UNKNOWN_LIFETIME_SECONDS, max_entries=MAX_ENTRIES)
_merchants: TimedCache[MerchantItem] = TimedCache(lifetime_seconds=LIFETIME_SECONDS, max_entries=MAX_ENTRIES)


def key_hash(api_key: str) -> str:
    """What an API key is stored under."""
    return hashlib.sha256(api_key.encode()).hexdigest()


def secret_context(merchant_id: str) -> sealing.Context:
    """The context under which a merchant's API secrets are sealed."""
    return sealing.Context("credentials", merchant_id)


def find_key(hashed: str) -> ApiKey | None:
    """The key with this hash, whatever its status; None when there is none.

    No AWS call while it is remembered. Raises storage.Unavailable, sealing.SealBroken or TemporarilyUnavailable.
    """
    known = _keys.get(hashed)
    if known is not None or _unknown.get(hashed):
        return known
    item = _get(ApiKeyItem, hashed)
    if item is None:
        _unknown.put(hashed, value=True)
        return None
    found = ApiKey(
        key_id=item.key_id,
        key_hash=hashed,
        merchant_id=item.merchant_id,
        secret=sealing.unseal(item.sealed_secret, context=secret_context(item.merchant_id), bound_to=item.key_id),
        scopes=frozenset(item.scopes),
        status=item.status,
        expires_at=None if item.expires_at is None else int(item.expires_at),
        last_used_at=None if item.last_used_at is None else int(item.last_used_at),
    )
    _keys.put(hashed, found)
    return found


def forget_key(hashed: str) -> None:
    """Look this key up again at its next use (in this process)."""
    _keys.forget(hashed)


def find_merchant(merchant_id: str) -> MerchantItem | None:
    """The merchant, at most a minute old. Raises storage.Unavailable."""
    known = _merchants.get(merchant_id)
    if known is not None or _unknown_merchants.get(merchant_id):
        return known
    found = _get(MerchantItem, merchant_id)
    if found is None:
        _unknown_merchants.put(merchant_id, value=True)
    else:
        _merchants.put(merchant_id, found)
    return found


def lanes_of(merchant_id: str) -> int:
    """Over how many lanes a merchant's journals spread, at most a minute old; 1 for an unknown one. Raises storage.Unavailable."""
    merchant = find_merchant(merchant_id)
    return merchant.settings.used_lanes if merchant else 1


def _get[M: storage.Item](model: type[M], hash_key: str) -> M | None:
    """The cheap read first; the consistent one only when it finds nothing, for what was made a moment ago."""
    return storage.get(model, hash_key, consistent=False) or storage.get(model, hash_key)
