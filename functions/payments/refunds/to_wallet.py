"""Refunds asked for at the wallet: the payments decide, and a transfer shows it among the wallet's movements."""

from paycorex import clock
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.idempotency import Claim
from paycorex.ledger import ReferenceType
from paycorex.money import Money
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.transfer import TransferItem
from payments.refunds import refund as refunds
from wallet import store, wallets


def refund(
    caller: Caller, claim: Claim, paid: PaymentItem, amount: str | None, reference: str | None, most: Money | None = None
) -> wallets.TransferResult:
    """Refund a wallet payment; refund, transfer, journal and claim are one transaction. most: as in RefundOrder.

    Raises what refunds.refund raises, and NotFound for a payment that no wallet made.
    """
    if paid.wallet_id is None:
        raise NotFound("wallet payment")
    wallet = wallets.find(caller.merchant_id, wallet_id=paid.wallet_id, user_id=None, currency=paid.currency)
    transfer_id, now = claim.record_id("trf"), clock.now_ms()
    money = refunds.refundable_amount(paid, amount)
    transfer = TransferItem(
        transfer_id=transfer_id,
        merchant_id=paid.merchant_id,
        wallet_id=wallet.wallet_id,
        user_id=wallet.user_id,
        type=ReferenceType.WALLET_REFUND.value,
        amount=money.minor,
        currency=money.currency,
        reference=reference,
        journal_of=claim.record_id("ref"),
        created_at=now,
        order_key=order_key(now, transfer_id),
    )
    # The amount is fixed here: what is left of the payment may change until the transaction, and the transfer must say what moved.
    order = refunds.RefundOrder(caller, claim, paid.payment_id, str(money), reference, transfer_id, most=most)
    refunds.refund(order, also=[store.new_transfer(transfer)])
    return wallets.TransferResult(wallet, wallets.balance(wallet), transfer)
