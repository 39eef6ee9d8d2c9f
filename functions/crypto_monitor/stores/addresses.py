"""The `crypto_addresses` table: watched addresses, the next index of each extended key, and what merchants' transactions paid."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import storage
from paycorex.evm.extended_key import ExtendedPublicKey
from paycorex.records.crypto_address import WATCH_SHARDS, CryptoAddressItem

_BY_MERCHANT: Final = "by_merchant"
_BY_NETWORK: Final = "by_network"
SHARDS: Final = range(WATCH_SHARDS)


class KeyCounterItem(storage.Item):
    """The next receive index of one extended key. Counted by what the key derives and not by who uses it."""

    class Meta:
        """Which table."""

        table_name = "crypto_addresses"

    address_id = UnicodeAttribute(hash_key=True)
    next_index = NumberAttribute()


class PurposeItem(storage.Item):
    """What a transaction that a merchant sent was for. Kept for good: the transaction is there for good."""

    class Meta:
        """Which table."""

        table_name = "crypto_addresses"

    # `tx#<network>#<hash>`
    address_id = UnicodeAttribute(hash_key=True)
    purpose = UnicodeAttribute()


class WatchedCountItem(storage.Item):
    """How many addresses a merchant watches that it registered itself."""

    class Meta:
        """Which table."""

        table_name = "crypto_addresses"

    # `count#<merchant>`
    address_id = UnicodeAttribute(hash_key=True)
    watched = NumberAttribute()


def one_more(merchant_id: str, most: int) -> storage.Write:
    """Count an address that a merchant begins to watch, unless it watches so many already."""
    room = WatchedCountItem.watched.does_not_exist() | (WatchedCountItem.watched < most)
    return storage.update(WatchedCountItem, _count_key(merchant_id), [WatchedCountItem.watched.add(1)], room)


def one_less(merchant_id: str) -> storage.Write:
    """Count an address that it stops watching."""
    return storage.update(WatchedCountItem, _count_key(merchant_id), [WatchedCountItem.watched.add(-1)], None)


def _count_key(merchant_id: str) -> dict[str, Any]:
    return WatchedCountItem.wire_key(f"count#{merchant_id}")


def take_index(key: ExtendedPublicKey) -> int:
    """A receive index that is used only once.

    Counting is atomic, and an index whose payment was never stored is simply skipped. Raises storage.Unavailable or OutcomeUnknown.
    """
    counter = KeyCounterItem.wire_key(f"xpub#{key.identity}")
    after = storage.run(storage.update(KeyCounterItem, counter, [KeyCounterItem.next_index.add(1)], None))
    return int(after["next_index"]["N"]) - 1


def claim_transaction(network: str, tx_hash: str, purpose: str) -> storage.Write:
    """Assign a transaction to one purpose (an id), unless it is assigned to another."""
    item = PurposeItem(address_id=f"tx#{network}#{tx_hash}", purpose=purpose)
    return storage.put(item, PurposeItem.address_id.does_not_exist() | (PurposeItem.purpose == purpose))


def purpose_of(network: str, tx_hash: str) -> str | None:
    """What a transaction was for, by its id; None where that was never said. Consistent read."""
    found = storage.get(PurposeItem, f"tx#{network}#{tx_hash}")
    return None if found is None else str(found.purpose)


def find(address_id: str) -> CryptoAddressItem | None:
    """An address. Consistent read."""
    return storage.get(CryptoAddressItem, address_id)


def find_many(address_ids: Collection[str]) -> dict[str, CryptoAddressItem]:
    """Addresses by id, one read for 100. Consistent."""
    keys = [CryptoAddressItem.wire_key(address_id) for address_id in sorted(set(address_ids))]
    return {item.address_id: item for item in storage.get_many(CryptoAddressItem, keys)}


def new_address(item: CryptoAddressItem) -> storage.Write:
    """Watch an address that this merchant does not watch yet."""
    return storage.put(item, CryptoAddressItem.address_id.does_not_exist())


def replace(item: CryptoAddressItem, *, was_active: bool) -> storage.Write:
    """Store a changed address, unless it was started or stopped meanwhile."""
    return storage.put(item, CryptoAddressItem.is_active == was_active)


def of_merchant(merchant_id: str, *, limit: int, position: str | None) -> storage.Merged[CryptoAddressItem]:
    """The addresses that a merchant watches, newest first."""

    def read(partition: str, below: str | None) -> storage.Page[CryptoAddressItem]:
        condition = CryptoAddressItem.merchant_id == partition
        if below is not None:
            condition &= CryptoAddressItem.order_key < below
        return storage.query(CryptoAddressItem, condition, index=_BY_MERCHANT, newest_first=True, limit=limit + 1)

    return storage.merge_newest_first(
        [merchant_id], read, sort_key=lambda item: item.order_key or "", keep=lambda _item: True, limit=limit, position=position
    )


def watched_since(network: str, shard: int, watch_key: str, start: Mapping[str, Any] | None) -> storage.Page[CryptoAddressItem]:
    """One page of a shard of a network's watch list, oldest first, from a watch key on."""
    condition = (CryptoAddressItem.network_shard == f"{network}#{shard}") & (CryptoAddressItem.watch_key >= watch_key)
    return storage.query(CryptoAddressItem, condition, index=_BY_NETWORK, start=start)
