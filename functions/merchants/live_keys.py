"""Which keys a merchant has, which of them live, and until when they may manage keys."""

from collections.abc import Sequence
from typing import Final

from merchants import key_rings, store
from paycorex import clock, storage
from paycorex.errors import NotFound
from paycorex.records.api_key import ApiKeyItem

MANAGING_SCOPE: Final = "merchant:write"
# Milliseconds since the epoch that no key reaches: the end of one that has none.
_FOREVER: Final = 10**15


def page(merchant_id: str, limit: int, position: str | None) -> storage.Merged[ApiKeyItem]:
    """Some of the keys that the merchant ever had, newest first. `position`: after which to go on."""
    return store.keys_page(merchant_id, limit, position)


def find(merchant_id: str, key_id: str) -> ApiKeyItem:
    """One key of the merchant. Raises NotFound."""
    hashed = key_rings.hash_of(merchant_id, key_id)
    if hashed is None:
        # Older than the rings, so it is found by its id while it lives.
        return by_id(read(merchant_id)[1], key_id)
    found = store.find_key(hashed)
    if found is None:
        raise NotFound("API key")
    return found


def is_live(key: ApiKeyItem) -> bool:
    """Active and not expired."""
    return key.status == "active" and end(key) > clock.now_ms()


def read(merchant_id: str) -> tuple[key_rings.KeyRingItem | None, list[ApiKeyItem]]:
    """The ring and the keys that live, newest first: as many reads as keys may live, however many there were."""
    ring = key_rings.ring_of(merchant_id)
    # A merchant that is older than the rings has none until the first change of its keys.
    hashes = store.active_hashes(merchant_id) if ring is None else ring.key_hashes
    found = [key for key in map(store.find_key, hashes) if key is not None and is_live(key)]
    return ring, sorted(found, key=lambda key: int(key.created_at), reverse=True)


def end(key: ApiKeyItem) -> int:
    """In milliseconds since the epoch; `_FOREVER` for a key without an end."""
    return _FOREVER if key.expires_at is None else int(key.expires_at)


def managed_until(live: Sequence[ApiKeyItem]) -> int:
    """Until when one of these keys may manage keys."""
    return max((end(key) for key in live if MANAGING_SCOPE in key.scopes), default=0)


def without(keys: Sequence[ApiKeyItem], left_out: ApiKeyItem) -> list[ApiKeyItem]:
    """The keys but for this one."""
    return [key for key in keys if key.key_id != left_out.key_id]


def by_id(keys: Sequence[ApiKeyItem], key_id: str) -> ApiKeyItem:
    """Raises NotFound."""
    for key in keys:
        if key.key_id == key_id:
            return key
    raise NotFound("API key")
