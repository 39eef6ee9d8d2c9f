"""Refunds through a provider: reserved first, asked for under the refund's own id, and settled or released by what the provider answers.

The amount is taken out of what may be refunded in the transaction that stores the refund, so nothing that happens later, at the provider
or here, can make refunds exceed the payment. A refund that failed, at once or weeks after it was made, gives its amount back to what may be
refunded.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Final

from paycorex import clock, ids, storage
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from payments.connectors import calls as calling
from payments.connectors import capabilities
from payments.connectors.notices import ProviderRefund
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Approved, Contradicts, Declined, Fault, NotFound, Pending, RefundResult, Unavailable, Unknown
from payments.payment import charge_names, due
from payments.payment.commit import Lost, commit, write_once
from payments.payment.states import OPEN, Status
from payments.refunds import answers, bookings, store
from payments.refunds.bookings import FAILED, MADE, RefundContext, RefundStep, context_of, refund_request

FIRST_LOOK_SECONDS: Final = 60
MAX_LOOK_SECONDS: Final = 3600
# Refunds of one payment that a callback wakes; more are looked after at their own times.
_WOKEN: Final = 20
_FINAL: Final = frozenset({MADE, FAILED})


def begin(item: RefundItem) -> RefundItem:
    """A refund as it is first stored: pending, and due should this process end before the provider was asked."""
    due.set_due(item, clock.now_ms() + FIRST_LOOK_SECONDS * 1000)
    return item


def execute(refund: RefundItem, payment: PaymentItem) -> RefundItem:
    """Ask the provider, under the refund's id. The refund as it then stands.

    One that gives back once, however often it is asked, is asked again after this process ended early. Of another the refund is noted as on
    its way before it is asked, and then it is only looked up.

    A payment whose outcome is not known yet has nothing to give back: then the refund waits for the janitor.
    """
    is_late = refund.late_id is not None
    if not is_late and payment.status in OPEN:
        return postpone(refund, refund.status)
    if not is_late and payment.status == Status.FAILED:
        return apply(refund, Declined("payment_failed", "The payment failed, so there is nothing to refund."))
    context = context_of(refund, payment)
    problem = capabilities.amount_problem(context.connector, context.asked)
    if problem is not None:
        # The payment came to another connector than it was at when the refund was accepted.
        return apply(refund, Declined("unsupported_amount", problem, fault=Fault.AMOUNT))
    request = refund_request(context)
    if capabilities.refunds_once(context.connector):
        return apply(refund, calling.call(refund.merchant_id, context.connector, lambda provider: provider.refund(request)))
    return _ask_only_once(refund, context.connector, request)


def _ask_only_once(refund: RefundItem, connector: str, request: RefundRequest) -> RefundItem:
    """A second request would be a second refund. What did not reach the provider is asked for again later."""
    noted = _postponed(refund, "processing")
    try:
        write_once(noted)
    except Lost:
        return _fresh(refund)
    result: RefundResult = calling.call(refund.merchant_id, connector, lambda provider: provider.refund(request))
    if isinstance(result, Unavailable):
        return postpone(noted.after, "pending", problem=result.reason)
    return apply(noted.after, result)


def apply_report(merchant_id: str, connector: str, report: ProviderRefund) -> bool:
    """What a connector says of a refund that names ours; False when there is no such refund here, or not that connector's."""
    refund_id = report.refund_id or ""
    refund = store.find_refund(refund_id) if ids.is_id("ref", refund_id) else None
    if refund is None or refund.merchant_id != merchant_id:
        return False
    context = context_of(refund)
    if context.connector != connector:
        return False
    if charge_names.is_another(refund_request(context).charge_reference, report.charge_reference):
        answers.review(refund, Contradicts("another_object", f"refund of {report.charge_reference}", report.reference))
    else:
        apply(refund, report.result)
    return True


def apply(refund: RefundItem, result: RefundResult) -> RefundItem:
    """Bring an answer to the refund, exactly once. One that is decided stays as it is, unless the very refund that the provider made came
    back to it: that is reported days or weeks later. Raises TemporarilyUnavailable, storage.Unavailable.
    """
    done = commit(lambda found: _step(found, result), lambda: context_of(_fresh(refund)), context_of(refund))
    if done.review is not None:
        answers.review(done.after, done.review)
    return done.after


def _step(context: RefundContext, result: RefundResult) -> RefundStep:
    """The refund with this answer. Pure."""
    refund = context.refund
    if refund.status in _FINAL and not _is_return(refund, result):
        return RefundStep(refund, refund, review=answers.later_difference(refund, result))
    return _answered(context, answers.judged(context, result))


def _answered(context: RefundContext, judged: RefundResult) -> RefundStep:
    refund = context.refund
    match judged:
        case Declined(code=code, reason=reason):
            return (bookings.returned if refund.status == MADE else bookings.failed)(context, code, reason)
        case Approved(provider_reference=reference, amount=amount):
            step = bookings.made(context, reference, amount or context.asked)
            return replace(step, review=answers.difference(refund, step.after))
        case Contradicts():
            step = _postponed(refund, "processing", problem="The provider's answer contradicts what was asked.")
            return replace(step, review=judged)
        case Pending():
            return _postponed(refund, "processing", judged.provider_reference)
        case Unknown(reason=reason):
            return _postponed(refund, "processing", judged.provider_reference, problem=reason)
        case Unavailable() | NotFound():
            return _postponed(refund, refund.status, problem=judged.reason if isinstance(judged, Unavailable) else None)


def postpone(refund: RefundItem, status: str, *, problem: str | None = None) -> RefundItem:
    """Ask again later, each time twice as much later. When another write was faster, that one is the newer knowledge."""
    step = _postponed(refund, status, problem=problem)
    try:
        write_once(step)
    except Lost:
        return _fresh(refund)
    return step.after


def wake_of(payment: PaymentItem) -> None:
    """Every refund of the payment that is not decided is looked after at the janitor's next tick."""
    for refund in store.refunds_of(payment.payment_id, limit=_WOKEN, position=None).items:
        wake(refund)


def wake(refund: RefundItem) -> None:
    """The same for one. When another write was faster, that one is the newer knowledge."""
    if refund.status in _FINAL or refund.due_at is None:
        return
    after = storage.copy_of(refund)
    due.set_due(after, clock.now_ms())
    after.version, after.updated_at = int(refund.version) + 1, clock.now_ms()
    with suppress(Lost):
        write_once(RefundStep(refund, after, lambda: [store.change_refund(refund, after)]))


def _postponed(refund: RefundItem, status: str, reference: str | None = None, *, problem: str | None = None) -> RefundStep:
    """problem: what kept it from being made this time, for people."""
    now = clock.now_ms()
    after = storage.copy_of(refund)
    after.status, after.failure_message = status, problem
    after.provider_reference = reference or refund.provider_reference
    waited = max(now - int(refund.created_at), FIRST_LOOK_SECONDS * 1000)
    due.set_due(after, now + min(waited, MAX_LOOK_SECONDS * 1000))
    after.version, after.updated_at = int(refund.version) + 1, now
    return RefundStep(refund, after, lambda: [store.change_refund(refund, after)])


def _is_return(refund: RefundItem, result: RefundResult) -> bool:
    """True for a refund that was made, and that the provider names: not for a second request that it refused."""
    is_same = isinstance(result, Declined) and result.provider_reference == refund.provider_reference
    return refund.status == MADE and refund.provider_reference is not None and is_same


def _fresh(refund: RefundItem) -> RefundItem:
    found = store.find_refund(refund.refund_id)
    if found is None:
        raise AssertionError("a refund vanished")
    return found
