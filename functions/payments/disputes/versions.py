"""The next version of a dispute's record, from what is reported or done. Pure; what it does to the books is `bookings`."""

from typing import Final

from paycorex import clock, storage
from paycorex.money import Money
from paycorex.records.dispute import DisputeItem
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.payment import dispute_id as dispute_id_of
from paycorex.records.stamps import stamp
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.disputes import states
from payments.disputes.states import News, Status, Transition
from payments.payment import versions

# The counters say whether the money is taken; what is beyond is a provider that cannot be right.
MAX_TAKEN: Final = 1_000


def first(payment: PaymentItem, connector: str, reported: Dispute) -> DisputeItem:
    """A dispute as it is reported for the first time. Nothing is stored yet."""
    now = clock.now_ms()
    dispute_id = dispute_id_of(payment.merchant_id, connector, reported.reference)
    ruling = reported.ruling or Ruling.NEEDS_RESPONSE
    status = Status(ruling.value)
    item = DisputeItem(
        dispute_id=dispute_id,
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        provider=connector,
        provider_reference=reported.reference,
        charge_reference=reported.charge_reference,
        status=status.value,
        moves=[],
        payment_currency=payment.currency,
        # A dispute that is over when it is first seen has an event of its own for its end.
        announced=Status.NEEDS_RESPONSE.value if states.is_final(status) else status.value,
        timeline=[[status.value, now]],
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, dispute_id),
        **stamp("dispute.created", now),
    )
    _take_facts(item, reported, reported.said_ms or now)
    return item


def after_report(item: DisputeItem, reported: Dispute, *, is_looked_up: bool) -> tuple[DisputeItem, bool]:
    """The dispute with what is reported; True when its provider must be asked, because this contradicts what is known.

    is_looked_up: the provider's answer to a question of now, which counts whatever was known.
    """
    after = storage.copy_of(item)
    said_ms = clock.now_ms() if is_looked_up or reported.said_ms is None else reported.said_ms
    _count_taken(after, reported)
    must_ask = False
    if reported.ruling is not None:
        after, must_ask = ruled(after, News(reported.ruling.value), is_looked_up=is_looked_up)
    # What contradicts may be older, whatever its time says.
    if not must_ask and said_ms >= int(item.said_at):
        _take_facts(after, reported, said_ms)
    return after, must_ask


def ruled(item: DisputeItem, news: News, *, is_looked_up: bool = False) -> tuple[DisputeItem, bool]:
    """The dispute after news, by the state table; True when its provider must be asked."""
    transition = states.transition_for(item.status, news)
    if transition is Transition.MOVE or (transition is Transition.ASK and is_looked_up):
        _move(item, states.status_after(news))
        return item, False
    return item, transition is Transition.ASK


def _move(item: DisputeItem, status: Status) -> None:
    if item.status != status:
        item.status = status.value
        if status is Status.NEEDS_RESPONSE and item.evidence is not None:
            # The provider asks again: what was answered before may be changed and sent again.
            item.evidence = {name: value for name, value in item.evidence.items() if name != "submitted_at"}
        item.timeline = versions.with_step(item.timeline, [status.value, clock.now_ms()])


def _take_facts(item: DisputeItem, reported: Dispute, said_ms: int) -> None:
    item.amount, item.currency = reported.amount.minor, reported.amount.currency
    item.provider_status = reported.status
    item.stage = item.stage or Stage.CHARGEBACK.value if reported.stage is None else reported.stage.value
    item.network = reported.network or item.network
    item.reason_code = reported.reason_code or item.reason_code
    item.reason = reported.reason or item.reason
    item.respond_by = reported.respond_by_ms or item.respond_by
    item.said_at = said_ms
    item.returned = None if reported.returned is None else reported.returned.minor
    # When it ended, and not when it was looked at later.
    item.ended_at = None if reported.ended_ms is None else item.ended_at or reported.ended_ms
    _count_taken(item, reported)


def _count_taken(item: DisputeItem, reported: Dispute) -> None:
    """Both counters only grow, so the order of the reports does not matter. What was given back had been taken."""
    item.reinstated = max(int(item.reinstated), min(reported.reinstated, MAX_TAKEN))
    item.withdrawn = max(int(item.withdrawn), min(reported.withdrawn, MAX_TAKEN), int(item.reinstated))


def with_event(before: DisputeItem | None, after: DisputeItem) -> None:
    """Make this version an event: its end the first time, else that it changed. The first version has its own."""
    if before is None:
        return
    is_over = states.is_final(after.status) and after.announced != after.status
    after.announced = after.status
    set_event(before, after, "dispute.closed" if is_over else "dispute.updated")


def set_event(before: DisputeItem, after: DisputeItem, event: str) -> None:
    """Make this version that event."""
    for name, value in stamp(event, clock.now_ms(), before).items():
        setattr(after, name, value)


def money_of(item: DisputeItem) -> Money:
    """How much is asked for."""
    return Money(int(item.amount), item.currency)
