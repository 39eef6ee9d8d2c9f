"""The janitor: looks after what is past its time. Whatever it learns goes the same conditional way as every other answer, so it is safe
beside callbacks, requests and itself; it decides nothing that a provider could still contradict, but for the end of a payer's time. One
record that cannot be looked at is set aside and holds up no other.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from paycorex import clock, credentials, ids, set_aside, settings
from paycorex.records.checkout_session import SessionItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual, refundable
from paycorex.records.qr_code import QrCodeItem
from paycorex.records.refund import EXTERNAL, RefundItem
from paycorex.set_aside import SHARED_TROUBLE, AsideItem, Subject, guarded
from payments.captures import answers, follow_up
from payments.checkout import sessions
from payments.checkout import store as session_store
from payments.connectors import calls as calling
from payments.connectors import registry
from payments.connectors.results import (
    Approved,
    Authorized,
    Contradicts,
    Declined,
    Found,
    NotFound,
    Pending,
    Redirect,
    Released,
    Unavailable,
    Unknown,
)
from payments.counter import look_ups as code_look_ups
from payments.counter import store as code_store
from payments.crypto import expiry as crypto_expiry
from payments.disputes import answers as dispute_answers
from payments.disputes import look_ups
from payments.disputes import store as dispute_store
from payments.methods import kept_cards
from payments.payer_page import links as payer_links
from payments.payment import attempts, cancellation, due, fee_look_ups, fees, keeping, naming, outcomes, store
from payments.payment import settlement as settle
from payments.payment.attempts import AttemptRecord
from payments.payment.states import OPEN, Outcome
from payments.refunds import at_provider, bookings, external, on_chain
from payments.refunds import store as refund_store

LOOP: Final = "payments.janitor"
# The rest is still due at the next tick.
MAX_PER_TICK: Final = 200
# After trouble that is not the record's own; meanwhile others come first.
RETRY_MS: Final = 60_000
# What was set aside is tried again from its row there. This is for the case that the row gets lost.
ASIDE_MS: Final = 24 * 3600 * 1000
# An attempt that its connector does not know may still be on its way; after this it is not.
LOST_SECONDS: Final = 120
# For how long money is looked for that may still come for a payment that was given up.
LATE_WATCH_SECONDS: Final = 24 * 3600
# Sorts after every due time.
_ANY_TIME: Final = "~"


@dataclass(slots=True)
class Tick:
    """What one run did. failed: could not be looked at, and are due again in a minute; set_aside: for a reason of their own."""

    looked: int = 0
    decided: int = 0
    failed: int = 0
    set_aside: int = 0


def run(*, may_go_on: Callable[[], bool], limit: int = MAX_PER_TICK) -> Tick:
    """Look after what is due, until the limit, or until the time is up. Raises storage.Unavailable when nothing can be listed."""
    tick = Tick()
    now = clock.now_ms()
    due_now = (
        due.payments(now, limit),
        due.refunds(now, limit),
        due.disputes(now, limit),
        due.sessions(now, limit),
        due.qr_codes(now, limit),
    )
    # By turns, so that none waits for the end of another.
    for entry in [entry for turn in zip_longest(*due_now) for entry in turn if entry is not None][:limit]:
        if not may_go_on():
            return tick
        _look(tick, entry, now)
    set_aside.retry_due(LOOP, lambda row: _look_again(row, clock.now_ms()), may_go_on)
    return tick


def _look(tick: Tick, entry: due.Due, now: int) -> None:
    tick.looked += 1
    try:
        with guarded(Subject(LOOP, entry.record_id)) as guard:
            tick.decided += _look_at(entry.record_id, due.due_before(now), now, guard)
        if guard.is_aside:
            tick.set_aside += 1
            due.put_off(entry, now + ASIDE_MS)
    except SHARED_TROUBLE:
        tick.failed += 1
        with suppress(*SHARED_TROUBLE):
            due.put_off(entry, now + RETRY_MS)


def _look_again(row: AsideItem, now: int) -> None:
    """At what was set aside, whatever its time."""
    _look_at(row.item_id, _ANY_TIME, now)


def _look_at(record_id: str, due_before: str, now: int, guard: guarded | None = None) -> bool:
    """True when it is decided now and was not before."""
    record = _record(record_id)
    if record is None or record.due_at is None or str(record.due_at) > due_before:
        return False
    if guard is not None:
        guard.merchant_id = record.merchant_id
    match record:
        case PaymentItem():
            return _look_at_payment(record, now)
        case DisputeItem():
            return _look_at_dispute(record)
        case SessionItem():
            return sessions.look_at(record)
        case QrCodeItem():
            code_look_ups.look_at(record)
            return False
        case _:
            return _look_at_refund(record)


def _look_at_dispute(item: DisputeItem) -> bool:
    """What its provider says, and an answer of the merchant's whose outcome is not known."""
    looked = look_ups.look_at(item)
    dispute_answers.look_again(looked.item, looked.found)
    return looked.is_over


def _record(record_id: str) -> PaymentItem | RefundItem | DisputeItem | SessionItem | QrCodeItem | None:
    if ids.is_id("qrc", record_id):
        return code_store.find(record_id)
    if ids.is_id("chk", record_id):
        return session_store.find_session(record_id)
    if ids.is_id("dsp", record_id):
        return dispute_store.find(record_id)
    return refund_store.find_refund(record_id) if ids.is_id("ref", record_id) else store.find(record_id)


