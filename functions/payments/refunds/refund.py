"""Refunds: full, partial and repeated, until the payment is used up.

The sum guard is one condition on the payment, in the same transaction as the refund: refunded plus pending never exceeds the payment,
whoever asks at the same time. A wallet is given its money at once; what a provider holds is given back by `provider_refunds`.
"""

from dataclasses import dataclass

from paycorex import clock, ledger, storage
from paycorex.backoff import jitter
from paycorex.credentials import Caller
from paycorex.errors import NotFound, Refusal, TemporarilyUnavailable, UnsupportedAmount
from paycorex.idempotency import Claim
from paycorex.ledger import Account, Journal
from paycorex.money import Money, format_minor
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem, entry_references
from paycorex.records.refund import RefundItem, refund_reference
from paycorex.records.stamps import stamp
from payments.connectors import registry
from payments.payment import attempts, late_money, lookup, overflow_store, pool, suspense, versions
from payments.payment import store as payment_store
from payments.refunds import at_provider, on_chain, store

MAX_TRIES = 6
_CEILING_SECONDS = 0.05


class RefundExceedsPayment(Refusal):
    """More than what is left of the payment."""

    code = "refund_exceeds_payment"


class PaymentNotRefundable(Refusal):
    """Only a successful payment can be refunded."""

    code = "payment_not_refundable"


class PaymentMoved(Exception):
    """The payment changed under us."""


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """A request to refund. `amount` is text in major units, None for all that is left.

    also: writes that belong to it (the wallet's transfer), made once the refund's amount is known.
    """

    caller: Caller
    claim: Claim
    payment_id: str
    amount: str | None
    reason: str | None
    transfer_id: str | None = None
    # Where to, for money that came over a chain.
    refund_address: str | None = None


def refund(order: RefundOrder, also: list[storage.Write] | None = None) -> RefundItem:
    """Refund a payment.

    Raises NotFound, PaymentNotRefundable, RefundExceedsPayment, InvalidAmount, UnsupportedAmount, TemporarilyUnavailable, or
    ledger.RecordRefused or storage.TransactionRefused when the claim is taken.
    """
    for attempt in range(MAX_TRIES):
        payment = lookup.find(order.caller.merchant_id, order.payment_id)
        amount = refundable_amount(payment, order.amount)
        try:
            if payment.method == "wallet":
                return _refund_to_wallet(order, payment, amount, also or [])
            _refuse_inexpressible(payment.provider, amount)
            reservation = [store.reserve_refund(payment, amount.minor, settled=False, now_ms=clock.now_ms())]
            return _refund_at_provider(order, payment, amount, reservation)
        except PaymentMoved:
            # Look again, and refuse by what it says now.
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
    raise TemporarilyUnavailable


def refund_late(order: RefundOrder, late_id: str | None) -> RefundItem:
    """Give back money that came beside the payment, all of it: out of suspense, or a surplus that was accepted from the merchant.

    Raises what refund raises, and InvalidState when there is none, or it is given back already.
    """
    for attempt in range(MAX_TRIES):
        payment = lookup.find(order.caller.merchant_id, order.payment_id)
        payment = overflow_store.with_late(payment, [late_id] if late_id else [])
        money = suspense.find(payment, late_id, (late_money.HELD, late_money.ACCEPTED))
        _refuse_inexpressible(money.connector, money.left)
        after = storage.copy_of(payment)
        after.late_money = late_money.stored_after(payment, money.becomes(late_money.REFUNDING))
        after.method_state = pool.without(payment, money) or payment.method_state
        reservation = payment_store.changes(payment, versions.bumped(payment, after, clock.now_ms()))
        try:
            return _refund_at_provider(order, payment, money.left, reservation, money.late_id)
        except PaymentMoved:
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
    raise TemporarilyUnavailable


