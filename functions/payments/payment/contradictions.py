"""Payments that a provider's answer contradicts: operators list them, look at them, and end their review."""

from paycorex import clock, redaction, storage
from paycorex.errors import NotFound
from paycorex.records import operator_work
from paycorex.records.payment import PaymentItem
from payments.payment import settlement, store, versions

logger = redaction.logger("payments")


def waiting(*, limit: int, position: str | None) -> tuple[list[PaymentItem], str | None]:
    """Payments in review, of all merchants, and the position to go on after. Raises storage.Unavailable."""
    rows, more = operator_work.page(operator_work.REVIEWS, limit=limit, position=position)
    found = storage.get_many(PaymentItem, [PaymentItem.wire_key(row.position) for row in rows])
    return sorted((item for item in found if item.review is not None), key=lambda item: item.payment_id), more


def find(payment_id: str) -> PaymentItem:
    """A payment in review. Raises NotFound."""
    item = store.find(payment_id)
    if item is None or item.review is None:
        raise NotFound("payment in review")
    return item


def end_review(payment: PaymentItem, *, by: str, reason: str) -> PaymentItem:
    """End a payment's review: it was looked at, and what had to be done is done. Raises TemporarilyUnavailable."""
    after = settlement.revise(payment, _without_review)
    facts = {"payment_id": payment.payment_id, "merchant_id": payment.merchant_id, "by": by, "reason": reason}
    logger.info("a review ended", extra=facts)
    return after


def _without_review(payment: PaymentItem) -> PaymentItem:
    after = storage.copy_of(payment)
    after.review = None
    return versions.next_revision(payment, after, clock.now_ms())
