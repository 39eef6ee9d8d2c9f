"""A payment that is past its time: what its provider says, what a decided one still waits for, and the end of a payer's time.

The janitor's part of payments. It decides nothing that a provider could still contradict, but for the end of a payer's time.
"""

from typing import Final

from paycorex import credentials, settings
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from payments.captures import answers, follow_up
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
from payments.crypto import expiry as crypto_expiry
from payments.disputes import look_ups
from payments.methods import kept_cards
from payments.payer_page import links as payer_links
from payments.payment import asking, attempts, cancellation, confirming, fee_look_ups, fees, keeping, outcomes, unlisted
from payments.payment import settlement as settle
from payments.payment.attempts import AttemptRecord
from payments.payment.states import OPEN, Outcome
from payments.refunds import external

# An attempt that its connector does not know may still be on its way; after this it is not.
LOST_SECONDS: Final = 120
# For how long money is looked for that may still come for a payment that was given up.
LATE_WATCH_SECONDS: Final = 24 * 3600


def look_at(payment: PaymentItem, now: int) -> bool:
    """What is due first of a payment that is past its time. True when it is decided now and was not before."""
    if payment.status not in OPEN and unlisted.owed(payment) is not None:
        external.catch_up(payment)
        return False
    if payment.status not in OPEN and unlisted.contested(payment) is not None:
        look_ups.discover(payment)
        return False
    if keeping.is_owed(payment):
        kept_cards.catch_up(payment)
        return False
    if follow_up.has_work(payment):
        return follow_up.look_at(payment)
    latest = attempts.last(payment)
    if latest is None or not latest.is_open or confirming.is_untouched(payment):
        return _without_attempt(payment, now)
    attempt = asking.attempt_of(payment, latest.number, page_url=_page_url(payment))
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
    return settle.postpone(payment, asking.next_look_ms(payment, looks), {**state, "looks": looks})


def _is_lost(latest: AttemptRecord, now: int) -> bool:
    return now - latest.started_ms >= LOST_SECONDS * 1000


def _is_waiting(payment: PaymentItem, latest: AttemptRecord) -> bool:
    """A provider that waits for a payer has the attempt: that it does not find it now is its own error, until the payer's time ends."""
    return payment.status == "pending" and latest.status == attempts.PENDING


def _has_expired(payment: PaymentItem, now: int) -> bool:
    return payment.expires_at is not None and now >= int(payment.expires_at)
