"""Method `wallet`, captured by the merchant: the money is set aside out of the wallet, so that only what is left can be spent.

The guard is the wallet's own: what is available is its balance, and what is held is in an account of the payment (`hold`).
"""

from typing import Final

from paycorex import clock, ledger
from paycorex.ledger import Account, InsufficientFunds, Journal
from paycorex.ledger.lanes import choose
from paycorex.money import Money
from paycorex.records.hold import Hold, part_reference
from paycorex.records.payment import PaymentItem
from payments.methods.wallet import refuse_missing, with_wallet
from payments.payment import creation, due, hold_times, session_writes, store
from payments.payment.dry_run import Explained
from payments.payment.orders import Order, Recorded, failed, held

# For how long a wallet's money is held, unless the order says otherwise.
HOLD_SECONDS: Final = 7 * 24 * 3600


def start(order: Order) -> Recorded:
    """Set the amount aside.

    A wallet that is too empty leaves a stored failed payment. Raises what a payment from a wallet raises.
    """
    order = with_wallet(order)
    journal = _set_aside(order)
    try:
        made: list[Recorded] = []

        def record(_entries: tuple[ledger.Entry, ...]) -> list[creation.Write]:
            if order.looks_at_each_try:
                creation.look(order)
            made[:] = [Recorded(_first_version(order))]
            first = made[0].payment
            session = session_writes.of_first(first, order.session_try)
            return [*order.claim_writes(on_a_chain=True), store.new_payment(first), *session]

        ledger.post(journal, record, lanes=order.caller.lanes)
        return made[0]
    except InsufficientFunds as refusal:
        refuse_missing(order)
        if order.looks_at_each_try:
            creation.look(order)
        lane = choose(order.caller.merchant_id, order.caller.lanes)
        return creation.record_first(order, failed(order, refusal.code, refusal.message, lane=lane))
    except ledger.RecordRefused as refused:
        return creation.earlier(order, refused.item)


def explain(order: Order) -> Explained:
    """What `start` would do. Raises what it raises."""
    order = with_wallet(order)
    try:
        entries = ledger.preview(_set_aside(order), lanes=order.caller.lanes)
    except InsufficientFunds as refusal:
        refuse_missing(order)
        return Explained(failed(order, refusal.code, refusal.message, lane=0), None, (), ("payment.failed",))
    return Explained(_first_version(order), None, entries, ("payment.authorized",))


def journal_of(payment: PaymentItem, amount: Money, number: int) -> Journal:
    """Wallet to hold: the first part (0) or the n-th increment."""
    return Journal.transfer(
        source=Account.of_wallet(payment.merchant_id, payment.wallet_id or "", payment.currency),
        target=Account.of_hold(payment.merchant_id, payment.payment_id, payment.currency),
        amount=amount,
        reference=part_reference(payment.payment_id, number),
    )


def _set_aside(order: Order) -> Journal:
    merchant_id, currency = order.caller.merchant_id, order.amount.currency
    return Journal.transfer(
        source=Account.of_wallet(merchant_id, order.wallet_id or "", currency),
        target=Account.of_hold(merchant_id, order.payment_id, currency),
        amount=order.amount,
        reference=part_reference(order.payment_id, 0),
    )


def _first_version(order: Order) -> PaymentItem:
    expires_ms = clock.now_ms() + (order.hold_seconds or HOLD_SECONDS) * 1000
    hold = Hold((order.amount.minor,), expires_ms)
    item = held(order, hold, lane=choose(order.caller.merchant_id, order.caller.lanes))
    item.listed_under = order.wallet_id
    due.set_due(item, hold_times.due_ms(hold, clock.now_ms()))
    return item
