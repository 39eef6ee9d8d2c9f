"""Keyed hashes of what says who a person is, by which it is found or counted again, with one merchant alone.

A phone number has ten digits, so a plain hash of it is no secret. The hash's key is sealed like everything else.
"""

import hashlib
import hmac
import secrets
from contextlib import suppress
from typing import Final

from paycorex import clock, sealing, storage
from paycorex.caching import TimedCache
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.customer import SearchKeyItem
from paycorex.sealing import Context

_KEY_BYTES: Final = 32
_HASH_CHARACTERS: Final = 43
_keys: TimedCache[bytes] = TimedCache(lifetime_seconds=300, max_entries=500)


def hash_of(merchant_id: str, kind: str, value: str) -> str:
    """The hash of a value of this kind with this merchant; compared without regard to case and to spaces around it.

    Raises TemporarilyUnavailable, storage.Unavailable, sealing.SealBroken.
    """
    message = f"{kind}\0{value.strip().casefold()}".encode()
    return hmac.new(_key(merchant_id), message, hashlib.sha256).hexdigest()[:_HASH_CHARACTERS]


def known_hash_of(merchant_id: str, kind: str, value: str) -> str | None:
    """The same for a search, which makes no key: None while the merchant has none, and so no hash that could be found."""
    if _keys.get(merchant_id) is None and storage.get(SearchKeyItem, f"search_key#{merchant_id}") is None:
        return None
    return hash_of(merchant_id, kind, value)


def _key(merchant_id: str) -> bytes:
    known = _keys.get(merchant_id)
    if known is None:
        known = _stored_key(merchant_id)
        _keys.put(merchant_id, known)
    return known


def _stored_key(merchant_id: str) -> bytes:
    """The stored key; a new one when it is asked for the first time."""
    name = f"search_key#{merchant_id}"
    found = storage.get(SearchKeyItem, name)
    if found is None:
        sealed = sealing.seal(secrets.token_bytes(_KEY_BYTES), context=_context(merchant_id), bound_to=name)
        # Another request may have made it a moment ago: that one counts.
        with suppress(storage.ConditionRefused):
            new = SearchKeyItem(customer_id=name, sealed=sealed, created_at=clock.now_ms())
            storage.run(storage.put(new, SearchKeyItem.customer_id.does_not_exist()))
        found = storage.get(SearchKeyItem, name)
    if found is None:
        raise TemporarilyUnavailable
    return sealing.unseal(found.sealed, context=_context(merchant_id), bound_to=name)


def _context(merchant_id: str) -> Context:
    return Context("customer", merchant_id)
