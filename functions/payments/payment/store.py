"""The `payments` table."""

from collections.abc import Callable

from paycorex import storage
from paycorex.records import operator_work
from paycorex.records.order import lower_bound, merchant_lane
from paycorex.records.payment import PaymentItem
from payments.payment import late_money, overflow_store, references, session_writes

_BY_MERCHANT_LANE = "by_merchant_lane"
_LISTED_UNDER = "by_listed_under"
PAGE_ROWS = 100


def find(payment_id: str) -> PaymentItem | None:
    """A payment as it stands now."""
    return storage.get(PaymentItem, payment_id)


def new_payment(item: PaymentItem) -> storage.Write:
    """Store a payment that is not there yet: its id is the claim of the request."""
    return storage.put(item, PaymentItem.payment_id.does_not_exist())


def change_payment(before: PaymentItem, after: PaymentItem) -> storage.Write:
    """Store a payment's next version, unless another write did since `before` was read."""
    actions = storage.difference(late_money.itself(before), late_money.itself(after))
    return storage.update(PaymentItem, PaymentItem.wire_key(before.payment_id), actions, PaymentItem.version == int(before.version))


def changes(before: PaymentItem, after: PaymentItem) -> list[storage.Write]:
    """The same, first, then a row for each reference by which the payment is found from now on, the rows of late money that changed, the
    checkout session that it pays, and its row among what operators look at, which comes and goes with its review.

    Only the first can be refused.
    """
    rows = [*references.rows(before, after), *overflow_store.writes(before, after), *session_writes.of_change(before, after)]
    return [change_payment(before, after), *rows, *_review_rows(before, after)]


def _review_rows(before: PaymentItem, after: PaymentItem) -> list[storage.Write]:
    was, is_now = before.review is not None, after.review is not None
    return operator_work.changes(operator_work.REVIEWS, after.payment_id, after.merchant_id, was=was, is_now=is_now)


def listed_under(name: str, *, limit: int, position: str | None) -> tuple[list[PaymentItem], str | None]:
    """Payments that are listed under this name, newest first, and the position to go on after."""
    return storage.listed(PaymentItem, PaymentItem.listed_under, name, index=_LISTED_UNDER, limit=limit, position=position)


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


def _just_below(order_key: str) -> str:
    return order_key[:-1] + chr(ord(order_key[-1]) - 1) + "~"
