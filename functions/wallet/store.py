"""The `wallets` and `transfers` tables."""

from collections.abc import Iterator
from typing import Any

from paycorex import storage
from paycorex.caching import TimedCache
from paycorex.records.payment import PaymentItem
from paycorex.records.transfer import TransferItem
from paycorex.records.wallet import WalletItem

_BY_USER = "by_user"
_LISTED_UNDER = "by_listed_under"

# A wallet's row never changes, so it may be remembered; balances are not in it.
_known: TimedCache[WalletItem] = TimedCache(lifetime_seconds=3600, max_entries=5_000)


def find_wallet(wallet_id: str) -> WalletItem | None:
    """A wallet by its id; a consistent read only when a cheaper one finds nothing."""
    known = _known.get(wallet_id)
    if known is None:
        known = storage.get(WalletItem, wallet_id, consistent=False) or storage.get(WalletItem, wallet_id)
        if known is not None:
            _known.put(wallet_id, known)
    return known


def wallets_of(merchant_user: str, *, limit: int | None = None) -> list[WalletItem]:
    """A user's wallets with a merchant, one per currency, in the order of these."""
    return storage.query(WalletItem, WalletItem.merchant_user == merchant_user, index=_BY_USER, limit=limit).items


def held_from(wallet_id: str) -> Iterator[PaymentItem]:
    """Payments for which some of a wallet's money is set aside."""
    start: Any = None
    while True:
        page = storage.query(PaymentItem, PaymentItem.listed_under == wallet_id, index=_LISTED_UNDER, start=start)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def new_wallet(item: WalletItem) -> storage.Write:
    """Store a wallet that is not there yet."""
    return storage.put(item, WalletItem.wallet_id.does_not_exist())


def find_transfer(transfer_id: str) -> TransferItem | None:
    """A transfer by its id."""
    return storage.get(TransferItem, transfer_id)


def new_transfer(item: TransferItem) -> storage.Write:
    """Store a transfer that is not there yet."""
    return storage.put(item, TransferItem.transfer_id.does_not_exist())