def refundable_amount(payment: PaymentItem, asked: str | None) -> Money:
    """The amount to refund. Raises PaymentNotRefundable, RefundExceedsPayment or InvalidAmount.

    A charge whose outcome nobody knows yet may be refunded too: the refund waits until it is known.
    """
    outcome_unknown = payment.status == "processing" and payment.method == "tokenized" and attempts.is_open(payment)
    if not (payment.status == "success" or outcome_unknown):
        raise PaymentNotRefundable(f"A payment that is {payment.status} cannot be refunded.", details={"status": payment.status})
    left = int(payment.amount) - int(payment.amount_reserved)
    amount = Money(left, payment.currency) if asked is None else Money.parse(asked, payment.currency)
    if left == 0 or amount.minor > left:
        shown = format_minor(left, payment.currency)
        raise RefundExceedsPayment("The refund exceeds what is left of the payment.", details={"refundable": shown})
    return amount


def _refuse_inexpressible(connector: str | None, amount: Money) -> None:
    """Before anything is reserved: a provider has no number for every amount. Raises UnsupportedAmount."""
    problem = None if connector is None else registry.amount_problem(connector, amount)
    if problem is not None:
        raise UnsupportedAmount(problem, details={"field": "amount", "connector": connector})


def find(merchant_id: str, refund_id: str) -> RefundItem:
    """One refund of the merchant. Raises NotFound."""
    item = store.find_refund(refund_id)
    if item is None or item.merchant_id != merchant_id:
        raise NotFound("refund")
    return item


def _refund_to_wallet(order: RefundOrder, payment: PaymentItem, amount: Money, also: list[storage.Write]) -> RefundItem:
    """The journal of a wallet payment, reversed: merchant to wallet, at once."""
    item = draft(order, payment, amount)
    journal = Journal.transfer(
        source=Account.of_merchant(payment.merchant_id, payment.currency),
        target=Account.of_wallet(payment.merchant_id, payment.wallet_id or "", payment.currency),
        amount=amount,
        reference=refund_reference(item),
        description=order.reason,
    )

    claim = order.claim.rows(reference=order.transfer_id or item.refund_id)
    reservation = store.reserve_refund(payment, amount.minor, settled=True, now_ms=int(item.created_at))

    def record(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        item.entries = entry_references(entries)
        # The claim first: after an answer that was lost it says that this very refund was made, before the guard says that it exceeds.
        return [*claim, reservation, store.new_refund(item), *also]

    try:
        ledger.post(journal, record, lanes=order.caller.lanes)
    except ledger.RecordRefused as refused:
        if refused.index == len(claim):
            raise PaymentMoved from refused
        raise
    return item


def _refund_at_provider(
    order: RefundOrder, payment: PaymentItem, amount: Money, reservation: list[storage.Write], late_id: str | None = None
) -> RefundItem:
    """Reserve, remember, ask: in this order, so that a refund that was asked for is never forgotten."""
    item = draft(order, payment, amount, "pending")
    item.late_id = late_id
    if payment.method == "crypto":
        on_chain.begin(item, payment, order.refund_address)
    else:
        at_provider.begin(item)
    claim = order.claim.rows(reference=item.refund_id)
    try:
        storage.transact([*claim, *reservation, store.new_refund(item)])
    except storage.TransactionRefused as refused:
        if any(reason.is_condition for reason in refused.reasons[: len(claim)]):
            raise
        raise PaymentMoved from refused
    except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
        raise PaymentMoved from trouble
    # What came over a chain is given back by the merchant's own wallet.
    return item if payment.method == "crypto" else at_provider.execute(item, payment)


def draft(order: RefundOrder, payment: PaymentItem, amount: Money, status: str = "success") -> RefundItem:
    """The first version of a refund in this status. Nothing is stored yet."""
    refund_id = order.claim.record_id("ref")
    now = clock.now_ms()
    return RefundItem(
        refund_id=refund_id,
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        amount=amount.minor,
        currency=payment.currency,
        status=status,
        reason=order.reason,
        transfer_id=order.transfer_id,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, refund_id),
        **stamp("refund.success" if status == "success" else "refund.created", now),
    )
