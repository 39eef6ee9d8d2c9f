"""A payment's hold as part of the payment's next version. Pure."""

from typing import Any

from paycorex import storage
from paycorex.records.hold import Hold, hold_of
from paycorex.records.payment import PaymentItem
from payments.connectors.requests import HoldAbility
from payments.payment import due, hold_times, versions


def with_hold(payment: PaymentItem, hold: Hold, now_ms: int) -> PaymentItem:
    """A copy of the payment with this hold, and due when that must be looked at. Its version is the caller's to raise."""
    after = storage.copy_of(payment)
    after.hold = hold.stored()
    if hold.is_over:
        after.listed_under = None
    due.set_due(after, hold_times.next_due(after, now_ms))
    return after


def changed(payment: PaymentItem, hold: Hold, now_ms: int) -> PaymentItem:
    """The payment's next version, with this hold and nothing else."""
    return versions.next_revision(payment, with_hold(payment, hold, now_ms), now_ms)


def look_now(after: PaymentItem, now_ms: int) -> None:
    """Let the janitor look at it at its next tick."""
    due.set_due(after, now_ms)


def stored_ability(ability: HoldAbility | None) -> dict[str, Any] | None:
    """As a hold keeps what its provider said of it."""
    if ability is None:
        return None
    return {"captures": ability.captures.value, "over_percent": ability.over_percent, "can_increment": ability.can_increment}


def of(payment: PaymentItem) -> Hold:
    """The hold of a payment that has one."""
    hold = hold_of(payment)
    if hold is None:
        raise AssertionError("a payment without a hold")
    return hold
