"""What says who a customer is: sealed under a data key of its own, and hashed with a key of the merchant's to be found by.

A phone number has ten digits, so a plain hash of it is no secret. The hash's key is sealed like everything else.
"""

import hashlib
import hmac
import json
import secrets
from contextlib import suppress
from typing import Any, Final

from paycorex import clock, sealing, storage
from paycorex.caching import TimedCache
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.customer import CustomerItem, SearchKeyItem
from paycorex.sealing import Context
from payments.customers import store

FIELDS: Final = ("name", "email", "phone", "metadata")
_KEY_BYTES: Final = 32
_HASH_CHARACTERS: Final = 43
_keys: TimedCache[bytes] = TimedCache(lifetime_seconds=300, max_entries=500)


def seal(item: CustomerItem, person: dict[str, Any]) -> None:
    """Put a person into a customer: the sealed part, and the hashes to search by. Raises TemporarilyUnavailable, storage.Unavailable."""
    item.sealed = sealing.seal(json.dumps(person).encode(), context=_context(item.merchant_id), bound_to=item.customer_id)
    email, phone = person.get("email"), person.get("phone")
    item.email_hash = None if email is None else hash_of(item.merchant_id, "email", email)
    item.phone_hash = None if phone is None else hash_of(item.merchant_id, "phone", phone)


def open_person(item: CustomerItem) -> dict[str, Any]:
    """Who it is; nothing of an erased one. Raises SealBroken, TemporarilyUnavailable."""
    if item.sealed is None:
        return {}
    opened: dict[str, Any] = json.loads(sealing.unseal(item.sealed, context=_context(item.merchant_id), bound_to=item.customer_id))
    return opened


def hash_of(merchant_id: str, kind: str, value: str) -> str:
    """What an e-mail address or a phone number is found by, with this merchant alone. Addresses are compared without regard to case."""
    message = f"{kind}\0{value.casefold()}".encode()
    return hmac.new(_key(merchant_id), message, hashlib.sha256).hexdigest()[:_HASH_CHARACTERS]


def _key(merchant_id: str) -> bytes:
    known = _keys.get(merchant_id)
    if known is None:
        known = _stored_key(merchant_id)
        _keys.put(merchant_id, known)
    return known


def _stored_key(merchant_id: str) -> bytes:
    """The stored key; a new one for a merchant's first customer."""
    found, name = store.find_search_key(merchant_id), store.search_key_id(merchant_id)
    if found is None:
        sealed = sealing.seal(secrets.token_bytes(_KEY_BYTES), context=_context(merchant_id), bound_to=name)
        # Another request may have made it a moment ago: that one counts.
        with suppress(storage.ConditionRefused):
            storage.run(store.new_search_key(SearchKeyItem(customer_id=name, sealed=sealed, created_at=clock.now_ms())))
        found = store.find_search_key(merchant_id)
    if found is None:
        raise TemporarilyUnavailable
    return sealing.unseal(found.sealed, context=_context(merchant_id), bound_to=name)


def _context(merchant_id: str) -> Context:
    return Context("customer", merchant_id)
