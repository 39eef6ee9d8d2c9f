"""From what a connector answered to what it means for the payment: one reading for create, callbacks and the janitor alike."""

from dataclasses import replace
from typing import Any, Final

from paycorex import clock
from paycorex.records.hold import Hold
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from payments.connectors import capabilities
from payments.connectors.requests import HoldAbility
from payments.connectors.results import (
    Approved,
    Authorized,
    Contradicts,
    Declined,
    Fault,
    Found,
    NotFound,
    Pending,
    Redirect,
    Released,
    Unavailable,
    Unknown,
)
from payments.payment import asking, attempts, confirming, hold_times, holding, keeping, unlisted
from payments.payment.attempts import Note
from payments.payment.states import Outcome
from payments.payment.versions import Change

# What an attempt came to, where no money is held.
Decided = Approved | Declined | Redirect | Pending | Unavailable | Unknown | NotFound | Contradicts
# What a payer has to confirm a redirect, and a provider to make up its mind, unless the order says otherwise.
CONFIRM_SECONDS: Final = 3600
# Money may still come for a payment that was given up: how soon and how long it is looked for.
LATE_LOOK_SECONDS: Final = 300


def change_of(payment: PaymentItem, number: int, connector: str, result: Found, *, started_ms: int | None = None) -> Change:
    """What an answer about the payment's attempt with this number means.

    started_ms: when the call began, if it was the attempt itself. Unavailable means the attempt did not happen: only for who called.
    """
    if isinstance(result, Authorized) and is_manual(payment):
        return _authorized(payment, number, connector, result, started_ms)
    result = without_holds(result)
    note = _note(number, connector, result, started_ms)
    match result:
        case Approved() | Contradicts():
            return _received(payment, note, result)
        case Redirect() | Pending() | Unknown():
            action = {"type": "redirect", "url": result.url} if isinstance(result, Redirect) else None
            change = _waiting(payment, note, connector, _reference(result), action)
            form = result.form if isinstance(result, Redirect) else None
            return change if form is None else replace(change, method_state=confirming.awaited(payment.method_state, form))
        case Declined() | Unavailable() | NotFound() if number + 1 < len(payment.attempts or ()):
            return Change(Outcome.SUPERSEDED, notes=(note,))
        case Declined() | Unavailable() | NotFound():
            code, message = _failure(payment, result)
            return Change(Outcome.DECLINED, reason=note.code, failure_code=code, failure_message=message, notes=(note,))


def _authorized(payment: PaymentItem, number: int, connector: str, result: Authorized, started_ms: int | None) -> Change:
    """The money is held from now on; unless it is another amount, of which nothing could be captured as it was asked for."""
    if result.amount not in {None, asking.asked(payment)} and payment.hold is None:
        said = f"{result.amount} {result.amount.currency} authorized" if result.amount is not None else ""
        return contradicted(connector, Contradicts("amount_differs", said, result.provider_reference))
    duration = None if started_ms is None else clock.now_ms() - started_ms
    note = Note(number, connector, attempts.AUTHORIZED, None, None, result.provider_reference, started_ms, duration)
    change = Change(Outcome.AUTHORIZED, notes=(note,), connector=connector, provider_reference=result.provider_reference)
    change = replace(change, aliases=result.aliases, network_transaction_id=result.network_transaction_id)
    return authorization(payment, change, result.expires_ms, result.ability)


def authorization(payment: PaymentItem, change: Change, expires_ms: int | None = None, ability: HoldAbility | None = None) -> Change:
    """The same answer as one by which the payment's amount is held.

    expires_ms: as the provider says it; else as its documents do. ability: what the provider says of this hold.
    """
    now, days = clock.now_ms(), capabilities.holds_of(change.connector or "", payment.method).hold_days
    until = expires_ms if expires_ms is not None or days == 0 else now + days * 86_400_000
    is_short = until is None or until - now <= hold_times.WARNING_SECONDS * 1000
    hold = Hold((int(payment.amount),), until, is_warned=is_short, ability=holding.stored_ability(ability))
    return replace(change, outcome=Outcome.AUTHORIZED, amount=None, reason=None, hold=hold, due_ms=hold_times.due_ms(hold, now))


def without_holds(result: Found) -> Decided:
    """A hold as what it is to a payment that is charged at once: money that may still come, or that did not."""
    match result:
        case Authorized(provider_reference=reference):
            return Pending(reference)
        case Released(provider_reference=reference, is_expired=is_expired):
            return Declined("expired" if is_expired else "canceled", "The provider holds the money no more.", provider_reference=reference)
        case _:
            return result


