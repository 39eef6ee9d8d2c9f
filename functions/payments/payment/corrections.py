"""The same provider payment told again with another amount: the books follow by the difference, and never book it a second time. Pure."""

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
    told = versions.told(payment, change)
    if payment.status == Status.SUCCESS and versions.is_settling_again(payment, change):
        surplus = told.minor - int(payment.amount)
        if told.currency != payment.currency or surplus <= 0:
            return Transition.REVIEW, contradiction(change, told)
        change = replace(change, amount=Money(surplus, told.currency))
    known = late_money.same(payment, change.connector, change.provider_reference)
    return (transition, change) if known is None else _known(payment, change, transition, known)


def _known(payment: PaymentItem, change: Change, transition: Transition, known: LateMoney) -> tuple[Transition, Change]:
    told = versions.told(payment, change)
    if known.money == told and transition is Transition.SETTLE and known.status == HELD:
        settled = late_money.stored_as(payment, {known.late_id}, SETTLED)
        return Transition.SETTLE, replace(change, late_money=settled, is_held=True)
    if known.money == told:
        return Transition.NOTE, change
    can_follow = known.status == HELD and known.money.currency == told.currency and len(known.corrections or ()) < MAX_CORRECTIONS
    if not can_follow:
        return Transition.REVIEW, contradiction(change, told)
    return Transition.CORRECT, replace(change, late_money=late_money.stored_after(payment, known.corrected(told)))


def contradiction(change: Change, told: Money) -> Change:
    """The same answer as one that cannot be booked."""
    return replace(change, outcome=Outcome.CONTRADICTED, reason="amount_differs", failure_message=f"{told} {told.currency}")


def journal(payment: PaymentItem, change: Change) -> Journal:
    """The difference between what is held of a change's money and what is told of it now."""
    known = late_money.same(payment, change.connector, change.provider_reference)
    if known is None:
        raise AssertionError("a correction of nothing")
    told = versions.told(payment, change)
    clearing = Account.clearing(payment.merchant_id, change.connector or "", told.currency)
    held = Account.suspense(payment.merchant_id, told.currency)
    more = told.minor - known.money.minor
    return Journal.transfer(
        source=clearing if more > 0 else held,
        target=held if more > 0 else clearing,
        amount=Money(abs(more), told.currency),
        reference=late_money.corrected_reference(known.late_id, len(known.corrections or ()) + 1),
        description="the provider told another amount",
    )
