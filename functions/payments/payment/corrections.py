"""The same provider payment reported again with another amount: the books follow by the difference and book it once. Pure."""

from dataclasses import replace

from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.payment import late_money, states, versions
from payments.payment.late_money import HELD, MAX_CORRECTIONS, SETTLED, LateMoney
from payments.payment.states import Outcome, Status, Transition
from payments.payment.versions import Change


def ruled(payment: PaymentItem, change: Change) -> tuple[Transition, Change]:
    """What is to be done, by the state table and by what is booked of this very money already."""
    transition = states.transition_for(payment.status, versions.outcome_for(payment, change))
    if transition not in {Transition.SETTLE, Transition.HOLD} or change.outcome is not Outcome.PAID:
        return transition, change
    reported = versions.reported_money(payment, change)
    if payment.status == Status.SUCCESS and versions.is_settling_again(payment, change):
        surplus = reported.minor - int(payment.amount)
        if reported.currency != payment.currency or surplus <= 0:
            return Transition.REVIEW, contradiction(change, reported)
        change = replace(change, amount=Money(surplus, reported.currency))
    known = late_money.same(payment, change.connector, change.provider_reference)
    return (transition, change) if known is None else _known(payment, change, transition, known)


def _known(payment: PaymentItem, change: Change, transition: Transition, known: LateMoney) -> tuple[Transition, Change]:
    reported = versions.reported_money(payment, change)
    if known.money == reported and transition is Transition.SETTLE and known.status == HELD:
        settled = late_money.stored_as(payment, {known.late_id}, SETTLED)
        return Transition.SETTLE, replace(change, late_money=settled, is_held=True)
    if known.money == reported:
        return Transition.NOTE, change
    can_follow = known.status == HELD and known.money.currency == reported.currency and len(known.corrections or ()) < MAX_CORRECTIONS
    if not can_follow:
        return Transition.REVIEW, contradiction(change, reported)
    return Transition.CORRECT, replace(change, late_money=late_money.stored_after(payment, known.corrected(reported)))


def contradiction(change: Change, reported: Money) -> Change:
    """The same answer as one that cannot be booked."""
    return replace(change, outcome=Outcome.CONTRADICTED, reason="amount_differs", failure_message=f"{reported} {reported.currency}")


def journal(payment: PaymentItem, change: Change) -> Journal:
    """The difference between what is held of a change's money and the amount that is reported now."""
    known = late_money.same(payment, change.connector, change.provider_reference)
    if known is None:
        raise AssertionError("a correction of nothing")
    reported = versions.reported_money(payment, change)
    clearing = Account.clearing(payment.merchant_id, change.connector or "", reported.currency)
    held = Account.suspense(payment.merchant_id, reported.currency)
    more = reported.minor - known.money.minor
    return Journal.transfer(
        source=clearing if more > 0 else held,
        target=held if more > 0 else clearing,
        amount=Money(abs(more), reported.currency),
        reference=late_money.corrected_reference(known.late_id, len(known.corrections or ()) + 1),
        description="the provider reported another amount",
    )
