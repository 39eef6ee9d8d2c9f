"""The `fee_work` table: payments whose fees must be looked at, noted by a fold of the payments' stream. Its own stream wakes the booking.

So no payment waits for its fee, and the payments' stream has no third reader. A row says that there is work, and what
the work is follows from the payment: a row that comes twice, or late, does no harm.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, credentials, storage
from paycorex.records.fee_plan import plan_at, plans_of
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import credited
from paycorex.records.payment_fee import PaymentFee

# Longer than a stream keeps its records.
KEPT_SECONDS: Final = 7 * 24 * 3600


class FeeWorkItem(storage.Item):
    """A payment to look at, by its version. `expires_at` is seconds since the epoch (TTL)."""

    class Meta:
        """Which table."""

        table_name = "fee_work"

    payment_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    version = NumberAttribute()
    expires_at = NumberAttribute()


def note(records: Iterable[Mapping[str, Any]]) -> None:
    """Note the payments of a batch of the payments' stream that cost something new; again, nothing changes. Raises storage.Unavailable."""
    newest: dict[str, PaymentItem] = {}
    for record in records:
        item = _changed(record["dynamodb"])
        if item is not None and (item.payment_id not in newest or int(item.version) > int(newest[item.payment_id].version)):
            newest[item.payment_id] = item
    for item in newest.values():
        storage.run(storage.put(_row(item)))


def _row(item: PaymentItem) -> FeeWorkItem:
    expires_at = int(clock.now_seconds()) + KEPT_SECONDS
    return FeeWorkItem(payment_id=item.payment_id, merchant_id=item.merchant_id, version=int(item.version), expires_at=expires_at)


def _changed(change: Mapping[str, Any]) -> PaymentItem | None:
    """The payment, where there is something to book, or its plan may say another thing of it than before."""
    image = change.get("NewImage")
    if image is None or not ("fee" in image or _has_plan(image["merchant_id"]["S"])):
        return None
    item = PaymentItem.load(image)
    if PaymentFee.load(item.fee).unbooked() is not None:
        return item
    before = PaymentItem.load(change["OldImage"]) if "OldImage" in change else None
    is_same = _charged_for(item) == ((0, 0) if before is None else _charged_for(before))
    return item if not is_same and _is_planned(item) else None


def _charged_for(item: PaymentItem) -> tuple[int, int]:
    """Of what a plan charges: what is the merchant's, and how much of it was given back."""
    return credited(item), int(item.amount_refunded) if credited(item) else 0


def _has_plan(merchant_id: str) -> bool:
    merchant = credentials.find_merchant(merchant_id)
    return merchant is not None and bool(merchant.fee_plans)


def _is_planned(item: PaymentItem) -> bool:
    merchant = credentials.find_merchant(item.merchant_id)
    return merchant is not None and plan_at(plans_of(merchant.fee_plans), int(item.created_at)) is not None
