"""Refunds that begin at the provider (its dashboard, its own rules): recorded on the payment and booked like ours, once each.

The amount is reserved and the refund stored in one transaction, then what the provider says of it is applied as to any refund. Its id
follows from the provider's, so that it is one refund however often, late or crossed it is told. Nobody ever asks a provider to make one.
"""

from typing import Final

from paycorex import clock, ids, storage
from paycorex.backoff import jitter
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import EXTERNAL, RefundItem
from paycorex.records.stamps import stamp
from payments.connectors import calls as calling
from payments.connectors.model import Contradicts, Declined
from payments.connectors.notices import ProviderRefund
from payments.payment import late_money, outcomes, overflow_store, provider_charges, versions
from payments.payment import settlement as settle
from payments.payment import store as payment_store
from payments.payment.late_money import LateMoney
from payments.payment.outcomes import Owed
from payments.payment.states import OPEN
from payments.refunds import at_provider, store
from payments.refunds.bookings import FAILED, context_of, giveback_of

MAX_TRIES: Final = 6
# When a provider that did not list its refunds is asked again.
LOOK_AGAIN_SECONDS: Final = 60
PAGE_ROWS: Final = 100
_CEILING_SECONDS: Final = 0.05
# For how long it is asked.
LATE_WATCH_SECONDS: Final = 24 * 3600


def learn(merchant_id: str, connector: str, told: ProviderRefund) -> bool:
    """Apply what a provider says of a refund, ours or not; False when it is about no money of ours. Raises TemporarilyUnavailable."""
    if told.refund_id is not None and at_provider.learn(merchant_id, connector, told):
        return True
    payment = provider_charges.find(merchant_id, connector, told.charge_reference, told.payment_id)
    return payment is not None and _record(payment, connector, told)


def catch_up(payment: PaymentItem) -> PaymentItem:
    """Where a provider has given back more of a charge than is known here, record the refunds that it lists; the payment as it then stands.

    Which charge, and how much: `outcomes.owed`. When the provider cannot list them now, the payment is looked after later, for a day.
    """
    owed = outcomes.owed(payment)
    if owed is None or payment.status in OPEN:
        return payment
    try:
        listed = calling.call(payment.merchant_id, owed.connector, lambda provider: provider.refunds_of(owed.reference))
        for told in listed if isinstance(listed, tuple) else ():
            learn(payment.merchant_id, owed.connector, told)
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
    return settle.postpone(payment, None, outcomes.owing(payment, None))


def _known_minor(payment: PaymentItem, owed: Owed) -> int:
    total, position = 0, None
    while True:
        page = store.refunds_of(payment.payment_id, limit=PAGE_ROWS, position=position)
        for refund in page.items:
            context = context_of(refund, payment)
            is_of_it = (context.connector, giveback_of(context).charge_reference) == (owed.connector, owed.reference)
            total += int(refund.amount) if is_of_it and refund.status != FAILED else 0
        position = page.position
        if position is None:
            return total


def _record(payment: PaymentItem, connector: str, told: ProviderRefund) -> bool:
    """Store it, once, and apply what is said of it. Raises TemporarilyUnavailable."""
    refund_id = ids.derive("ref", payment.merchant_id, connector, told.reference)
    for attempt in range(MAX_TRIES):
        known = store.find_refund(refund_id)
        if known is not None:
            at_provider.apply(known, told.result)
            return True
        if isinstance(told.result, Declined | Contradicts):
            return False
        if payment.status in OPEN:
            # What the payment itself received is asked first.
            settle.postpone(payment, clock.now_ms())
            return True
        payment = overflow_store.with_told(payment, connector, told.charge_reference)
        money = provider_charges.money_of(payment, connector, told.charge_reference)
        if money is None:
            return False
        refused = _refusal(money, told)
        if refused is not None:
            settle.apply(payment, outcomes.contradicted(connector, refused))
            return True
        item = _draft(payment, money, refund_id, told)
        try:
            storage.transact([*_reservation(payment, money, item), store.new_refund(item)])
        except (storage.TransactionRefused, storage.Unavailable, storage.OutcomeUnknown):
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
            payment = settle.fresh(payment)
        else:
            at_provider.apply(item, told.result)
            return True
    raise TemporarilyUnavailable


def _refusal(money: PaymentItem | LateMoney, told: ProviderRefund) -> Contradicts | None:
    """Why it cannot be booked. Raises TemporarilyUnavailable while a refund of ours is under way that may yet make room."""
    currency = money.currency
    left = money.left.minor if isinstance(money, LateMoney) else int(money.amount) - int(money.amount_reserved)
    said = f"{told.amount} {told.amount.currency}"
    if told.amount.currency != currency:
        return Contradicts("currency_differs", said, told.reference)
    under_way = isinstance(money, LateMoney) and money.status == late_money.REFUNDING
    if told.amount.minor <= left and not under_way:
        return None
    if under_way or (isinstance(money, PaymentItem) and int(money.amount) - int(money.amount_refunded) >= told.amount.minor):
        raise TemporarilyUnavailable("A refund of this payment is under way. Send it again later.")
    return Contradicts("refund_exceeds", said, told.reference)


def _reservation(payment: PaymentItem, money: PaymentItem | LateMoney, item: RefundItem) -> list[storage.Write]:
    if isinstance(money, PaymentItem):
        return [store.reserve_refund(payment, int(item.amount), settled=False, now_ms=int(item.created_at))]
    after = storage.copy_of(payment)
    after.late_money = late_money.stored_after(payment, money.becomes(late_money.REFUNDING))
    return payment_store.changes(payment, versions.bumped(payment, after, int(item.created_at)))


def _draft(payment: PaymentItem, money: PaymentItem | LateMoney, refund_id: str, told: ProviderRefund) -> RefundItem:
    now = clock.now_ms()
    item = RefundItem(
        refund_id=refund_id,
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        amount=told.amount.minor,
        currency=told.amount.currency,
        status="processing",
        origin=EXTERNAL,
        reason=told.reason,
        provider_reference=told.reference,
        late_id=money.late_id if isinstance(money, LateMoney) else None,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, refund_id),
        **stamp("refund.external", now),
    )
    return at_provider.begin(item)
