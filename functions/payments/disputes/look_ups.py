"""What the janitor does about disputes: it asks their providers, warns before the time to answer is over, and notes when it is."""

from dataclasses import dataclass
from typing import Final

from paycorex import clock
from paycorex.money import Money
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from payments.connectors import calls as calling
from payments.connectors.disputing import FindsDisputes, FoundDispute, KnownDispute, ListedDisputes
from payments.connectors.model import Connector
from payments.connectors.notices import Dispute
from payments.connectors.results import NotFound
from payments.disputes import reports, schedule, states, versions
from payments.disputes.states import News
from payments.payment import settlement, unlisted
from payments.payment import store as payment_store

# A provider that could not list the disputes of a charge is asked again, for a day.
LOOK_AGAIN_MS: Final = 60_000
LATE_WATCH_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Looked:
    """A dispute as it stands after a look, what its provider said, and whether it is over now and was not before."""

    item: DisputeItem
    found: FoundDispute
    is_over: bool


def look_at(item: DisputeItem) -> Looked:
    """Look after a dispute that is due. Raises TemporarilyUnavailable, storage.Unavailable."""
    was_open = not states.is_final(item.status)
    # First what the clock alone brings, and what a process that ended left undone.
    item = reports.revise(item, _note_time)
    found = ask(item)
    if isinstance(found, Dispute):
        payment = payment_store.find(item.payment_id)
        if payment is None:
            raise AssertionError("a dispute without its payment")
        item = reports.report(payment, item.provider, found, is_looked_up=True) or item
        # A process may have ended between the books and this.
        reports.ask_operator(item, payment)
    return Looked(item, found, was_open and states.is_final(item.status))


def ask(item: DisputeItem) -> FoundDispute:
    """The dispute as its provider says it stands."""
    known = known_as(item)

    def look_up(connector: Connector) -> FoundDispute:
        return connector.lookup_dispute(known) if isinstance(connector, FindsDisputes) else NotFound()

    return calling.call(item.merchant_id, item.provider, look_up)


def known_as(item: DisputeItem) -> KnownDispute:
    """The dispute as its connector knows it."""
    return KnownDispute(item.provider_reference, item.charge_reference, item.merchant_id, Money(int(item.amount), item.currency))


def discover(payment: PaymentItem) -> PaymentItem:
    """Open the disputes of a charge that its provider calls disputed; the payment as it then stands."""
    contested = unlisted.contested(payment)
    if contested is None:
        return payment

    def list_them(connector: Connector) -> ListedDisputes:
        if isinstance(connector, FindsDisputes):
            return connector.disputes_of(contested.reference, payment.merchant_id)
        return ()

    listed = calling.call(payment.merchant_id, contested.connector, list_them)
    for reported in listed if isinstance(listed, tuple) else ():
        reports.report(payment, contested.connector, reported, is_looked_up=True)
    payment = settlement.fresh(payment)
    now = clock.now_ms()
    if not isinstance(listed, tuple) and now - contested.since_ms < LATE_WATCH_MS:
        return settlement.postpone(payment, now + LOOK_AGAIN_MS)
    return settlement.postpone(payment, None, unlisted.contesting(payment, None))


def _note_time(item: DisputeItem) -> bool:
    now = clock.now_ms()
    item.looked_at = now
    hours = schedule.warning(item, now)
    if hours is not None:
        item.warned_hours = hours
    if schedule.is_over(item, now):
        versions.ruled(item, News.TIME_OVER)
    return False
