"""The janitor's part in holds: captures without an answer, holds that end, holds whose time is over, and the warning before."""

from dataclasses import replace
from typing import Final

from paycorex import clock
from paycorex.records.capture import CaptureItem
from paycorex.records.hold import Ending, Hold, hold_of
from paycorex.records.payment import PaymentItem
from payments.captures import answers, at_provider, bookings, closing, holders, observations, store
from payments.connectors.results import (
    Approved,
    Authorized,
    Contradicts,
    NotFound,
    Pending,
    Redirect,
    Released,
    Unavailable,
    Unknown,
)
from payments.payment import holding, outcomes, settlement, versions
from payments.payment.commit import Lost, write_once

_DECIDED: Final = frozenset({"success", "failed"})
# So often a capture is asked about before its hold is asked about too: some two hours.
LOOKS_AT_CAPTURE: Final = 7
# So long after a hold's time its provider may still not know how it ended.
PATIENCE_MS: Final = 24 * 3600 * 1000


def has_work(payment: PaymentItem) -> bool:
    """True for a payment whose hold is not over."""
    hold = hold_of(payment)
    return hold is not None and not hold.is_over


def look_at(payment: PaymentItem) -> bool:
    """Look after the hold of a payment that is due; True when the payment is decided now and was not before."""
    was_decided = payment.status in _DECIDED
    after = _looked(payment, holding.of(payment), clock.now_ms())
    return not was_decided and after.status in _DECIDED


def _looked(payment: PaymentItem, hold: Hold, now: int) -> PaymentItem:
    if hold.under_way is not None:
        capture = store.find_capture(hold.under_way)
        if capture is None:
            raise AssertionError("a capture under way that was never stored")
        return _of_capture(payment, hold, at_provider.look_up(capture), now)
    if payment.method == bookings.WALLET:
        return _of_wallet(payment, hold, now)
    if hold.ending is None and _is_only_warned(hold, now):
        return _warned(payment, hold, now)
    return _of_provider(payment)


def _of_capture(payment: PaymentItem, hold: Hold, capture: CaptureItem, now: int) -> PaymentItem:
    """A capture that its provider does not explain is explained by the hold, once that is over: what was taken of it is known then."""
    after = settlement.fresh(payment)
    is_stuck = capture.status not in _DECIDED and hold.looks >= LOOKS_AT_CAPTURE
    if not is_stuck and not (capture.status not in _DECIDED and hold.expires_ms is not None and now >= hold.expires_ms):
        return after
    found = holders.ask(after)
    if isinstance(found, Approved | Released):
        at_provider.explain(capture, observations.seen(found))
        return settlement.fresh(payment)
    return after


def _of_wallet(payment: PaymentItem, hold: Hold, now: int) -> PaymentItem:
    if hold.ending is not None:
        return closing.close(payment)
    if hold.expires_ms is None or now < hold.expires_ms:
        return _warned(payment, hold, now)
    ending = settlement.revise(payment, lambda found: _expired(found, now))
    return closing.close(ending)


def _expired(payment: PaymentItem, now: int) -> PaymentItem:
    hold = holding.of(payment)
    return holding.changed(payment, hold.ends(Ending.EXPIRED), now) if hold.under_way is None else payment


def _of_provider(payment: PaymentItem) -> PaymentItem:
    """That a hold ended is known by its provider alone, so that one is asked: first what became of it, then to end what must end."""
    if closing.waits_for_provider(payment) and closing.ends_by_time(payment):
        return observations.end(payment)
    holder, found = holders.holder_of(payment), holders.ask(payment)
    if isinstance(found, NotFound):
        found = Contradicts("another_object", "the provider does not know what it authorized", payment.provider_reference)
    elif isinstance(found, Redirect | Pending) and _is_long_over(payment):
        found = Contradicts("another_object", "the provider waits for the payer of what it authorized", payment.provider_reference)
    if isinstance(found, Redirect | Pending | Unknown | Unavailable):
        return closing.postpone(payment)
    change = outcomes.change_of(payment, holder.number, holder.connector, found)
    after = answers.apply(payment, holder.number, found, change)
    if isinstance(found, Authorized) and closing.waits_for_provider(after):
        return observations.end(after)
    return after if after.version != payment.version and not isinstance(found, Contradicts) else closing.postpone(after)


def _is_long_over(payment: PaymentItem) -> bool:
    """True once a provider had time to say how a hold ended that was neither released nor captured."""
    hold = holding.of(payment)
    is_open = hold.ending is None and hold.expires_ms is not None
    return is_open and clock.now_ms() >= int(hold.expires_ms or 0) + PATIENCE_MS


def _is_only_warned(hold: Hold, now: int) -> bool:
    """True when its time is not over yet."""
    return hold.expires_ms is not None and now < hold.expires_ms and not hold.is_warned


def _warned(payment: PaymentItem, hold: Hold, now: int) -> PaymentItem:
    """The event a day before the end, once."""
    after = holding.with_hold(payment, replace(hold, is_warned=True), now)
    if not hold.is_warned:
        versions.set_event(after, "authorization.expiring", now)
    try:
        write_once(settlement.step_to(payment, versions.next_revision(payment, after, now)))
    except Lost:
        return settlement.fresh(payment)
    return after
