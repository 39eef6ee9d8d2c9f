"""What a provider says of a hold as a whole: how much of it was captured, and whether it is over; compared with what is known here.

More than is known was captured at the provider itself: it is booked as a capture of its own. Less, of a hold that is over, contradicts. A
hold whose capture is under way is judged once that is answered.
"""

from dataclasses import dataclass, replace
from typing import Any

from paycorex import clock, ids
from paycorex.money import Money
from paycorex.records.hold import Ending, Hold, hold_of
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from paycorex.records.refund import EXTERNAL
from payments.captures import bookings, closing, holders
from payments.captures.bookings import CaptureContext, CaptureStep
from payments.connectors import capabilities
from payments.connectors.results import Approved, Authorized, Contradicts, Declined, Released
from payments.payment import attempts, holding, outcomes, settlement
from payments.payment.commit import Step, commit


@dataclass(frozen=True, slots=True)
class Seen:
    """A hold as its provider has it. total: captured of it, in minor units; None where it does not say. expires_ms: until when it holds.
    ability: what can be done with it, as it is stored.
    """

    reference: str
    total: int | None = None
    ending: Ending | None = None
    amount: int | None = None
    expires_ms: int | None = None
    ability: dict[str, Any] | None = None

    @property
    def is_over(self) -> bool:
        """True when nothing is held any more."""
        return self.ending is not None


def seen(result: Approved | Authorized | Released | Declined) -> Seen:
    """What an answer about an attempt says of its hold."""
    match result:
        case Authorized():
            amount = None if result.amount is None else result.amount.minor
            able = holding.stored_ability(result.ability)
            return Seen(result.provider_reference, result.captured_minor, None, amount, result.expires_ms, able)
        case Approved():
            return Seen(result.provider_reference, None if result.amount is None else result.amount.minor, Ending.FINAL)
        case Released():
            ending = Ending.EXPIRED if result.is_expired else Ending.CANCELED
            return Seen(result.provider_reference, result.captured_minor, ending)
        case Declined():
            return Seen(result.provider_reference or "", None, Ending.CANCELED)


def with_ability(payment: PaymentItem, *, lanes: int | None = None) -> PaymentItem:
    """The payment with what its provider says can be done with its hold: asked where providers say so of each hold, and this one's has not.

    The same object where there is nothing to ask. Raises like `apply`.
    """
    hold, holder = hold_of(payment), attempts.holder(payment)
    if hold is None or hold.is_over or hold.ability is not None or holder is None or not capabilities.of_some_holds(holder.connector):
        return payment
    found = holders.ask(payment)
    return apply(payment, seen(found), lanes=lanes) if isinstance(found, Authorized) else payment


def end(payment: PaymentItem, *, lanes: int | None = None) -> PaymentItem:
    """Bring a hold that ends to its end, its provider being asked for that where it has one; the payment as it then stands."""
    payment = closing.close(payment, lanes=lanes)
    if not closing.waits_for_provider(payment):
        return payment
    if closing.ends_by_time(payment):
        return closing.wait_for_time(payment)
    result = closing.ask(payment)
    match result:
        case Released():
            return apply(payment, seen(result), lanes=lanes)
        case Contradicts():
            return closing.postpone(settlement.apply(payment, outcomes.contradicted(payment.provider or "", result)))
        case Declined():
            # Perhaps because nothing is held any more: a last capture may have released the rest.
            return _looked_up(payment, lanes)
        case _:
            return closing.postpone(payment)


def _looked_up(payment: PaymentItem, lanes: int | None) -> PaymentItem:
    """What the provider says of the hold that it did not release; while it still holds it, it is asked again later."""
    found = holders.ask(payment)
    if not isinstance(found, Approved | Released | Declined):
        return closing.postpone(payment)
    return apply(payment, seen(found), lanes=lanes)


def apply(payment: PaymentItem, said: Seen, *, lanes: int | None = None) -> PaymentItem:
    """Bring it to the payment, once, however often it is said. Raises TemporarilyUnavailable, storage.Unavailable."""
    hold = hold_of(payment)
    if hold is None or (hold.is_over and _extra(payment, hold, said) <= 0):
        return payment
    if hold.under_way is not None:
        return _asked_first(payment)
    problem = _problem(payment, hold, said)
    if problem is not None:
        return settlement.apply(payment, outcomes.contradicted(payment.provider or "", problem))
    if _extra(payment, hold, said) > 0:
        payment = _captured_there(payment, said, lanes)
    payment = commit(lambda found: _noted(found, said), lambda: settlement.fresh(payment), payment, lanes=lanes).after
    return closing.close(payment, is_over=said.is_over, lanes=lanes)


def _extra(payment: PaymentItem, hold: Hold, said: Seen) -> int:
    """By how much more was captured than is known. All of it, where a provider only says that it was captured."""
    total = said.total
    if total is None:
        total = hold.amount if said.ending is Ending.FINAL and hold.ending is None else captured(payment)
    return total - captured(payment)


def _problem(payment: PaymentItem, hold: Hold, said: Seen) -> Contradicts | None:
    """Why it cannot be booked. Less than is known, of a hold that goes on, is an older answer, and no problem."""
    extra = _extra(payment, hold, said)
    room = bookings.CaptureContext(bookings.draft(payment, "", Money(1, payment.currency), is_final=True, status=""), payment).room
    if extra > room or (extra < 0 and said.is_over) or (extra > 0 and hold.is_over):
        shown = Money(captured(payment) + extra, payment.currency) if captured(payment) + extra else None
        return Contradicts("amount_differs", f"{shown or 0} captured, {captured(payment)} minor units known", said.reference)
    return None


def _captured_there(payment: PaymentItem, said: Seen, lanes: int | None) -> PaymentItem:
    """A capture that began at the provider. Its id follows from the sum that it makes up: reported twice, it is one."""

    def rule(found: PaymentItem) -> CaptureStep | Step[PaymentItem]:
        hold = holding.of(found)
        extra = _extra(found, hold, said)
        if extra <= 0 or hold.under_way is not None:
            return Step(found, found)
        capture_id = ids.derive("cap", found.payment_id, found.provider or "", str(captured(found) + extra))
        amount = Money(extra, found.currency)
        item = bookings.draft(found, capture_id, amount, is_final=said.is_over, status=bookings.PROCESSING, origin=EXTERNAL)
        return bookings.made(CaptureContext(item, found, is_stored=False), amount, said.reference)

    commit(rule, lambda: settlement.fresh(payment), payment, lanes=lanes)
    return settlement.fresh(payment)


def _noted(payment: PaymentItem, said: Seen) -> Step[PaymentItem]:
    """How long it is held now, how much, and that it ends."""
    hold = holding.of(payment)
    if said.ending is not None:
        after = hold.ends(said.ending) if hold.under_way is None else hold
    else:
        more = 0 if said.amount is None else max(said.amount - hold.amount, 0)
        parts = (*hold.parts, more) if more else hold.parts
        # A webhook that came first did not say what can be done with it.
        able = hold.ability if hold.ability is not None else said.ability
        after = replace(hold, parts=parts, expires_ms=said.expires_ms or hold.expires_ms, looks=hold.looks + 1, ability=able)
    return settlement.step_to(payment, holding.changed(payment, after, clock.now_ms()))


def _asked_first(payment: PaymentItem) -> PaymentItem:
    """The provider's sum may contain the capture under way: that is asked for first, at the next tick."""
    return settlement.postpone(payment, clock.now_ms())
