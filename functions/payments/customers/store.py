"""The `customers` table."""

from typing import Any, Final

from paycorex import storage
from paycorex.records.customer import CustomerItem, SearchKeyItem

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
    start = None
    if position is not None:
        order_key, _, customer_id = position.partition(" ")
        start = {"customer_id": {"S": customer_id}, "merchant_id": {"S": merchant_id}, "order_key": {"S": order_key}}
    condition = CustomerItem.merchant_id == merchant_id
    found = storage.query(CustomerItem, condition, index=_BY_MERCHANT, newest_first=True, limit=limit, start=start)
    following: Any = found.next_start
    return found.items, f"{following['order_key']['S']} {following['customer_id']['S']}" if following else None


def with_email(email_hash: str, *, limit: int) -> list[CustomerItem]:
    """The newest customers with this hash of an e-mail address."""
    return storage.query(CustomerItem, CustomerItem.email_hash == email_hash, index=_BY_EMAIL, newest_first=True, limit=limit).items


def with_phone(phone_hash: str, *, limit: int) -> list[CustomerItem]:
    """The newest customers with this hash of a phone number."""
    return storage.query(CustomerItem, CustomerItem.phone_hash == phone_hash, index=_BY_PHONE, newest_first=True, limit=limit).items


def find_search_key(merchant_id: str) -> SearchKeyItem | None:
    """The key of the merchant's hashes, sealed."""
    return storage.get(SearchKeyItem, search_key_id(merchant_id))


def new_search_key(item: SearchKeyItem) -> storage.Write:
    """Store a merchant's key of hashes; of several at once, one gets past this."""
    return storage.put(item, SearchKeyItem.customer_id.does_not_exist())


def search_key_id(merchant_id: str) -> str:
    """Where the key of a merchant's hashes is."""
    return f"search_key#{merchant_id}"