def _received(payment: PaymentItem, note: Note, result: Approved | Contradicts) -> Change:
    """Money that came, that came and went back, or that cannot be what is reported of it."""
    if isinstance(result, Contradicts):
        return contradicted(note.connector, result, notes=(note,) if _is_open(payment, note.number) else ())
    change = Change(Outcome.PAID, notes=(note,), connector=note.connector, provider_reference=result.provider_reference)
    if not result.is_returned:
        found = unlisted.given_back(payment, note.connector, result.provider_reference, result.returned_minor)
        found = unlisted.disputed(payment, note.connector, result, found)
        found = keeping.due(payment) | found
        return replace(
            change,
            amount=result.amount,
            aliases=result.aliases,
            network_transaction_id=result.network_transaction_id,
            kept=result.kept,
            **found,
        )
    message = "The provider took the money and gave it back."
    return replace(change, outcome=Outcome.RETURNED, reason="returned", failure_code="returned", failure_message=message)


def contradicted(connector: str, result: Contradicts, *, notes: tuple[Note, ...] = ()) -> Change:
    """An answer that cannot be booked: an operator must look at the payment."""
    change = Change(Outcome.CONTRADICTED, reason=result.code, failure_message=result.detail, notes=notes)
    return replace(change, connector=connector, provider_reference=result.provider_reference)


def _is_open(payment: PaymentItem, number: int) -> bool:
    known = attempts.at(payment, number)
    return known is None or known.status in {attempts.STARTED, attempts.UNKNOWN}


def _failure(payment: PaymentItem, result: Declined | Unavailable | NotFound) -> tuple[str, str]:
    """The payment's failure code and message."""
    declined = "card_declined" if payment.method == "tokenized" else "payment_declined"
    match result:
        case Declined(fault=Fault.SETUP, reason=reason):
            return "provider_configuration", f"The provider refused the request: {reason}"
        case Declined(fault=Fault.AMOUNT, reason=reason):
            return "unsupported_amount", reason
        case Declined(reason=reason):
            return declined, reason
        case NotFound():
            return declined, "The payment never reached the provider."
        case Unavailable():
            return "provider_unavailable", "No payment provider could be reached."


def with_time(payment: PaymentItem, change: Change) -> Change:
    """The same, and until when a payer may confirm, unless that is known already."""
    return change if payment.expires_at is not None else replace(change, expires_ms=clock.now_ms() + CONFIRM_SECONDS * 1000)


def given_up(payment: PaymentItem, outcome: Outcome) -> Change:
    """Canceled or expired. Where a connector may still come to hold money, the janitor goes on looking."""
    message = {Outcome.CANCELED: "The payment was canceled.", Outcome.EXPIRED: "The payment was not made in time."}[outcome]
    due_ms = clock.now_ms() + LATE_LOOK_SECONDS * 1000 if attempts.is_open(payment) else None
    return Change(outcome, reason=outcome.value, failure_code=outcome.value, failure_message=message, due_ms=due_ms)


def _reference(result: Redirect | Pending | Unknown) -> str | None:
    """By which it is asked for. What waits for a form, or was not answered, has no such name yet."""
    if isinstance(result, Unknown) or (isinstance(result, Redirect) and result.form is not None):
        return None
    return result.provider_reference


def _waiting(payment: PaymentItem, note: Note, connector: str, reference: str | None, action: dict[str, Any] | None) -> Change:
    due_ms = asking.next_look_ms(payment)
    return Change(Outcome.STARTED, notes=(note,), connector=connector, provider_reference=reference, next_action=action, due_ms=due_ms)


def _note(number: int, connector: str, result: Decided, started_ms: int | None) -> Note:
    duration = None if started_ms is None else clock.now_ms() - started_ms
    status, code, reason, reference = _facts(result)
    return Note(number, connector, status, code, reason, reference, started_ms, duration)


def _facts(result: Decided) -> tuple[str, str | None, str | None, str | None]:
    match result:
        case Approved(provider_reference=reference):
            return attempts.RETURNED if result.is_returned else attempts.APPROVED, None, None, reference
        case Redirect() | Pending():
            return attempts.PENDING, None, None, _reference(result)
        case Unknown(reason=reason, provider_reference=unheard_reference):
            return attempts.UNKNOWN, "no_answer", reason, unheard_reference
        case Contradicts(code=code, detail=detail):
            return attempts.UNKNOWN, code, detail, None
        case Declined() | Unavailable() | NotFound():
            return _refused(result)


def _refused(result: Declined | Unavailable | NotFound) -> tuple[str, str | None, str | None, str | None]:
    match result:
        case Declined(code=code, reason=reason, provider_reference=declined_reference):
            return attempts.DECLINED, code, reason, declined_reference
        case Unavailable(reason=reason):
            return attempts.UNAVAILABLE, "unavailable", reason, None
        case NotFound():
            return attempts.DECLINED, "not_received", "The provider does not know this attempt.", None
