"""Which refund settled a dispute, by what the provider says of both; and refunds that were booked before they were known as that."""

from collections.abc import Iterator
from typing import Final

from paycorex import storage
from paycorex.money import Money
from paycorex.records import dispute
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import EXTERNAL, RefundItem
from payments.disputes import states, store
from payments.payment import disputes as listed

# So far from the end of its dispute a refund is made that settles it. Another one of the same amount is a refund beside it.
SETTLED_WITHIN_MS: Final = 24 * 3600 * 1000
PAGE_ROWS: Final = 100
_BY_PAYMENT: Final = "by_payment"
_MADE: Final = "success"


def settled_by(item: DisputeItem, charge_reference: str, amount: Money, made_ms: int | None) -> bool:
    """True when the provider took the dispute's money, and gave the payer back exactly this much at about this time."""
    if dispute.funds(item) != dispute.TAKEN or not states.bank_has_it(item.status) or item.charge_reference != charge_reference:
        return False
    if item.returned is None or item.ended_at is None or made_ms is None:
        return False
    is_near = abs(made_ms - int(item.ended_at)) <= SETTLED_WITHIN_MS
    return is_near and (int(item.returned), item.currency) == (amount.minor, amount.currency)


def about(payment: PaymentItem, connector: str, charge_reference: str) -> list[DisputeItem]:
    """The disputes about a charge."""
    named = [each for each in payment.disputes or () if each["connector"] == connector]
    found = [store.find(listed.id_of(payment, each)) for each in named]
    return [each for each in found if each is not None and each.charge_reference == charge_reference]


def find(payment: PaymentItem, reference: str) -> RefundItem | None:
    """A refund of the payment that is stored here, by its provider's name for it."""
    return next((each for each in _refunds(payment) if each.provider_reference == reference), None)


def of(item: DisputeItem, payment: PaymentItem) -> RefundItem | None:
    """The refund that settled this dispute and is booked by itself: their money is one, and would be counted twice."""
    if item.returned is None or item.refund_reference is not None or dispute.funds(item) != dispute.TAKEN:
        return None
    bound = {each.refund_id for each in about(payment, item.provider, item.charge_reference)}
    return next((each for each in _refunds(payment) if each.refund_id not in bound and _settled(item, each)), None)


def bind(item: DisputeItem, refund: RefundItem) -> bool:
    """Note that this refund counts for the dispute; an edit for `reports.revise`."""
    if item.refund_reference is None and _settled(item, refund):
        item.refund_reference, item.refund_id = refund.provider_reference, refund.refund_id
    return False


def _settled(item: DisputeItem, refund: RefundItem) -> bool:
    if refund.origin != EXTERNAL or refund.status != _MADE or refund.late_id is not None:
        return False
    made_ms = None if refund.made_at is None else int(refund.made_at)
    return settled_by(item, item.charge_reference, Money(int(refund.amount), refund.currency), made_ms)


def _refunds(payment: PaymentItem) -> Iterator[RefundItem]:
    start = None
    while True:
        condition = RefundItem.payment_id == payment.payment_id
        page = storage.query(RefundItem, condition, index=_BY_PAYMENT, limit=PAGE_ROWS, start=start)
        yield from page.items
        start = page.next_start
        if start is None:
            return
