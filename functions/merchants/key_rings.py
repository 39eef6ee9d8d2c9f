"""The table `key_rings`: which of a merchant's keys live, where each is found by its id, and what operators did to them.

Keys that ended stay in `api_keys` for good; nothing that decides reads them. The ring has a version that every change of a key demands,
so two concurrent changes cannot each rely on a key that the other one ends.
"""

from collections.abc import Sequence
from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, storage
from paycorex.records.api_key import ApiKeyItem

_RING: Final = "live"


class KeyRingItem(storage.Item):
    """One entry: `live` (the hashes of the keys that were neither revoked nor over at the last change) or `key#<key id>` (one hash)."""

    class Meta:
        """Which table."""

        table_name = "key_rings"

    merchant_id = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    key_hashes = JSONAttribute()
    version = NumberAttribute(default=0)


class InterventionItem(storage.Item):
    """Beside them, `operator#<moment>#<random>`: what an operator did, who, and why. Appended, never changed."""

    class Meta:
        """Which table."""

        table_name = "key_rings"

    merchant_id = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    operator = UnicodeAttribute()
    reason = UnicodeAttribute()
    key_id = UnicodeAttribute()
    revoked_key_ids = JSONAttribute()


def ring_of(merchant_id: str) -> KeyRingItem | None:
    """The merchant's ring as it stands; None when no change of its keys has made one yet."""
    return storage.get(KeyRingItem, merchant_id, _RING)


def hash_of(merchant_id: str, key_id: str) -> str | None:
    """The hash under which a key of the merchant is stored."""
    found = storage.get(KeyRingItem, merchant_id, f"key#{key_id}")
    return None if found is None else str(found.key_hashes[0])


def located(item: ApiKeyItem) -> storage.Write:
    """The write that makes a key findable by its id."""
    return storage.put(KeyRingItem(merchant_id=item.merchant_id, entry=f"key#{item.key_id}", key_hashes=[item.key_hash]))


def changed(merchant_id: str, ring: KeyRingItem | None, live: Sequence[ApiKeyItem]) -> storage.Write:
    """The write that makes these the live keys; refused when the ring was changed since it was read."""
    version = 0 if ring is None else int(ring.version)
    item = KeyRingItem(merchant_id=merchant_id, entry=_RING, key_hashes=[key.key_hash for key in live], version=version + 1)
    return storage.put(item, KeyRingItem.entry.does_not_exist() if ring is None else KeyRingItem.version == version)


def intervention(merchant_id: str, *, operator: str, reason: str, key_id: str, revoked: Sequence[str]) -> storage.Write:
    """Append what an operator does, for the transaction that does it."""
    item = InterventionItem(
        merchant_id=merchant_id,
        entry=f"operator#{clock.rfc3339(clock.now_ms())}#{ids.new('evt')[4:]}",
        operator=operator,
        reason=reason,
        key_id=key_id,
        revoked_key_ids=list(revoked),
    )
    return storage.put(item, InterventionItem.entry.does_not_exist())
