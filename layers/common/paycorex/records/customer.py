"""A customer of a merchant: stored shape and contract object. What says who the person is, is sealed; books know the reference alone."""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.storage import Item


class CustomerItem(Item):
    """A customer as it is stored. The sealed part, the hashes to search by and the reference are absent once the person is erased."""

    class Meta:
        """Which table."""

        table_name = "customers"

    customer_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    # The merchant's own name of the person: what payments, tokens and wallets call `user_id`.
    reference = UnicodeAttribute(null=True)
    # Name, email, phone and metadata, under a data key of this person's own: when it goes, no backup key opens it from here.
    sealed = UnicodeAttribute(null=True)
    email_hash = UnicodeAttribute(null=True)
    phone_hash = UnicodeAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    erased_at = NumberAttribute(null=True)
    order_key = UnicodeAttribute()


class SearchKeyItem(Item):
    """The key of a merchant's hashes of e-mail addresses and phone numbers, sealed. In the same table, under `search_key#<merchant>`."""

    class Meta:
        """Which table."""

        table_name = "customers"

    customer_id = UnicodeAttribute(hash_key=True)
    sealed = UnicodeAttribute()
    created_at = NumberAttribute()


class CustomerView(View):
    """The contract's customer object. Of an erased person everything that says who it was is null."""

    customer_id: str
    merchant_id: str
    mode: Mode
    reference: str | None
    name: str | None
    email: str | None
    phone: str | None
    metadata: dict[str, Any] | None
    created_at: str
    updated_at: str
    erased_at: str | None


def customer_id_of(merchant_id: str, reference: str) -> str:
    """The id of a merchant's customer: one per reference, so it follows from them."""
    return ids.derive("cus", merchant_id, reference)


def view(item: CustomerItem, person: dict[str, Any]) -> CustomerView:
    """The contract object of a stored customer and what was sealed of it (nothing of an erased one)."""
    return CustomerView(
        customer_id=item.customer_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        reference=item.reference,
        name=person.get("name"),
        email=person.get("email"),
        phone=person.get("phone"),
        metadata=person.get("metadata"),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
        erased_at=None if item.erased_at is None else clock.rfc3339(int(item.erased_at)),
    )
