"""What says who a customer is: sealed under a data key of its own, and hashed with a key of the merchant's to be found by."""

import json
from typing import Any, Final

from paycorex import sealing
from paycorex.records.customer import CustomerItem
from paycorex.sealing import Context
from payments.keyed_hashes import hash_of

FIELDS: Final = ("name", "email", "phone", "metadata")


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


def _context(merchant_id: str) -> Context:
    return Context("customer", merchant_id)
