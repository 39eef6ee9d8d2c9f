"""Captures through a provider: stored first, asked for under the capture's own id, and booked or given up by what the provider answers."""

from dataclasses import replace

from paycorex.money import Money
from paycorex.records.capture import CaptureItem
from paycorex.records.payment_amounts import captured
from payments.captures import bookings, observations, store
from payments.captures.bookings import FAILED, MADE, PENDING, PROCESSING, CaptureContext, CaptureStep, request_of
from payments.captures.observations import Seen
from payments.connectors import calls as calling
from payments.connectors import capabilities
from payments.connectors.results import Approved, CaptureResult, Contradicts, Declined, NotFound, Pending, Unavailable, Unknown
from payments.payment import outcomes, settlement
from payments.payment import store as payment_store
from payments.payment.charge_names import is_another
from payments.payment.commit import Lost, commit, write_once


def execute(capture: CaptureItem) -> CaptureItem:
    """Ask the provider, under the capture's id. The capture as it then stands.

    One that captures once, however often it is asked, is asked again after this process ended early. Of another the capture is noted as
    on its way before it is asked, and then it is looked up first.
    """
    context = context_of(capture)
    connector = context.payment.provider or ""
    if not capabilities.captures_once(connector):
        return _ask_only_once(context, connector)
    request = request_of(context)
    result: CaptureResult = calling.call(capture.merchant_id, connector, lambda provider: provider.capture(request))
    return apply(capture, result)


def _ask_only_once(context: CaptureContext, connector: str) -> CaptureItem:
    """A second request could be a second capture. What did not reach the provider is asked for again later."""
    noted = bookings.waiting(context, PROCESSING)
    try:
        write_once(noted)
    except Lost:
        return fresh(context.capture)
    request = request_of(context)
    result: CaptureResult = calling.call(context.capture.merchant_id, connector, lambda provider: provider.capture(request))
    return apply(noted.after, NotFound() if isinstance(result, Unavailable) else result)


def look_up(capture: CaptureItem) -> CaptureItem:
    """One that may have reached the provider is looked up; one that has not is asked for, again under the same id."""
    if capture.status == PROCESSING:
        context = context_of(capture)
        request = request_of(context)
        connector = context.payment.provider or ""
        found: CaptureResult = calling.call(capture.merchant_id, connector, lambda provider: provider.lookup_capture(request))
        if not isinstance(found, NotFound):
            return apply(capture, found)
    return execute(capture)


def apply(capture: CaptureItem, result: CaptureResult) -> CaptureItem:
    """Bring an answer to the capture, exactly once; one that is decided stays as it is.

    Raises TemporarilyUnavailable, storage.Unavailable.
    """
    done = commit(lambda context: _step(context, result), lambda: context_of(fresh(capture)), context_of(capture))
    payment = context_of(done.after).payment
    if done.review is not None:
        payment = settlement.apply(payment, outcomes.contradicted(payment.provider or "", done.review))
    if done.after.status == MADE:
        observations.end(payment)
    return done.after


def explain(capture: CaptureItem, hold: Seen) -> CaptureItem:
    """What became of a capture without an answer, by what its provider says of the whole hold, which is over: no other capture took of it.

    Raises TemporarilyUnavailable, storage.Unavailable.
    """
    context = context_of(capture)
    if hold.total is None:
        return capture
    taken = hold.total - captured(context.payment)
    if taken <= 0:
        return apply(capture, Declined("not_made", "The hold is over, and this was not captured of it."))
    return apply(capture, Approved(capture.provider_reference or hold.reference, Money(taken, capture.currency)))


def context_of(capture: CaptureItem) -> CaptureContext:
    """The capture with its payment, read now. Raises storage.Unavailable."""
    payment = payment_store.find(capture.payment_id)
    if payment is None:
        raise AssertionError("a capture without its payment")
    return CaptureContext(capture, payment)


def fresh(capture: CaptureItem) -> CaptureItem:
    """The capture as it stands now. Raises storage.Unavailable."""
    found = store.find_capture(capture.capture_id)
    if found is None:
        raise AssertionError("a capture vanished")
    return found


def _step(context: CaptureContext, result: CaptureResult) -> CaptureStep:
    """The capture with this answer. Pure."""
    capture = context.capture
    if capture.status in {MADE, FAILED}:
        return CaptureStep(capture, capture)
    match _judged(context, result):
        case Approved(provider_reference=reference, amount=amount):
            step = bookings.made(context, amount or context.asked, reference)
            return replace(step, review=_difference(context, amount, reference))
        case Declined(code=code, reason=reason):
            return bookings.failed(context, code, reason)
        case Contradicts() as contradicts:
            step = bookings.waiting(context, PROCESSING, problem="The provider's answer contradicts what was asked.")
            return replace(step, review=contradicts)
        case Pending() | Unknown() | Unavailable() | NotFound() as undecided:
            return _undecided(context, undecided)


def _undecided(context: CaptureContext, result: Pending | Unknown | Unavailable | NotFound) -> CaptureStep:
    """What did not reach the provider is asked for again, what may have reached it is looked up."""
    match result:
        case Pending(provider_reference=reference):
            return bookings.waiting(context, PROCESSING, reference)
        case Unknown(reason=reason, provider_reference=named):
            return bookings.waiting(context, PROCESSING, named, reason)
        case Unavailable(reason=reason):
            return bookings.waiting(context, context.capture.status, problem=reason)
        case NotFound():
            return bookings.waiting(context, PENDING)


def _judged(context: CaptureContext, result: CaptureResult) -> CaptureResult:
    """The answer; or that it contradicts: another object than the one known, another currency, or more than is held."""
    capture = context.capture
    if not isinstance(result, Approved):
        return result
    if is_another(capture.provider_reference, result.provider_reference):
        return Contradicts("another_object", f"capture {result.provider_reference}", result.provider_reference)
    if result.amount is None or result.amount == context.asked:
        return result
    code = "currency_differs" if result.amount.currency != capture.currency else "amount_differs"
    is_booked = code == "amount_differs" and 0 < result.amount.minor <= context.room
    return result if is_booked else Contradicts(code, f"{result.amount} {result.amount.currency}", result.provider_reference)


def _difference(context: CaptureContext, amount: Money | None, reference: str) -> Contradicts | None:
    """That it was made with another amount than was asked: booked as it was made, and an operator must look."""
    if amount is None or amount == context.asked:
        return None
    return Contradicts("amount_differs", f"{amount} captured for {context.asked} {amount.currency}", reference)
