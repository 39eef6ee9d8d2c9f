"""The `payments` and `refunds` tables."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, zip_longest

from pynamodb.expressions.condition import Condition

from paycorex import storage
from paycorex.records.order import lower_bound, merchant_lane, order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from payments.payment import late_money, overflow_store, references
from payments.payment.versions import DUE_SHARDS, due_before, due_shard

_BY_MERCHANT_LANE = "by_merchant_lane"
_BY_PAYMENT = "by_payment"
_BY_DUE = "by_due"
PAGE_ROWS = 100


def find(payment_id: str) -> PaymentItem | None:
    """A payment as it stands now."""
    return storage.get(PaymentItem, payment_id)


def new_payment(item: PaymentItem) -> storage.Write:
    """Store a payment that is not there yet: its id is the claim of the request."""
    return storage.put(item, PaymentItem.payment_id.does_not_exist())


def change_payment(before: PaymentItem, after: PaymentItem) -> storage.Write:
    """Store a payment's next version, unless somebody else did since `before` was read."""
    actions = storage.difference(late_money.itself(before), late_money.itself(after))
    return storage.update(PaymentItem, PaymentItem.wire_key(before.payment_id), actions, PaymentItem.version == int(before.version))


def changes(before: PaymentItem, after: PaymentItem) -> list[storage.Write]:
    """The same, first, then a row for each reference by which the payment is found from now on, and the rows of late money that changed.

    Only the first can be refused.
    """
    return [change_payment(before, after), *references.rows(before, after), *overflow_store.writes(before, after)]


def reserve_refund(payment: PaymentItem, amount: int, *, settled: bool, now_ms: int) -> storage.Write:
    """Take an amount out of what may still be refunded; the condition keeps refunded plus pending within the payment.

    The status must be the one that was ruled upon.
    """
    refundable = (PaymentItem.status == payment.status) & (PaymentItem.amount_reserved <= int(payment.amount) - amount)
    actions = [
        PaymentItem.amount_reserved.set(PaymentItem.amount_reserved + amount),
        PaymentItem.version.set(PaymentItem.version + 1),
        PaymentItem.updated_at.set(now_ms),
    ]
    if settled:
        actions.append(PaymentItem.amount_refunded.set(PaymentItem.amount_refunded + amount))
    return storage.update(PaymentItem, PaymentItem.wire_key(payment.payment_id), actions, refundable)


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
    condition = PaymentItem.amount_reserved.between(reserved, int(payment.amount) - max(more, 0))
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
    """Store a refund's next version, unless somebody else did since `before` was read."""
    actions = storage.difference(before, after)
    return storage.update(RefundItem, RefundItem.wire_key(before.refund_id), actions, RefundItem.version == int(before.version))


def new_refund(item: RefundItem) -> storage.Write:
    """Store a refund that is not there yet."""
    return storage.put(item, RefundItem.refund_id.does_not_exist())


def find_refund(refund_id: str) -> RefundItem | None:
    """A refund as it stands now."""
    return storage.get(RefundItem, refund_id)


@dataclass(frozen=True, slots=True)
class Due:
    """An entry of the janitor's index: the record, and the time that it is in the index with."""

    model: type[PaymentItem | RefundItem]
    record_id: str
    due_at: str


def due_payments(now_ms: int, limit: int) -> list[Due]:
    """Payments that somebody must look after, merchants by turns, each with the longest due first."""
    return [Due(PaymentItem, item.payment_id, str(item.due_at)) for item in _due(PaymentItem, now_ms, limit)]


def due_refunds(now_ms: int, limit: int) -> list[Due]:
    """Refunds that somebody must look after, merchants by turns, each with the longest due first."""
    return [Due(RefundItem, item.refund_id, str(item.due_at)) for item in _due(RefundItem, now_ms, limit)]


def put_off(due: Due, due_ms: int) -> None:
    """Let the janitor look at it then, whatever else is in the record: it may be one that cannot be read."""
    actions = [due.model.due_at.set(order_key(due_ms, due.record_id))]
    try:
        storage.run(storage.update(due.model, due.model.wire_key(due.record_id), actions, due.model.due_at == due.due_at))
    except storage.ConditionRefused:
        return


def _due[M: (PaymentItem, RefundItem)](model: type[M], now_ms: int, limit: int) -> list[M]:
    by_shard: list[list[M]] = []
    # Each minute another shard comes first, so that what takes the whole tick there does not do so every time.
    first = now_ms // 60_000
    for number in range(first, first + DUE_SHARDS):
        condition = (model.due_shard == due_shard(number % DUE_SHARDS)) & (model.due_at <= due_before(now_ms))
        by_shard.append(storage.query(model, condition, index=_BY_DUE, limit=limit).items)
    turns = (item for turn in zip_longest(*by_shard) for item in turn if item is not None)
    return list(islice(turns, limit))


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


def list_payments(
    *,
    merchant_id: str,
    lanes: int,
    from_ms: int | None,
    to_ms: int | None,
    keep: Callable[[PaymentItem], bool],
    limit: int,
    position: str | None,
) -> storage.Merged[PaymentItem]:
    """A merchant's payments over all lanes, newest first, made within [from, to)."""
    oldest = lower_bound(from_ms or 0)
    top = lower_bound(to_ms) if to_ms is not None else "9"

    def read(partition: str, below: str | None) -> storage.Page[PaymentItem]:
        # BETWEEN is inclusive and a sort key can be compared once only: the upper end is cut off by a character that sorts lower.
        upper = _just_below(below) if below is not None else top
        condition = (PaymentItem.merchant_lane == partition) & PaymentItem.order_key.between(oldest, upper)
        return storage.query(PaymentItem, condition, index=_BY_MERCHANT_LANE, newest_first=True, limit=PAGE_ROWS)

    partitions = [merchant_lane(merchant_id, lane) for lane in range(lanes)]
    return storage.merge_newest_first(partitions, read, sort_key=lambda item: item.order_key, keep=keep, limit=limit, position=position)


def _below(partition: Condition, bound: Condition | None) -> Condition:
    return partition if bound is None else partition & bound


def _just_below(order_key: str) -> str:
    return order_key[:-1] + chr(ord(order_key[-1]) - 1) + "~"
