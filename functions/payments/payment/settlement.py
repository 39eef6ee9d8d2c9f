"""What is known about a payment becomes its next version, exactly once, however often and in whatever order it arrives.

The state table decides, `versions` makes the next record, and `commit` writes it. Success and the merchant's credit are one transaction,
and so are late money and its entry in suspense.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from paycorex import clock, storage
from paycorex.errors import InvalidState
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.payment import PaymentItem, settlement_reference
from payments.payment import corrections, due, fees, hold_times, late_money, overflow_store, references, reviews, states, store, versions
from payments.payment.commit import Lost, Step, commit, write_once
from payments.payment.late_money import LateMoney
from payments.payment.states import Outcome, Transition
from payments.payment.versions import Change


def apply(payment: PaymentItem, change: Change, *, lanes: int | None = None, also: Sequence[storage.Write] = ()) -> PaymentItem:
    """Bring a change to the payment; the payment as it then stands.

    lanes: of the merchant, None looks them up. also: writes of the request that asked for it (its claim), carried out only together with a
    change. Raises InvalidState where the table refuses, TemporarilyUnavailable; ledger.RecordRefused or storage.TransactionRefused when one
    of `also` was refused.
    """

    def read() -> PaymentItem:
        return _with_known(fresh(payment), change)

    done = commit(lambda found: step_of(found, change), read, _with_known(payment, change), claim=also, lanes=lanes)
    reviews.tell(done.before, done.after)
    return done.after


def step_of(payment: PaymentItem, change: Change) -> Step[PaymentItem]:
    """The payment's next version by the state table, with its journal. Raises InvalidState where the table refuses. Pure."""
    transition, change = corrections.ruled(payment, change)
    if transition is Transition.REFUSE:
        raise InvalidState(f"The payment is {payment.status} already.", details={"status": payment.status})
    if transition in states.OF_HOLDS - {Transition.RELEASE}:
        raise AssertionError("an answer about a hold goes to payments.captures")
    if transition is Transition.HOLD:
        change = replace(change, late_money=late_money.stored_with(payment, _held(payment, change)))
    now = clock.now_ms()
    after = versions.next_version(payment, change, transition, now)
    if transition in _WITH_FEES:
        after = versions.next_revision(payment, fees.with_known(payment, after, change), now)
    if transition not in _JOURNALS:
        named = _named(after, change) if transition is Transition.AUTHORIZE else []
        return Step(payment, after, lambda: [*store.changes(payment, after), *named])
    return Step(
        payment,
        after,
        lambda: [*store.changes(payment, after), *_named(after, change)],
        _JOURNALS[transition](payment, change),
        keeps_entries=transition is Transition.SETTLE,
        # After a correction the amount is the right one: what it means for the payment is another question.
        is_last=transition is not Transition.CORRECT,
    )


def step_to(payment: PaymentItem, after: PaymentItem, journal: Journal | None = None) -> Step[PaymentItem]:
    """The step from one version of a payment to the next."""
    return Step(payment, after, lambda: store.changes(payment, after), journal)


def _with_known(payment: PaymentItem, change: Change) -> PaymentItem:
    """The payment with the late money that this change is about, should that be in a row of its own."""
    brings_money = change.outcome in {Outcome.PAID, Outcome.PAID_OTHERWISE}
    return overflow_store.with_reported(payment, change.connector, change.provider_reference) if brings_money else payment


def postpone(payment: PaymentItem, due_ms: int | None, method_state: dict[str, Any] | None = None) -> PaymentItem:
    """Look again then (None: when its hold must be looked at, else not at all). Nothing else changes.

    When another write was faster, that one is the newer knowledge.
    """
    after = storage.copy_of(payment)
    due.set_due(after, hold_times.next_due(payment, clock.now_ms()) if due_ms is None else due_ms)
    after.method_state = method_state or payment.method_state
    step = step_to(payment, versions.next_revision(payment, after, clock.now_ms()))
    try:
        write_once(step)
    except Lost:
        return fresh(payment)
    return step.after


def revise(payment: PaymentItem, edit: Callable[[PaymentItem], PaymentItem]) -> PaymentItem:
    """Store what `edit` makes of the payment as it stands, asked anew whenever another write was faster. Raises TemporarilyUnavailable."""
    return commit(lambda found: step_to(found, edit(found)), lambda: fresh(payment), payment).after


def _named(payment: PaymentItem, change: Change) -> list[storage.Write]:
    return [references.row(payment, alias, change.connector or "") for alias in change.aliases]


def fresh(payment: PaymentItem) -> PaymentItem:
    """The payment as it stands now. Raises storage.Unavailable."""
    found = store.find(payment.payment_id)
    if found is None:
        raise AssertionError("a payment vanished")
    return found


def _settlement(payment: PaymentItem, change: Change) -> Journal:
    if change.outcome is Outcome.ACCEPTED or change.is_held:
        source = Account.suspense(payment.merchant_id, payment.currency)
    else:
        source = Account.clearing(payment.merchant_id, change.connector or "", payment.currency)
    return Journal.transfer(
        source=source,
        target=Account.of_merchant(payment.merchant_id, payment.currency),
        amount=Money(int(payment.amount), payment.currency),
        reference=settlement_reference(payment.payment_id, int(payment.reversals or 0)),
    )


def _to_suspense(payment: PaymentItem, change: Change) -> Journal:
    amount = versions.reported_money(payment, change)
    return Journal.transfer(
        source=Account.clearing(payment.merchant_id, change.connector or "", amount.currency),
        target=Account.suspense(payment.merchant_id, amount.currency),
        amount=amount,
        reference=late_money.next_reference(payment),
    )


def _held(payment: PaymentItem, change: Change) -> LateMoney:
    return LateMoney.held(
        late_money.next_reference(payment),
        versions.reported_money(payment, change),
        connector=change.connector or "",
        provider_reference=change.provider_reference,
        now_ms=clock.now_ms(),
    )


_WITH_FEES: Final = frozenset({Transition.SETTLE, Transition.NOTE})
_JOURNALS: Final = {Transition.SETTLE: _settlement, Transition.HOLD: _to_suspense, Transition.CORRECT: corrections.journal}
