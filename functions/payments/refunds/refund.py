"""Refunds: full, partial and repeated, until the payment is used up.

The sum guard is one condition on the payment, in the same transaction as the refund: refunded plus pending never exceeds the payment,
however many requests come at the same time. A wallet is given its money at once; what a provider holds is refunded by `at_provider`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from paycorex import clock, storage
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.idempotency import Claim
from paycorex.money import Money, format_minor
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual, refundable
from paycorex.records.refund import RefundItem
from paycorex.records.stamps import stamp
from payments.payment import attempts, late_money, lookup, overflow_store, pool, suspense, versions
from payments.payment import store as payment_store
from payments.payment.commit import Step, commit
from payments.refunds import at_provider, bookings, large, large_late, on_chain, refusals, store


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
    # Also what a payer's bank asks for: then it is lost twice.
    is_forced: bool = False
    # Up to which sum of the payment's refunds it may go (`large.unasked`); None: no such bound.
    most: Money | None = None

    @property
    def refund_id(self) -> str:
        """The id of the refund that this order becomes: the same for every retry of it."""
        return self.claim.record_id("ref")

    def claim_writes(self) -> list[storage.Write]:
        """The writes that claim the order's request."""
        return self.claim.rows(reference=self.transfer_id or self.refund_id)


@dataclass(frozen=True, slots=True)
class NewRefund(Step[RefundItem]):
    """A refund that is stored for the first time. payment: as it was read."""

    payment: PaymentItem = field(kw_only=True)


def refund(order: RefundOrder, also: Sequence[storage.Write] = ()) -> RefundItem:
    """Refund a payment.

    Raises NotFound, PaymentNotRefundable, RefundExceedsPayment, InvalidAmount, UnsupportedAmount, TemporarilyUnavailable, Overtaken when
    another refund was faster and made a large one of this, or ledger.RecordRefused or storage.TransactionRefused when the claim is taken.
    """

    def rule(payment: PaymentItem) -> NewRefund:
        amount = refundable_amount(payment, order.amount, forced=order.is_forced)
        large.refuse_beyond(order.most, payment, amount)
        if payment.method == "wallet":
            return _to_wallet(order, payment, amount, also)
        refusals.refuse_inexpressible(payment.provider, amount)
        reservation = _reservation(order, payment, amount, settled=False, now_ms=clock.now_ms())
        return _reserved(order, payment, amount, [reservation])

    def read() -> PaymentItem:
        return lookup.find(order.caller.merchant_id, order.payment_id)

    return _executed(commit(rule, read, claim=order.claim_writes(), lanes=order.caller.lanes))


def refund_late(order: RefundOrder, late_id: str | None) -> RefundItem:
    """Give back money that came beside the payment, all of it: out of suspense, or a surplus that was accepted from the merchant.

    Raises what refund raises (PaymentNotRefundable: a payer's bank asks for this very money; Overtaken), and InvalidState when there is
    none, or it is given back already.
    """

    def rule(payment: PaymentItem) -> NewRefund:
        money = suspense.find(payment, late_id, (late_money.HELD, late_money.ACCEPTED))
        refusals.refuse_disputed_late(payment, money)
        refusals.refuse_inexpressible(money.connector, money.left)
        large_late.refuse_beyond(order.most, payment, money)
        after = storage.copy_of(payment)
        after.late_money = late_money.stored_after(payment, money.becomes(late_money.REFUNDING))
        after.method_state = pool.without(payment, money) or payment.method_state
        reservation = payment_store.changes(payment, versions.next_revision(payment, after, clock.now_ms()))
        return _reserved(order, payment, money.left, reservation, money.late_id)

    def read() -> PaymentItem:
        return overflow_store.with_late(lookup.find(order.caller.merchant_id, order.payment_id), [late_id] if late_id else [])

    return _executed(commit(rule, read, claim=order.claim_writes(), lanes=order.caller.lanes))


def _executed(stored: NewRefund) -> RefundItem:
    """The refund after the provider was asked for it. A wallet has its money by now; over a chain, the merchant's own wallet sends it."""
    if stored.payment.method in {"wallet", "crypto"}:
        return stored.after
    return at_provider.execute(stored.after, stored.payment)


def refundable_amount(payment: PaymentItem, asked: str | None, *, forced: bool = False) -> Money:
    """The amount to refund. Raises PaymentNotRefundable (a payer's bank asks for it, unless that is forced), RefundExceedsPayment or
    InvalidAmount.

    A charge whose outcome is not known yet may be refunded too: the refund waits until it is known.
    """
    is_charged = payment.status == "processing" and payment.method == "tokenized" and not is_manual(payment)
    outcome_unknown = is_charged and attempts.is_open(payment)
    in_part = payment.status == "authorized" and refundable(payment, forced=True) > 0
    if not (payment.status == "success" or outcome_unknown or in_part):
        raise refusals.PaymentNotRefundable(f"A payment that is {payment.status} cannot be refunded.", details={"status": payment.status})
    left = refundable(payment, forced=forced) - int(payment.amount_reserved)
    amount = Money(left, payment.currency) if asked is None else Money.parse(asked, payment.currency)
    refusals.refuse_disputed(payment, left, amount.minor)
    if left <= 0 or amount.minor > left:
        shown = format_minor(max(left, 0), payment.currency)
        raise refusals.RefundExceedsPayment(
            f"The refund exceeds what is left of the payment, which is {shown}.", details={"refundable": shown}
        )
    return amount


def find(merchant_id: str, refund_id: str) -> RefundItem:
    """One refund of the merchant. Raises NotFound."""
    item = store.find_refund(refund_id)
    if item is None or item.merchant_id != merchant_id:
        raise NotFound("refund")
    return item


def _to_wallet(order: RefundOrder, payment: PaymentItem, amount: Money, also: Sequence[storage.Write]) -> NewRefund:
    """The journal of a wallet payment, reversed: merchant to wallet, at once."""
    item = draft(order, payment, amount)
    journal = bookings.to_wallet(item, payment)
    reservation = _reservation(order, payment, amount, settled=True, now_ms=int(item.created_at))
    return NewRefund(None, item, lambda: [reservation, store.new_refund(item), *also], journal, keeps_entries=True, payment=payment)


def _reservation(order: RefundOrder, payment: PaymentItem, amount: Money, *, settled: bool, now_ms: int) -> storage.Write:
    most = None if order.most is None else order.most.minor
    return store.reserve_refund(payment, amount.minor, settled=settled, now_ms=now_ms, forced=order.is_forced, most=most)


def _reserved(
    order: RefundOrder, payment: PaymentItem, amount: Money, reservation: Sequence[storage.Write], late_id: str | None = None
) -> NewRefund:
    """The refund as it is stored before the provider is asked for it, so that a refund that was asked for is never forgotten."""
    item = draft(order, payment, amount, "pending")
    item.late_id = late_id
    if payment.method == "crypto":
        on_chain.begin(item, payment, order.refund_address)
    else:
        at_provider.begin(item)
    return NewRefund(None, item, lambda: [*reservation, store.new_refund(item)], payment=payment)


def draft(order: RefundOrder, payment: PaymentItem, amount: Money, status: str = "success") -> RefundItem:
    """The first version of a refund in this status. Nothing is stored yet."""
    refund_id = order.refund_id
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
        is_forced=order.is_forced or None,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, refund_id),
        **stamp("refund.success" if status == "success" else "refund.created", now),
    )
