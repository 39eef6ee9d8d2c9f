"""Refunds that begin at the provider (its dashboard, its own rules): recorded on the payment and booked like ours, once each.

The amount is reserved and the refund stored in one transaction, then what the provider says of it is applied as to any refund. Its id
follows from the provider's, so that it is one refund however often, late or crossed it is reported. No provider is ever asked to make one.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from paycorex import clock, ids, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from paycorex.records.refund import EXTERNAL, RefundItem
from payments.connectors import calls as calling
from payments.connectors.notices import ProviderRefund
from payments.connectors.results import Contradicts, Declined
from payments.payment import late_money, outcomes, overflow_store, provider_charges, unlisted, versions
from payments.payment import settlement as settle
from payments.payment import store as payment_store
from payments.payment.commit import Step, commit
from payments.payment.late_money import LateMoney
from payments.payment.states import OPEN, Status
from payments.payment.unlisted import Owed
from payments.refunds import answers, at_provider, drafts, store
from payments.refunds.bookings import FAILED, context_of, refund_request

# When a provider that did not list its refunds is asked again.
LOOK_AGAIN_SECONDS: Final = 60
PAGE_ROWS: Final = 100
# For how long it is asked.
LATE_WATCH_SECONDS: Final = 24 * 3600


def apply_report(merchant_id: str, connector: str, report: ProviderRefund) -> bool:
    """Apply what a provider says of a refund, ours or not; False when it is about no money of ours. Raises TemporarilyUnavailable."""
    if report.refund_id is not None and at_provider.apply_report(merchant_id, connector, report):
        return True
    payment = provider_charges.find(merchant_id, connector, report.charge_reference, report.payment_id)
    if payment is None:
        return False
    ours = _ours(payment, connector, report.reference)
    if ours is not None and report.refund_id not in {None, ours.refund_id}:
        # The provider's name is that of this refund, and ours that of another one.
        answers.review(ours, Contradicts("another_object", f"refund {report.refund_id}", report.reference))
        return True
    if ours is not None:
        at_provider.apply(ours, report.result)
        return True
    return _record(payment, connector, report)


def _ours(payment: PaymentItem, connector: str, reference: str) -> RefundItem | None:
    """A refund that was asked for here, by its provider's name: not every provider repeats ours."""
    position = None
    while True:
        page = store.refunds_of(payment.payment_id, limit=PAGE_ROWS, position=position)
        for refund in page.items:
            is_it = refund.provider_reference == reference and refund.origin != EXTERNAL
            if is_it and context_of(refund, payment).connector == connector:
                return refund
        position = page.position
        if position is None:
            return None


def catch_up(payment: PaymentItem) -> PaymentItem:
    """Where a provider has given back more of a charge than is known here, record the refunds that it lists; the payment as it then stands.

    Which charge, and how much: `unlisted.owed`. When the provider cannot list them now, the payment is looked after later, for a day.
    """
    owed = unlisted.owed(payment)
    if owed is None or payment.status in OPEN:
        return payment
    try:
        merchant_id = payment.merchant_id
        listed = calling.call(merchant_id, owed.connector, lambda provider: provider.refunds_of(owed.reference, merchant_id))
        for report in listed if isinstance(listed, tuple) else ():
            apply_report(payment.merchant_id, owed.connector, report)
    except TemporarilyUnavailable:
        listed = None
    payment = settle.fresh(payment)
    is_given_up = clock.now_ms() - owed.since_ms > LATE_WATCH_SECONDS * 1000
    if not isinstance(listed, tuple) and not is_given_up:
        return settle.postpone(payment, clock.now_ms() + LOOK_AGAIN_SECONDS * 1000)
    known = _known_minor(payment, owed)
    if known < owed.minor and provider_charges.money_of(payment, owed.connector, owed.reference) is not None:
        said = f"{owed.minor} minor units given back, {known} listed"
        payment = settle.apply(payment, outcomes.contradicted(owed.connector, Contradicts("refund_differs", said, owed.reference)))
    return settle.postpone(payment, None, unlisted.owing(payment, None))


def _known_minor(payment: PaymentItem, owed: Owed) -> int:
    total, position = 0, None
    while True:
        page = store.refunds_of(payment.payment_id, limit=PAGE_ROWS, position=position)
        for refund in page.items:
            context = context_of(refund, payment)
            is_of_it = (context.connector, refund_request(context).charge_reference) == (owed.connector, owed.reference)
            total += int(refund.amount) if is_of_it and refund.status != FAILED else 0
        position = page.position
        if position is None:
            return total


