"""The janitor: looks after what is past its time. Whatever it learns goes the same conditional way as every other answer, so it is safe
beside callbacks, requests and itself. One record that cannot be looked at is set aside and holds up no other.

What is done about payments and refunds is in `payment_look_ups` and `refund_look_ups`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from paycorex import clock, ids, set_aside
from paycorex.records.checkout_session import SessionItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem
from paycorex.records.qr_code import QrCodeItem
from paycorex.records.refund import RefundItem
from paycorex.set_aside import SHARED_TROUBLE, AsideItem, Subject, guarded
from payments import payment_look_ups, refund_look_ups
from payments.checkout import sessions
from payments.checkout import store as session_store
from payments.counter import look_ups as code_look_ups
from payments.counter import store as code_store
from payments.disputes import answers as dispute_answers
from payments.disputes import look_ups
from payments.disputes import store as dispute_store
from payments.payment import due, store
from payments.refunds import store as refund_store

LOOP: Final = "payments.janitor"
# The rest is still due at the next tick.
MAX_PER_TICK: Final = 200
# After trouble that is not the record's own; meanwhile others come first.
RETRY_MS: Final = 60_000
# What was set aside is tried again from its row there. This is for the case that the row gets lost.
ASIDE_MS: Final = 24 * 3600 * 1000
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
            return payment_look_ups.look_at(record, now)
        case DisputeItem():
            return _look_at_dispute(record)
        case SessionItem():
            return sessions.look_at(record)
        case QrCodeItem():
            code_look_ups.look_at(record)
            return False
        case _:
            return refund_look_ups.look_at(record)


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
