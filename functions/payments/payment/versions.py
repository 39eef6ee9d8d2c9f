"""The next version of a payment's record: status, timeline, attempts, event stamp and due time, from a change. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, storage
from paycorex.money import Money
from paycorex.records.hold import Hold
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from paycorex.records.payment_risk import is_in_review, listed_under
from paycorex.records.stamps import stamp
from payments.connectors.results import Kept
from payments.payment import attempts, charge_names, due, hold_times
from payments.payment.attempts import Note
from payments.payment.states import OPEN, Outcome, Status, Transition

LATE: Final = "late"
# A chain can take a payment back and forth for ever. The first and the newest steps stay; each step in between was an event of its own.
MAX_STEPS: Final = 40
FIRST_STEPS: Final = 10
_KEEPS_DUE_TIME: Final = frozenset({Transition.HOLD, Transition.CORRECT, Transition.NOTE})
# While a payment is in one of these, its due time is that of its own work.
_AT_WORK: Final = OPEN | {Status.AUTHORIZED}


@dataclass(frozen=True, slots=True)
class Change:
    """What is known now about a payment, and what follows beside its status.

    reason: for the timeline. notes: about its attempts. connector, provider_reference, amount: of money that arrived (amount None: exactly
    the payment's). next_action, method_state, late_money: replace what is there when given. due_ms: when the janitor must look at it next:
    in an open status always, in a final one while a connector may still come to hold money; None: never.
    """

    outcome: Outcome
    reason: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    notes: tuple[Note, ...] = ()
    connector: str | None = None
    provider_reference: str | None = None
    amount: Money | None = None
    next_action: dict[str, Any] | None = None
    method_state: dict[str, Any] | None = None
    due_ms: int | None = None
    # Until when the payer has time, where that was not known before.
    expires_ms: int | None = None
    late_money: list[dict[str, Any]] | None = None
    # Further names of the money at its provider.
    aliases: tuple[str, ...] = ()
    # By which the card's network knows it.
    network_transaction_id: str | None = None
    # True when the money is in suspense already.
    is_held: bool = False
    # What the provider keeps, where it says so.
    kept: Kept | None = None
    # What is held from now on, of a payment that the merchant captures.
    hold: Hold | None = None


def reported_money(payment: PaymentItem, change: Change) -> Money:
    """How much money the change is about."""
    return change.amount or Money(int(payment.amount), payment.currency)


def is_settling_again(payment: PaymentItem, change: Change) -> bool:
    """True when a successful payment hears of the very money that settled it."""
    return (payment.provider, payment.provider_reference) == (change.connector, change.provider_reference)


def outcome_for(payment: PaymentItem, change: Change) -> Outcome:
    """The change's outcome as it is for this payment.

    Money counts as its own when the amount fits, nothing else paid it or holds for it, and it is the object that its attempt made. What is
    known to have gone back did so, however late an older answer arrives.
    """
    if change.outcome is not Outcome.PAID:
        return change.outcome
    attempt = attempts.at(payment, change.notes[0].number if change.notes else 0)
    if attempt is not None and attempt.status == attempts.RETURNED and attempt.provider_reference == change.provider_reference:
        return Outcome.RETURNED
    fits = reported_money(payment, change) == Money(int(payment.amount), payment.currency)
    paid_before = payment.status in {Status.SUCCESS, Status.AUTHORIZED} and not is_settling_again(payment, change)
    return Outcome.PAID if fits and not paid_before and not is_of_another(payment, change) else Outcome.PAID_OTHERWISE


def is_of_another(payment: PaymentItem, change: Change) -> bool:
    """True of money by another name than the one that its attempt's charge has at the same connector."""
    attempt = attempts.at(payment, change.notes[0].number if change.notes else 0)
    is_money = change.outcome is Outcome.PAID and attempt is not None and change.connector == attempt.connector
    return is_money and charge_names.is_another_than(attempt, change.provider_reference)


def next_version(payment: PaymentItem, change: Change, transition: Transition, now_ms: int) -> PaymentItem:
    """The payment after this change. Of a settlement, without the references to its entries."""
    after = storage.copy_of(payment)
    # What is reported of another object says nothing about the attempt, which keeps its name.
    for note in () if transition is Transition.HOLD and is_of_another(payment, change) else change.notes:
        after.attempts = attempts.noted(after.attempts, note)
    if transition is Transition.PROCESS:
        _process(after, change, now_ms)
    elif transition is Transition.SETTLE:
        _settle(after, change, now_ms)
    elif transition is Transition.AUTHORIZE:
        _authorize(after, change, now_ms)
    elif transition is Transition.FAIL:
        _fail(after, change, now_ms)
    elif transition in {Transition.HOLD, Transition.CORRECT}:
        after.late_money = change.late_money
        after.method_state = change.method_state or after.method_state
        set_event(after, "payment.late_money", now_ms)
    elif transition in {Transition.NOTE, Transition.RELEASE}:
        after.method_state = change.method_state or after.method_state
    elif transition is Transition.REVIEW:
        _review(after, change, now_ms)
        return next_revision(payment, after, now_ms)
    if change.due_ms is not None or transition not in _KEEPS_DUE_TIME or Status(payment.status) not in _AT_WORK:
        due.set_due(after, hold_times.next_due(after, now_ms) if change.due_ms is None else change.due_ms)
    return next_revision(payment, after, now_ms)


def next_revision(before: PaymentItem, after: PaymentItem, now_ms: int) -> PaymentItem:
    """The changed record with its new version; the old one itself when nothing changed."""
    if not storage.difference(before, after):
        return before
    after.version = int(before.version) + 1
    after.updated_at = now_ms
    return after


def with_step(timeline: list[list[Any]], step: list[Any]) -> list[list[Any]]:
    """A timeline with one step more, within its bound."""
    steps = [*timeline, step]
    return steps if len(steps) <= MAX_STEPS else [*steps[:FIRST_STEPS], *steps[FIRST_STEPS - MAX_STEPS :]]


def _process(after: PaymentItem, change: Change, now_ms: int) -> None:
    if after.status != Status.PROCESSING:
        step(after, Status.PROCESSING, change.reason, now_ms)
        set_event(after, "payment.processing", now_ms)
    _take(after, change)
    after.next_action = change.next_action or after.next_action
    after.expires_at = change.expires_ms or after.expires_at


def _authorize(after: PaymentItem, change: Change, now_ms: int) -> None:
    if change.hold is None:
        raise AssertionError("an authorization of nothing")
    step(after, Status.AUTHORIZED, change.reason, now_ms)
    set_event(after, "payment.authorized", now_ms)
    _take(after, change)
    after.hold, after.amount_captured = change.hold.stored(), 0
    if is_in_review(after):
        after.listed_under = listed_under(after.merchant_id)
    after.failure_code = after.failure_message = after.next_action = after.review = None


def _settle(after: PaymentItem, change: Change, now_ms: int) -> None:
    step(after, Status.SUCCESS, change.reason, now_ms)
    set_event(after, "payment.success", now_ms)
    _take(after, change)
    if is_manual(after):
        # Late money that the merchant accepted: there is no capture of it.
        after.amount_captured = int(after.amount)
    after.late_money = change.late_money or after.late_money
    after.failure_code = after.failure_message = after.next_action = after.review = None


def _fail(after: PaymentItem, change: Change, now_ms: int) -> None:
    step(after, Status.FAILED, change.reason or change.failure_code, now_ms)
    set_event(after, "payment.expired" if change.outcome is Outcome.EXPIRED else "payment.failed", now_ms)
    after.failure_code, after.failure_message = change.failure_code, change.failure_message
    after.next_action = None
    after.method_state = change.method_state or after.method_state


def _review(after: PaymentItem, change: Change, now_ms: int) -> None:
    """What contradicts stands on the payment, the latest only; when it looks after itself next stays as it was."""
    said = {
        "reason": change.reason or "",
        "detail": change.failure_message or "",
        "connector": change.connector or "",
        "provider_reference": change.provider_reference,
    }
    known = {name: value for name, value in (after.review or {}).items() if name != "at"}
    if known == said:
        return
    if after.review is None:
        set_event(after, "payment.contradicted", now_ms)
    after.review = {**said, "at": clock.rfc3339(now_ms)}


def _take(after: PaymentItem, change: Change) -> None:
    after.provider = change.connector or after.provider
    after.provider_reference = change.provider_reference or after.provider_reference
    after.network_transaction_id = change.network_transaction_id or after.network_transaction_id
    after.method_state = change.method_state or after.method_state


def step(after: PaymentItem, status: Status, reason: str | None, now_ms: int) -> None:
    """Bring the payment to a status, with its line in the timeline."""
    after.status = status.value
    after.timeline = with_step(after.timeline, [status.value, now_ms] if reason is None else [status.value, now_ms, reason])


def set_event(after: PaymentItem, event: str, now_ms: int) -> None:
    """Make this version an event."""
    for name, value in stamp(event, now_ms, after).items():
        setattr(after, name, value)
