"""The `customers` table."""

from typing import Final

from paycorex import storage
from paycorex.records.customer import CustomerItem

_BY_MERCHANT: Final = "by_merchant"
_BY_EMAIL: Final = "by_email"
_BY_PHONE: Final = "by_phone"


def find(customer_id: str) -> CustomerItem | None:
    """A customer as it stands now."""
    return storage.get(CustomerItem, customer_id)


def new_customer(item: CustomerItem) -> storage.Write:
    """Store a customer that is not there yet."""
    return storage.put(item, CustomerItem.customer_id.does_not_exist())


def change_customer(before: CustomerItem, after: CustomerItem) -> storage.Write:
    """Store a customer's next version, unless another write did since `before` was read."""
    actions = storage.difference(before, after)
    return storage.update(CustomerItem, CustomerItem.wire_key(before.customer_id), actions, CustomerItem.version == int(before.version))


def page(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[CustomerItem], str | None]:
    """A merchant's customers, newest first, erased ones too, and the position to go on after."""
    return storage.listed(CustomerItem, CustomerItem.merchant_id, merchant_id, index=_BY_MERCHANT, limit=limit, position=position)


def with_email(email_hash: str, *, limit: int) -> list[CustomerItem]:
    """The newest customers with this hash of an e-mail address."""
    return storage.query(CustomerItem, CustomerItem.email_hash == email_hash, index=_BY_EMAIL, newest_first=True, limit=limit).items


def with_phone(phone_hash: str, *, limit: int) -> list[CustomerItem]:
    """The newest customers with this hash of a phone number."""
    return storage.query(CustomerItem, CustomerItem.phone_hash == phone_hash, index=_BY_PHONE, newest_first=True, limit=limit).items
