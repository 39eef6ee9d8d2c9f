"""Deposit addresses: a fresh one per payment, derived from the merchant's extended public key. No private key ever exists here.

The payments room uses this module; it imports neither web3 nor the access to chains.
"""

from dataclasses import dataclass
from typing import Final

from crypto_monitor.stores import addresses as address_store
from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.evm.extended_key import EXTERNAL_CHAIN, parse_account
from paycorex.evm.networks import Network
from paycorex.rate_limits import Limit
from paycorex.records.crypto_address import address_id_of, watched

PREVIEWED: Final = 5
# An index is skipped when the merchant watches its address already (registered by hand): then its money could not be attributed.
MAX_SKIPPED: Final = 20
# Deposit addresses that one merchant may take. They stay watched when their payment has ended, so this bounds how fast the list grows,
# and with how long payments are open also how many open ones there can be.
DEPOSITS: Final = Limit("deposit_address", 3_000, window_seconds=3600)


@dataclass(frozen=True, slots=True)
class Deposit:
    """A fresh deposit address (canonical). `watch` belongs into the transaction that stores its payment: both exist or neither."""

    address: str
    address_id: str
    index: int
    watch: storage.Write


def deposit(merchant_id: str, xpub: str, network: Network, *, payment_id: str, user_id: str | None) -> Deposit:
    """Derive the next unused address of the key.

    The index is counted per key, not per network or merchant: one key on three networks, or of two merchants, never yields an address for
    two payments, so money sent on the wrong network cannot settle another payment. Raises InvalidExtendedKey, PrivateKeyRefused,
    RateLimited, storage.Unavailable, storage.OutcomeUnknown.
    """
    key = parse_account(xpub)
    DEPOSITS.take(merchant_id)
    for _attempt in range(MAX_SKIPPED):
        index = address_store.take_index(key)
        address = key.receive_address(index)
        address_id = address_id_of(merchant_id, network.name, address)
        if address_store.find(address_id) is None:
            item = watched(
                merchant_id=merchant_id,
                network=network.name,
                address=address,
                user_id=user_id,
                now_ms=clock.now_ms(),
                payment_id=payment_id,
                derivation_index=index,
            )
            return Deposit(address, address_id, index, address_store.new_address(item))
    raise TemporarilyUnavailable("The next addresses of this key are all watched already.")


def preview(xpub: str) -> list[tuple[int, str]]:
    """The first receive addresses of a key, to be compared with the wallet before the key is saved.

    Raises InvalidExtendedKey or PrivateKeyRefused.
    """
    external = parse_account(xpub).child(EXTERNAL_CHAIN)
    return [(index, external.child(index).address()) for index in range(PREVIEWED)]
