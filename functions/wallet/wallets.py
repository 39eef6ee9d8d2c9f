"""Wallets: creating, finding, filling. Balances live in the ledger, never here."""

from dataclasses import dataclass

from paycorex import clock, ledger, storage
from paycorex.errors import InvalidRequest, NotFound, Refusal
from paycorex.idempotency import Claim
from paycorex.ledger import Account, Journal, Reference, ReferenceType
from paycorex.money import Money
from paycorex.records.hold import left
from paycorex.records.order import order_key
from paycorex.records.stamps import stamp
from paycorex.records.transfer import TransferItem
from paycorex.records.wallet import WalletItem, account_of, wallet_id_of
from wallet import store

# Where a top-up comes from, as the other side of its journal names it.
TOPUP_SOURCE = "topup"


class WalletExists(Refusal):
    """The user has a wallet in this currency already; `details` name it."""

    code = "wallet_exists"

    def __init__(self, wallet_id: str) -> None:
        super().__init__("This user has a wallet in this currency already.", details={"wallet_id": wallet_id})


@dataclass(frozen=True, slots=True)
class TransferResult:
    """A wallet, its balance in minor units, and the transfer that changed it."""

    wallet: WalletItem
    balance: int
    transfer: TransferItem

    @property
    def held(self) -> int:
        """What is set aside of the wallet's money now."""
        return held(self.wallet)


def create(merchant_id: str, user_id: str, currency: str, *, claim: Claim) -> WalletItem:
    """Create a user's wallet in a currency. Raises WalletExists."""
    wallet = WalletItem(
        wallet_id=wallet_id_of(merchant_id, user_id, currency),
        merchant_id=merchant_id,
        user_id=user_id,
        currency=currency,
        merchant_user=_merchant_user(merchant_id, user_id),
        created_at=clock.now_ms(),
    )
    try:
        storage.transact([store.new_wallet(wallet), *claim.rows(reference=wallet.wallet_id)])
    except storage.TransactionRefused as refused:
        there, *claims = refused.reasons
        if there.is_condition and not any(reason.is_condition for reason in claims):
            raise WalletExists(wallet.wallet_id) from refused
        raise
    return wallet


def find(merchant_id: str, *, wallet_id: str | None, user_id: str | None, currency: str) -> WalletItem:
    """The merchant's wallet by its id, or a user's in a currency. Raises NotFound or InvalidRequest."""
    if (wallet_id is None) == (user_id is None):
        raise InvalidRequest("Give either wallet_id or user_id.", details={"field": "wallet_id"})
    found = store.find_wallet(wallet_id or wallet_id_of(merchant_id, user_id or "", currency))
    if found is None or found.merchant_id != merchant_id:
        raise NotFound("wallet", hint="POST /v1/wallet/create makes one, for a user and a currency.")
    return found


def of_user(merchant_id: str, user_id: str, *, limit: int | None = None) -> list[WalletItem]:
    """The wallets of a user with the merchant: all, or the first of them."""
    return store.wallets_of(_merchant_user(merchant_id, user_id), limit=limit)


def balance(wallet: WalletItem) -> int:
    """Minor units, by a consistent read."""
    return ledger.balance_of(account_of(wallet))


def held(wallet: WalletItem) -> int:
    """Minor units that are set aside for payments, as their records say; a moment old at most."""
    return sum(max(left(payment), 0) for payment in store.held_from(wallet.wallet_id))


def top_up(wallet: WalletItem, amount: Money, reference: str | None, *, claim: Claim, lanes: int) -> TransferResult:
    """Credit a wallet from the merchant's clearing account, in one transaction with the transfer and the claim.

    Raises TemporarilyUnavailable, or ledger.RecordRefused when the claim is taken.
    """
    transfer_id = claim.record_id("trf")
    now = clock.now_ms()
    transfer = TransferItem(
        transfer_id=transfer_id,
        merchant_id=wallet.merchant_id,
        wallet_id=wallet.wallet_id,
        user_id=wallet.user_id,
        type=ReferenceType.TOPUP.value,
        amount=amount.minor,
        currency=amount.currency,
        reference=reference,
        journal_of=transfer_id,
        created_at=now,
        order_key=order_key(now, transfer_id),
        **stamp("wallet.topup", now),
    )
    journal = Journal.transfer(
        source=Account.clearing(wallet.merchant_id, TOPUP_SOURCE, amount.currency),
        target=account_of(wallet),
        amount=amount,
        reference=Reference(ReferenceType.TOPUP, transfer_id),
        description=reference,
    )
    writes = [store.new_transfer(transfer), *claim.rows(reference=transfer_id)]
    entries = ledger.post(journal, lambda _entries: writes, lanes=lanes)
    return TransferResult(wallet, entries[1].balance, transfer)


def find_transfer(merchant_id: str, transfer_id: str) -> TransferResult:
    """What a transfer did, with the wallet as it now stands. Raises NotFound."""
    transfer = store.find_transfer(transfer_id)
    if transfer is None or transfer.merchant_id != merchant_id:
        raise NotFound("transfer")
    wallet = find(merchant_id, wallet_id=transfer.wallet_id, user_id=None, currency=transfer.currency)
    return TransferResult(wallet, balance(wallet), transfer)


def _merchant_user(merchant_id: str, user_id: str) -> str:
    return f"{merchant_id}#{user_id}"
