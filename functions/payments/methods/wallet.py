"""Method `wallet`: debit, credit and the payment itself in one transaction, answered as success or refused."""

from dataclasses import replace

from paycorex import ledger
from paycorex.errors import UnsupportedCurrency
from paycorex.ledger import Account, InsufficientFunds, Journal
from paycorex.ledger.lanes import choose
from paycorex.records.payment import settlement_reference
from paycorex.records.wallet import wallet_id_of
from payments.payment import creation, session_writes, store
from payments.payment.dry_run import Explained
from payments.payment.orders import Order, Recorded, failed, settled
from wallet import wallets


def start(order: Order) -> Recorded:
    """Pay from the payer's wallet.

    A wallet that is too empty leaves a stored failed payment. Raises NotFound for no such wallet, UnsupportedCurrency when the wallet holds
    another one, KeyReused, SignatureReused, creation.Earlier, TemporarilyUnavailable.
    """
    order = with_wallet(order)
    merchant_id = order.caller.merchant_id
    journal = _settlement(order)
    try:
        made: list[Recorded] = []

        def record(entries: tuple[ledger.Entry, ...]) -> list[creation.Write]:
            if order.looks_at_each_try:
                creation.look(order)
            made[:] = [Recorded(settled(order, entries))]
            first = made[0].payment
            session = session_writes.of_first(first, order.session_try)
            return [*order.claim_writes(on_a_chain=True), store.new_payment(first), *session]

        ledger.post(journal, record, lanes=order.caller.lanes)
        return made[0]
    except InsufficientFunds as refusal:
        refuse_missing(order)
        if order.looks_at_each_try:
            creation.look(order)
        lane = choose(merchant_id, order.caller.lanes)
        return creation.record_first(order, failed(order, refusal.code, refusal.message, lane=lane))
    except ledger.RecordRefused as refused:
        return creation.earlier(order, refused.item)


def explain(order: Order) -> Explained:
    """What `start` would do. Raises what it raises."""
    order = with_wallet(order)
    try:
        entries = ledger.preview(_settlement(order), lanes=order.caller.lanes)
    except InsufficientFunds as refusal:
        refuse_missing(order)
        return Explained(failed(order, refusal.code, refusal.message, lane=0), None, (), ("payment.failed",))
    return Explained(settled(order, entries), None, entries, ("payment.success",))


def _settlement(order: Order) -> Journal:
    merchant_id, currency = order.caller.merchant_id, order.amount.currency
    return Journal.transfer(
        source=Account.of_wallet(merchant_id, order.wallet_id or "", currency),
        target=Account.of_merchant(merchant_id, currency),
        amount=order.amount,
        reference=settlement_reference(order.payment_id),
    )


def with_wallet(order: Order) -> Order:
    """Name the wallet and its user both. A wallet named by its user needs no read: its id follows from the user."""
    if order.wallet_id is None:
        wallet_id = wallet_id_of(order.caller.merchant_id, order.user_id or "", order.amount.currency)
        return replace(order, wallet_id=wallet_id)
    wallet = wallets.find(order.caller.merchant_id, wallet_id=order.wallet_id, user_id=None, currency=order.amount.currency)
    if wallet.currency != order.amount.currency:
        raise UnsupportedCurrency(f"The wallet holds {wallet.currency}.", details={"field": "currency"})
    return replace(order, user_id=wallet.user_id)


def refuse_missing(order: Order) -> None:
    """An account without entries may belong to no wallet at all: then the answer is another. Raises NotFound."""
    wallets.find(order.caller.merchant_id, wallet_id=order.wallet_id, user_id=None, currency=order.amount.currency)
