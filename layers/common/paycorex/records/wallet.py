"""A wallet: stored shape and contract object. Its balance lives in the ledger, never here."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, ids, modes
from paycorex.contract import View
from paycorex.ledger import Account
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.storage import Item


class WalletItem(Item):
    """A wallet as it is stored. Never changed once made."""

    class Meta:
        """Which table."""

        table_name = "wallets"

    wallet_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    merchant_user = UnicodeAttribute()
    created_at = NumberAttribute()


class WalletView(View):
    """The contract's wallet object."""

    wallet_id: str
    merchant_id: str
    mode: Mode
    user_id: str
    currency: str
    # What can be spent. `balance` is the same: what is held is in it no more.
    available: str
    balance: str
    # What is set aside for payments that were not captured yet.
    held: str
    created_at: str


def wallet_id_of(merchant_id: str, user_id: str, currency: str) -> str:
    """The id of a user's wallet: one per (user, merchant, currency), so it follows from them."""
    return ids.derive("wal", merchant_id, user_id, currency)


def account_of(item: WalletItem) -> Account:
    """The wallet's account in the ledger."""
    return Account.of_wallet(item.merchant_id, item.wallet_id, item.currency)


def view(item: WalletItem, balance: int, held: int) -> WalletView:
    """The contract object of a stored wallet with its balance and what is held of it, in minor units."""
    return WalletView(
        wallet_id=item.wallet_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        user_id=item.user_id,
        currency=item.currency,
        available=format_minor(balance, item.currency),
        balance=format_minor(balance, item.currency),
        held=format_minor(held, item.currency),
        created_at=clock.rfc3339(int(item.created_at)),
    )