def _look_at_payment(payment: PaymentItem, now: int) -> bool:
    if payment.status not in OPEN and outcomes.owed(payment) is not None:
        external.catch_up(payment)
        return False
    if payment.status not in OPEN and outcomes.contested(payment) is not None:
        look_ups.discover(payment)
        return False
    if keeping.is_owed(payment):
        kept_cards.catch_up(payment)
        return False
    if follow_up.has_work(payment):
        return follow_up.look_at(payment)
    latest = attempts.last(payment)
    if latest is None or not latest.is_open or naming.is_awaited(payment):
        return _without_attempt(payment, now)
    attempt = outcomes.attempt_of(payment, latest.number, page_url=_page_url(payment))
    found: Found = calling.call(payment.merchant_id, latest.connector, lambda connector: connector.lookup(attempt))
    if isinstance(found, NotFound) and registry.may_be_in_other_account(attempt, latest.connector):
        # The earlier account may hold money; an operator looks there.
        found = Unknown("The connector's settings were changed after the attempt began.")
    return _apply(payment, latest, found if is_manual(payment) else outcomes.without_holds(found), now)


def _page_url(payment: PaymentItem) -> str | None:
    merchant = credentials.find_merchant(payment.merchant_id)
    return None if merchant is None else payer_links.page_url(settings.current().public_base_url, payment, merchant.cursor_key)


def _apply(payment: PaymentItem, latest: AttemptRecord, found: Found, now: int) -> bool:
    was_open, change = payment.status in OPEN, outcomes.change_of(payment, latest.number, latest.connector, found)
    match found:
        case Contradicts():
            after = settle.apply(payment, change)
            after = _postpone(after, now)
        case Approved() | Authorized() | Released() | Declined():
            after = external.catch_up(answers.apply(payment, latest.number, found, change))
            if after.status in OPEN:
                after = _postpone(after, now)
        case NotFound() if _is_lost(latest, now) and not _is_waiting(payment, latest):
            after = settle.apply(payment, change)
        case NotFound() | Pending() | Redirect() if was_open and _has_expired(payment, now):
            cancellation.withdraw(payment)
            after = settle.apply(payment, outcomes.given_up(payment, Outcome.EXPIRED))
        case Pending() | Redirect() if was_open and (payment.expires_at is None or latest.status != attempts.PENDING):
            # That the payer must confirm, and until when, was not recorded: from now on it is.
            after = settle.apply(payment, outcomes.with_time(payment, change))
        case NotFound() | Pending() | Redirect() | Unknown() | Unavailable():
            after = _postpone(payment, now)
    return was_open and after.status not in OPEN


def _without_attempt(payment: PaymentItem, now: int) -> bool:
    """No connector holds money for it: an open one waits for its time to end, a decided one needs no looking after."""
    if payment.status in OPEN and payment.method == "crypto":
        return crypto_expiry.look_at(payment, now)
    if payment.status in OPEN and payment.expires_at is not None and not _has_expired(payment, now):
        _postpone(payment, now)
        return False
    if payment.status in OPEN:
        settle.apply(payment, outcomes.given_up(payment, Outcome.EXPIRED))
        return True
    if fees.is_looked_for(payment):
        fee_look_ups.look_at(payment)
    else:
        settle.postpone(payment, None)
    return False


def _postpone(payment: PaymentItem, now: int) -> PaymentItem:
    """Ask again later. A payment that was given up is not watched for ever."""
    given_up_ms = int(payment.timeline[-1][1])
    if payment.status not in OPEN and now - given_up_ms > LATE_WATCH_SECONDS * 1000:
        return settle.postpone(payment, None)
    state = dict(payment.method_state or {})
    looks = int(state.get("looks", 0)) + 1
    return settle.postpone(payment, outcomes.next_look_ms(payment, looks), {**state, "looks": looks})


def _is_lost(latest: AttemptRecord, now: int) -> bool:
    return now - latest.started_ms >= LOST_SECONDS * 1000


def _is_waiting(payment: PaymentItem, latest: AttemptRecord) -> bool:
    """A provider that waits for a payer has the attempt: that it does not find it now is its own error, until the payer's time ends."""
    return payment.status == "pending" and latest.status == attempts.PENDING


def _has_expired(payment: PaymentItem, now: int) -> bool:
    return payment.expires_at is not None and now >= int(payment.expires_at)


def _look_at_refund(refund: RefundItem) -> bool:
    payment = store.find(refund.payment_id)
    if payment is None:
        raise AssertionError("a refund without its payment")
    after = _ask_about(refund, payment)
    return after.status in {"success", "failed"}


def _ask_about(refund: RefundItem, payment: PaymentItem) -> RefundItem:
    """A refund that may have reached the provider is looked up first; one that has not is asked for, again under the same id."""
    if payment.method == "crypto":
        return on_chain.look_at(refund)
    is_contested = _is_contested(refund, payment)
    if refund.status == "processing" or is_contested:
        context = bookings.context_of(refund, payment)
        request = bookings.refund_request(context)
        found = calling.call(refund.merchant_id, context.connector, lambda provider: provider.lookup_refund(request))
        if not isinstance(found, NotFound):
            return at_provider.apply(refund, found)
        if refund.origin == EXTERNAL:
            # It began at the provider: to ask for it would make another.
            return at_provider.postpone(refund, refund.status)
    if is_contested:
        return at_provider.apply(
            refund, Declined("payment_disputed", "The payer's bank asks for this money: a refund would lose it twice.")
        )
    return at_provider.execute(refund, payment)


def _is_contested(refund: RefundItem, payment: PaymentItem) -> bool:
    """True when a dispute has come since the refund was reserved, and they are more than the payment together."""
    own_money = refund.late_id is None and refund.origin != EXTERNAL
    return own_money and not refund.is_forced and refundable(payment) < int(payment.amount_reserved)
