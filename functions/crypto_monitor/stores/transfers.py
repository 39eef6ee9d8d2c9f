"""The `crypto_transactions` table. Every write has conditions: the lease's fence, and the row as it was read (or no row)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from crypto_monitor.stores import addresses
from crypto_monitor.stores.cursors import CursorItem, LeaseLost, fenced
from paycorex import clock, storage
from paycorex.records.crypto_address import CryptoAddressItem
from paycorex.records.crypto_transaction import CONFIRMED, DETECTED, DUST, CryptoTransactionItem, state_key
from paycorex.records.stamps import stamp

# How many transfers, and their addresses' updates, fit into one transaction of 100 writes beside the fence.
MAX_TOGETHER: Final = 48
MAX_NUMBER: Final = 10**15
_BY_STATE: Final = "by_state"
_BY_MERCHANT: Final = "by_merchant"
# While a transfer is in one of these its coins are at its address.
_THERE: Final = frozenset({DETECTED, CONFIRMED, DUST})


def find(network: str, transfer_id: str) -> CryptoTransactionItem | None:
    """A transfer. Consistent read."""
    return storage.get(CryptoTransactionItem, network, transfer_id)


def of_transaction(network: str, tx_hash: str, merchant_id: str) -> list[CryptoTransactionItem]:
    """The recorded transfers of a transaction to a merchant's addresses."""
    condition = (CryptoTransactionItem.network == network) & CryptoTransactionItem.transfer_id.startswith(f"{tx_hash}:")
    page = storage.query(CryptoTransactionItem, condition, consistent=True)
    return [item for item in page.items if item.merchant_id == merchant_id]


def of_merchant(merchant_id: str, *, limit: int, position: str | None) -> storage.Merged[CryptoTransactionItem]:
    """One page of a merchant's transfers, newest first."""

    def read(partition: str, below: str | None) -> storage.Page[CryptoTransactionItem]:
        condition = CryptoTransactionItem.merchant_id == partition
        if below is not None:
            condition &= CryptoTransactionItem.order_key < below
        return storage.query(CryptoTransactionItem, condition, index=_BY_MERCHANT, newest_first=True, limit=limit + 1)

    return storage.merge_newest_first(
        [merchant_id], read, sort_key=lambda item: item.order_key, keep=lambda _item: True, limit=limit, position=position
    )


def between(merchant_id: str, after: str | None, until: str, limit: int) -> list[CryptoTransactionItem]:
    """A merchant's transfers between two order keys, oldest first; as they were a moment ago."""
    condition = CryptoTransactionItem.merchant_id == merchant_id
    condition &= CryptoTransactionItem.order_key.between(f"{after}~" if after is not None else "0", until)
    return storage.query(CryptoTransactionItem, condition, index=_BY_MERCHANT, limit=limit).items


def find_many(network: str, transfer_ids: Collection[str]) -> dict[str, CryptoTransactionItem]:
    """Transfers by id, one read for 100. Consistent."""
    keys = [CryptoTransactionItem.wire_key(network, transfer_id) for transfer_id in sorted(set(transfer_ids))]
    return {item.transfer_id: item for item in storage.get_many(CryptoTransactionItem, keys)}


def in_state(
    network: str, status: str, *, first: int = 0, last: int = MAX_NUMBER, after: str | None = None, is_busy: bool = False
) -> Iterator[CryptoTransactionItem]:
    """Transfers with a status, by block number, oldest first. Read from the index: eventually consistent.

    after: the `position` of the transfer after which to continue. is_busy: those to busy addresses, instead of the others.
    """
    key = state_key(network, status, is_busy=is_busy)
    condition = (CryptoTransactionItem.state_key == key) & CryptoTransactionItem.block_number.between(first, last)
    start = _start(network, key, after, first, last)
    while True:
        page = storage.query(CryptoTransactionItem, condition, index=_BY_STATE, start=start)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def position(item: CryptoTransactionItem) -> str:
    """The position of a transfer among those with its status."""
    return f"{int(item.block_number)}:{item.transfer_id}"


