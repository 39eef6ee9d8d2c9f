"""By what a payment is counted and looked up in the blocklist: hashes under the merchant's own key, never the values themselves."""

from collections.abc import Collection
from typing import Final

from paycorex import client_networks, storage
from paycorex.errors import InvalidRequest
from paycorex.records.customer import CustomerItem
from paycorex.records.token import TokenItem
from payments.keyed_hashes import hash_of, known_hash_of
from payments.payment.orders import Order

_FINGERPRINT_CHARACTERS: Final = 26


def of(order: Order, token: TokenItem | None, counted: Collection[str]) -> dict[str, str]:
    """What is known of an order's payer, by dimension. Raises TemporarilyUnavailable, storage.Unavailable.

    counted: the dimensions that rules count by. Of others a hash is looked up in the blocklist alone: while the merchant has no key for
    hashes there is none to be found, and none is made for a request that may yet be refused.
    The card of a payer who types it into a provider's fields is known to the provider alone.
    """
    merchant_id = order.caller.merchant_id
    user_id = order.user_id if token is None else token.user_id
    known = {
        "customer": user_id,
        "ip": None if order.payer_ip is None else client_networks.counted(order.payer_ip),
        "email": (order.payer or {}).get("email"),
    }
    hashes = {by: _hash(merchant_id, by, value, counted) for by, value in known.items() if value is not None}
    found = {by: value for by, value in hashes.items() if value is not None}
    if known["email"] is None and (of_customer := _email_hash_of_customer(order)) is not None:
        found["email"] = of_customer
    if token is not None:
        # A keyed hash of the number already, under the vault's key.
        found["card"] = token.fingerprint
        if token.bin_hash is not None:
            found["bin"] = token.bin_hash
    return found


def stored(merchant_id: str, kind: str, value: str) -> str:
    """A value of a blocklist's entry as a payment would have it. Raises InvalidRequest for one that no payment can have."""
    if kind == "ip":
        try:
            return hash_of(merchant_id, kind, client_networks.network_of(value.partition("/")[0]))
        except ValueError:
            raise InvalidRequest("That is no IP address.", details={"field": "value"}) from None
    if kind == "card":
        if not (value.isascii() and value.isalnum() and len(value) == _FINGERPRINT_CHARACTERS):
            raise InvalidRequest("A card is named by the fingerprint of its token, never by its number.", details={"field": "value"})
        return value
    if kind == "email" and value.count("@") != 1:
        raise InvalidRequest("That is no e-mail address.", details={"field": "value"})
    return hash_of(merchant_id, kind, value)


def of_address(merchant_id: str, source_ip: str) -> str:
    """A payer's address, hashed: an IPv4 address as it is, of an IPv6 address the network. Raises as `of` does."""
    return hash_of(merchant_id, "ip", client_networks.counted(source_ip))


def _hash(merchant_id: str, by: str, value: str, counted: Collection[str]) -> str | None:
    return hash_of(merchant_id, by, value) if by in counted else known_hash_of(merchant_id, by, value)


def _email_hash_of_customer(order: Order) -> str | None:
    known = None if order.customer_id is None else storage.get(CustomerItem, order.customer_id)
    return None if known is None else known.email_hash