class _Verdict(Enum):
    """What is to be done about a provider's refund."""

    APPLY = "apply"
    NOT_OURS = "not ours"
    AFTER_PAYMENT = "the payment's own outcome comes first"
    REVIEW = "an operator must look"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is stored of a provider's refund: the refund itself, if it is known, and its payment with the money that it gives back."""

    refund: RefundItem | None
    payment: PaymentItem


@dataclass(frozen=True, slots=True)
class _Recorded(Step[RefundItem]):
    """The refund as it is stored for the first time, or found; the same draft twice where nothing is stored. payment: as it was read."""

    payment: PaymentItem = field(kw_only=True)
    verdict: _Verdict = _Verdict.APPLY
    refusal: Contradicts | None = None


def _record(payment: PaymentItem, connector: str, report: ProviderRefund) -> bool:
    """Store it, once, and apply its result. Raises TemporarilyUnavailable."""
    refund_id = ids.derive("ref", payment.merchant_id, connector, report.reference)

    def seen(found: PaymentItem) -> _Seen:
        return _Seen(store.find_refund(refund_id), overflow_store.with_reported(found, connector, report.charge_reference))

    done = commit(lambda each: _step(each, connector, refund_id, report), lambda: seen(settle.fresh(payment)), seen(payment))
    match done.verdict:
        case _Verdict.APPLY:
            at_provider.apply(done.after, report.result)
        case _Verdict.AFTER_PAYMENT:
            settle.postpone(done.payment, clock.now_ms())
        case _Verdict.REVIEW if done.refusal is not None:
            settle.apply(done.payment, outcomes.contradicted(connector, done.refusal))
    return done.verdict is not _Verdict.NOT_OURS


def _step(seen: _Seen, connector: str, refund_id: str, report: ProviderRefund) -> _Recorded:
    """What to store: nothing when it is stored already, or cannot be. Raises TemporarilyUnavailable as `_refusal` does. Pure."""
    payment = seen.payment
    if seen.refund is not None:
        return _Recorded(seen.refund, seen.refund, payment=payment)
    money = provider_charges.money_of(payment, connector, report.charge_reference)
    item = drafts.draft(payment, money, refund_id, report)
    if isinstance(report.result, Declined | Contradicts):
        return _Recorded(item, item, payment=payment, verdict=_Verdict.NOT_OURS)
    if payment.status in OPEN or (payment.status == Status.AUTHORIZED and money is None):
        # The provider is first asked for the outcome of the payment itself.
        return _Recorded(item, item, payment=payment, verdict=_Verdict.AFTER_PAYMENT)
    if money is None:
        return _Recorded(item, item, payment=payment, verdict=_Verdict.NOT_OURS)
    refusal = _refusal(money, report)
    if refusal is not None:
        return _Recorded(item, item, payment=payment, verdict=_Verdict.REVIEW, refusal=refusal)
    reservation = _reservation(payment, money, item)
    return _Recorded(None, item, lambda: [*reservation, store.new_refund(item)], payment=payment)


def _refusal(money: PaymentItem | LateMoney, report: ProviderRefund) -> Contradicts | None:
    """Why it cannot be booked. Raises TemporarilyUnavailable while a refund of ours is under way that may yet make room."""
    currency = money.currency
    left = money.left.minor if isinstance(money, LateMoney) else captured(money) - int(money.amount_reserved)
    said = f"{report.amount} {report.amount.currency}"
    if report.amount.currency != currency:
        return Contradicts("currency_differs", said, report.reference)
    under_way = isinstance(money, LateMoney) and money.status == late_money.REFUNDING
    if report.amount.minor <= left and not under_way:
        return None
    if under_way or (isinstance(money, PaymentItem) and captured(money) - int(money.amount_refunded) >= report.amount.minor):
        raise TemporarilyUnavailable("A refund of this payment is under way. Send it again later.")
    return Contradicts("refund_exceeds", said, report.reference)


def _reservation(payment: PaymentItem, money: PaymentItem | LateMoney, item: RefundItem) -> list[storage.Write]:
    if isinstance(money, PaymentItem):
        return [store.reserve_refund(payment, int(item.amount), settled=False, now_ms=int(item.created_at), forced=True)]
    after = storage.copy_of(payment)
    after.late_money = late_money.stored_after(payment, money.becomes(late_money.REFUNDING))
    return payment_store.changes(payment, versions.next_revision(payment, after, int(item.created_at)))