def _start(network: str, key: str, after: str | None, first: int, last: int) -> Any:
    """The key after which to continue; None where it is outside of the range, which DynamoDB refuses."""
    if after is None:
        return None
    number, _, identifier = after.partition(":")
    if not first <= int(number) <= last:
        return None
    return {**CryptoTransactionItem.wire_key(network, identifier), "state_key": {"S": key}, "block_number": {"N": number}}


def insert_all(cursor: CursorItem, items: Sequence[CryptoTransactionItem], watchers: Mapping[str, CryptoAddressItem]) -> None:
    """Store up to MAX_TOGETHER transfers that are not there yet, in one transaction.

    watchers: as they stand now, by id. Raises LeaseLost, storage.TransactionRefused (nothing was stored), storage.Unavailable.
    """
    coins: Counter[str] = Counter()
    for item in items:
        coins[item.address_id] += _coins(item)
    explained = [_explained(watchers[address_id], units) for address_id, units in coins.items() if units]
    puts = [storage.put(item, CryptoTransactionItem.transfer_id.does_not_exist()) for item in items]
    try:
        storage.transact([fenced(cursor), *puts, *explained])
    except storage.TransactionRefused as refused:
        if refused.reasons[0].is_condition:
            raise LeaseLost(cursor.network) from refused
        raise


def insert(cursor: CursorItem, item: CryptoTransactionItem) -> CryptoTransactionItem | None:
    """Store a transfer that is not there yet; the one that is there instead, or None. Raises LeaseLost."""
    return _commit(cursor, [storage.put(item, CryptoTransactionItem.transfer_id.does_not_exist()), *_explaining(item, _coins(item))])


def note(cursor: CursorItem, address: CryptoAddressItem, *, review: CryptoTransactionItem | None = None) -> None:
    """Store the observed balance of an address, with the review transfer that it raises. Raises LeaseLost."""
    seen = [CryptoAddressItem.balance_seen.set(address.balance_seen), CryptoAddressItem.explained_seen.set(address.explained_seen)]
    write = storage.update(CryptoAddressItem, CryptoAddressItem.wire_key(address.address_id), seen, None)
    _commit(cursor, [storage.put(review), write] if review is not None else [write])


def change(cursor: CursorItem, item: CryptoTransactionItem, *, event: str | None, **values: Any) -> bool:
    """Change a transfer unless it changed since it was read; False then. event: what its stream record publishes. Raises LeaseLost."""
    seen, coins = int(item.version), _coins(item)
    now = clock.now_ms()
    if event is not None:
        values |= stamp(event, now, item)
    values |= {"version": seen + 1, "updated_at": now}
    if "status" in values:
        values["state_key"] = state_key(item.network, values["status"])
    for name, value in values.items():
        setattr(item, name, value)
    return _commit(cursor, [storage.put(item, CryptoTransactionItem.version == seen), *_explaining(item, _coins(item) - coins)]) is None


def _coins(item: CryptoTransactionItem) -> int:
    """What a transfer leaves at a payment's address, in the coin's smallest units."""
    return int(item.amount) if item.contract is None and item.payment_id is not None and item.status in _THERE else 0


def _explaining(item: CryptoTransactionItem, coins: int) -> list[storage.Write]:
    """Coins that come to a payment's address, or leave it with their block, explain its balance in the same transaction."""
    watcher = addresses.find(item.address_id) if coins else None
    return [] if watcher is None else [_explained(watcher, coins)]


def _explained(watcher: CryptoAddressItem, coins: int) -> storage.Write:
    explained = str(int(watcher.explained or "0") + coins)
    key = CryptoAddressItem.wire_key(watcher.address_id)
    return storage.update(CryptoAddressItem, key, [CryptoAddressItem.explained.set(explained)], None)


def _commit(cursor: CursorItem, writes: Sequence[storage.Write]) -> CryptoTransactionItem | None:
    try:
        storage.transact([fenced(cursor), *writes])
    except storage.TransactionRefused as refused:
        fence, row = refused.reasons[0], refused.reasons[1]
        if fence.is_condition:
            raise LeaseLost(cursor.network) from refused
        if row.is_condition and row.item is not None:
            return CryptoTransactionItem.load(row.item)
        raise storage.Unavailable(str(refused)) from refused
    return None
