"""A watched address: stored shape and contract object.

Two kinds: an address that a merchant registered for one of its users, and the deposit address of exactly one payment.
"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.evm.address import checksummed
from paycorex.modes import Mode
from paycorex.records.order import order_key
from paycorex.storage import Item

WATCH_SHARDS = 8


class CryptoAddressItem(Item):
    """An address as it is stored, canonical lower case. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "crypto_addresses"

    address_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    network = UnicodeAttribute()
    address = UnicodeAttribute()
    user_id = UnicodeAttribute(null=True)
    label = UnicodeAttribute(null=True)
    payment_id = UnicodeAttribute(null=True)
    derivation_index = NumberAttribute(null=True)
    is_active = BooleanAttribute(default=True)
    created_at = NumberAttribute()
    # For payments' addresses, coins in the smallest units as text: how much was recorded as received, and the balance (with what was
    # recorded then) when the two were last compared.
    explained = UnicodeAttribute(null=True)
    balance_seen = UnicodeAttribute(null=True)
    explained_seen = UnicodeAttribute(null=True)
    # These three are present only while the address is watched: the merchant's list and the scanner's, in the order in which they came.
    order_key = UnicodeAttribute(null=True)
    network_shard = UnicodeAttribute(null=True)
    watch_key = UnicodeAttribute(null=True)


class CryptoAddressView(View):
    """The contract's crypto address object."""

    address_id: str
    mode: Mode
    network: str
    address: str
    user_id: str | None
    label: str | None
    payment_id: str | None
    is_active: bool
    created_at: str


def address_id_of(merchant_id: str, network: str, address: str) -> str:
    """One record per merchant, network and canonical address."""
    return ids.derive("adr", merchant_id, network, address)


def shard_of(network: str, address_id: str) -> str:
    """The partition of the watch list in which an address stands: spread, so that a busy network's list is not one hot partition."""
    return f"{network}#{int.from_bytes(address_id[4:].encode()) % WATCH_SHARDS}"


def watched(
    *,
    merchant_id: str,
    network: str,
    address: str,
    user_id: str | None,
    now_ms: int,
    label: str | None = None,
    payment_id: str | None = None,
    derivation_index: int | None = None,
) -> CryptoAddressItem:
    """A new watched address, canonical."""
    address_id = address_id_of(merchant_id, network, address)
    return CryptoAddressItem(
        address_id=address_id,
        merchant_id=merchant_id,
        network=network,
        address=address,
        user_id=user_id,
        label=label,
        payment_id=payment_id,
        derivation_index=derivation_index,
        is_active=True,
        created_at=now_ms,
        order_key=order_key(now_ms, address_id),
        network_shard=shard_of(network, address_id),
        watch_key=order_key(now_ms, address_id),
    )


def view(item: CryptoAddressItem) -> CryptoAddressView:
    """The contract object of a stored address, in its EIP-55 form."""
    return CryptoAddressView(
        address_id=item.address_id,
        mode=modes.of(item.merchant_id),
        network=item.network,
        address=checksummed(item.address),
        user_id=item.user_id,
        label=item.label,
        payment_id=item.payment_id,
        is_active=bool(item.is_active),
        created_at=clock.rfc3339(int(item.created_at)),
    )
