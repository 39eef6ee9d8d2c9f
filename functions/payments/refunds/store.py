"""The `refunds` table, and what a refund changes in the sums of its payment."""

from typing import Final

from pynamodb.expressions.condition import Condition

from paycorex import storage
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured, refundable
from paycorex.records.refund import RefundItem

_BY_PAYMENT: Final = "by_payment"


def reserve_refund(
    payment: PaymentItem, amount: int, *, settled: bool, now_ms: int, forced: bool = False, most: int | None = None
) -> storage.Write:
    """Take an amount out of what may still be refunded; the condition keeps refunded, pending and disputed together within the payment.

    Status and disputed amount must be those that were ruled upon. forced: what is disputed may be refunded too. most: refunded and
    pending are not above it afterwards.
    """
    bound = refundable(payment, forced=forced)
    within = PaymentItem.amount_reserved <= (bound if most is None else min(bound, most)) - amount
    condition = (PaymentItem.status == payment.status) & _disputed_as_seen(payment) & within
    actions = [
        PaymentItem.amount_reserved.set(PaymentItem.amount_reserved + amount),
        PaymentItem.version.set(PaymentItem.version + 1),
        PaymentItem.updated_at.set(now_ms),
    ]
    if settled:
        actions.append(PaymentItem.amount_refunded.set(PaymentItem.amount_refunded + amount))
    return storage.update(PaymentItem, PaymentItem.wire_key(payment.payment_id), actions, condition)


def _disputed_as_seen(payment: PaymentItem) -> Condition:
    if payment.amount_disputed is None:
        return PaymentItem.amount_disputed.does_not_exist()
    return PaymentItem.amount_disputed == int(payment.amount_disputed)


def end_refund(payment: PaymentItem, reserved: int, *, given_back: int, now_ms: int) -> storage.Write:
    """Of a reserved amount so much was given back (perhaps more than was reserved), and the rest may be refunded again.

    The condition keeps refunded plus pending within the payment.
    """
    more = given_back - reserved
    actions = [
        PaymentItem.amount_refunded.set(PaymentItem.amount_refunded + given_back),
        PaymentItem.amount_reserved.set(PaymentItem.amount_reserved + more),
        PaymentItem.version.set(PaymentItem.version + 1),
        PaymentItem.updated_at.set(now_ms),
    ]
    condition = PaymentItem.amount_reserved.between(reserved, captured(payment) - max(more, 0))
    return storage.update(PaymentItem, PaymentItem.wire_key(payment.payment_id), actions, condition)


def return_refund(payment_id: str, amount: int, *, now_ms: int) -> storage.Write:
    """An amount that was given back came back, and may be refunded again."""
    actions = [
        PaymentItem.amount_refunded.set(PaymentItem.amount_refunded - amount),
        PaymentItem.amount_reserved.set(PaymentItem.amount_reserved - amount),
        PaymentItem.version.set(PaymentItem.version + 1),
        PaymentItem.updated_at.set(now_ms),
    ]
    return storage.update(PaymentItem, PaymentItem.wire_key(payment_id), actions, PaymentItem.amount_refunded >= amount)


def change_refund(before: RefundItem, after: RefundItem) -> storage.Write:
    """Store a refund's next version, unless another write did since `before` was read."""
    actions = storage.difference(before, after)
    return storage.update(RefundItem, RefundItem.wire_key(before.refund_id), actions, RefundItem.version == int(before.version))


def new_refund(item: RefundItem) -> storage.Write:
    """Store a refund that is not there yet."""
    return storage.put(item, RefundItem.refund_id.does_not_exist())


def find_refund(refund_id: str) -> RefundItem | None:
    """A refund as it stands now."""
    return storage.get(RefundItem, refund_id)


def refunds_of(payment_id: str, *, limit: int, position: str | None) -> storage.Merged[RefundItem]:
    """A payment's refunds, newest first."""
    return storage.merge_newest_first(
        [payment_id],
        lambda partition, below: storage.query(
            RefundItem,
            _below(RefundItem.payment_id == partition, RefundItem.order_key < below if below else None),
            index=_BY_PAYMENT,
            newest_first=True,
            limit=limit + 1,
        ),
        sort_key=lambda item: item.order_key,
        keep=lambda _item: True,
        limit=limit,
        position=position,
    )


def _below(partition: Condition, bound: Condition | None) -> Condition:
    return partition if bound is None else partition & bound
