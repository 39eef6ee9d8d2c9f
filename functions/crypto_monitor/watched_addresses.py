"""The watch list: addresses that a merchant registers for its users, beside the deposit addresses of its payments."""

from dataclasses import dataclass
from typing import Final

from crypto_monitor.stores import addresses as address_store
from paycorex import clock, storage
from paycorex.backoff import jitter
from paycorex.errors import InvalidState, NotFound, TooMany
from paycorex.evm import networks
from paycorex.evm.address import InvalidAddress, canonical
from paycorex.idempotency import Claim
from paycorex.records.crypto_address import CryptoAddressItem, address_id_of, shard_of, watched
from paycorex.records.order import order_key

# That a merchant registers itself, on all networks together: every block's transfers are compared with them.
MAX_WATCHED: Final = 1_000
_TRIES: Final = 5
_WAIT_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Registration:
    """A request to watch an address, as typed."""

    merchant_id: str
    network: str
    address: str
    user_id: str | None
    label: str | None


def register(order: Registration, claim: Claim) -> tuple[CryptoAddressItem, bool]:
    """Watch an address; it, and whether it is new. Registered again it is the same record, started again if it was stopped.

    Raises InvalidAddress, UnsupportedNetwork, TooMany, storage.TransactionRefused when another request was faster.
    """
    network = networks.named(order.network)
    address = canonical(order.address)
    if network.token_at(address) is not None:
        raise InvalidAddress("this is a token's contract; money sent there is lost", "address")
    known = address_store.find(address_id_of(order.merchant_id, network.name, address))
    if known is None:
        item = watched(
            merchant_id=order.merchant_id,
            network=network.name,
            address=address,
            user_id=order.user_id,
            label=order.label,
            now_ms=clock.now_ms(),
        )
        _watch(order.merchant_id, address_store.new_address(item), claim.rows(reference=item.address_id))
        return item, True
    rows = claim.rows(reference=known.address_id, status=200)
    if known.is_active:
        storage.transact(rows)
    else:
        _watch(order.merchant_id, _started(known, order), rows)
    return known, False


def _watch(merchant_id: str, write: storage.Write, rows: list[storage.Write]) -> None:
    """One address more, in one transaction with its count. Raises TooMany, storage.TransactionRefused, storage.Unavailable."""
    for attempt in range(_TRIES):
        try:
            return storage.transact([address_store.one_more(merchant_id, MAX_WATCHED), write, *rows])
        except storage.TransactionRefused as refused:
            if refused.reasons[0].is_condition:
                raise TooMany(
                    f"A merchant watches at most {MAX_WATCHED} addresses. Stop watching one first.", limit=MAX_WATCHED
                ) from refused
            if any(reason.is_condition for reason in refused.reasons):
                raise
            # Another registration of the merchant's is being counted.
            clock.sleep(jitter(_WAIT_SECONDS * (attempt + 1)))
    raise storage.Unavailable("the count of watched addresses is busy")


def _started(item: CryptoAddressItem, order: Registration) -> storage.Write:
    item.is_active = True
    item.user_id, item.label = order.user_id, order.label
    item.order_key = item.watch_key = order_key(clock.now_ms(), item.address_id)
    item.network_shard = shard_of(item.network, item.address_id)
    return address_store.replace(item, was_active=False)


def stop(merchant_id: str, address_id: str, claim: Claim) -> CryptoAddressItem:
    """Stop watching. A deposit address stays watched, so that late money is never lost.

    Raises NotFound, InvalidState, storage.TransactionRefused.
    """
    item = find(merchant_id, address_id)
    if item.payment_id is not None:
        raise InvalidState("A payment's deposit address stays watched, so that late money is never lost.")
    writes = claim.rows(reference=address_id, status=200)
    if item.is_active:
        item.is_active = False
        # Out of both indexes: neither listed nor watched.
        item.order_key = item.network_shard = item.watch_key = None
        writes = [address_store.replace(item, was_active=True), address_store.one_less(merchant_id), *writes]
    storage.transact(writes)
    return item


def find(merchant_id: str, address_id: str) -> CryptoAddressItem:
    """One address of the merchant. Raises NotFound."""
    item = address_store.find(address_id)
    if item is None or item.merchant_id != merchant_id:
        raise NotFound("address")
    return item
