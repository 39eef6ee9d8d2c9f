"""Refunds through a provider: reserved first, asked for under the refund's own id, and settled or released by what the provider says.

The amount is taken out of what may be refunded in the transaction that stores the refund, so nothing that happens later, at the provider
or here, can make refunds exceed the payment. A refund that failed, at once or weeks after it was made, gives its amount back to what may be
refunded.
"""

from typing import Final

from paycorex import clock, ids, storage
from paycorex.backoff import jitter
from paycorex.errors import TemporarilyUnavailable
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from payments.connectors import calls as calling
from payments.connectors import registry
from payments.connectors.model import Approved, Contradicts, Declined, Fault, GivenBack, NotFound, Pending, Unavailable, Unknown
from payments.connectors.notices import ProviderRefund
from payments.payment import due, versions
from payments.payment.states import OPEN, Status
from payments.refunds import answers, bookings, store
from payments.refunds.bookings import FAILED, MADE, giveback_of, payment_of

__all__ = ["apply", "begin", "execute", "giveback_of", "learn", "postpone"]

FIRST_LOOK_SECONDS: Final = 60
MAX_LOOK_SECONDS: Final = 3600
MAX_TRIES: Final = 8
_CEILING_SECONDS: Final = 0.05
_FINAL: Final = frozenset({MADE, FAILED})


def begin(item: RefundItem) -> RefundItem:
    """A refund as it is first stored: pending, and due should this process end before the provider was asked."""
    due.set_due(item, clock.now_ms() + FIRST_LOOK_SECONDS * 1000)
    return item


def execute(refund: RefundItem, payment: PaymentItem) -> RefundItem:
    """Ask the provider, under the refund's id: asked twice, it gives back once. The refund as it then stands.

    A payment whose outcome nobody knows yet has nothing to give back: then the refund waits for the janitor.
    """
    is_late = refund.late_id is not None
    if not is_late and payment.status in OPEN:
        return postpone(refund, refund.status)
    if not is_late and payment.status == Status.FAILED:
        return apply(refund, Declined("payment_failed", "The payment failed, so there is nothing to refund."))
    connector, giveback = giveback_of(refund, payment)
    problem = registry.amount_problem(connector, giveback.amount)
    if problem is not None:
        # The payment came to another connector than it was at when the refund was accepted.
        return apply(refund, Declined("unsupported_amount", problem, fault=Fault.AMOUNT))
    result = calling.call(refund.merchant_id, connector, lambda provider: provider.refund(giveback))
    return apply(refund, result)


def learn(merchant_id: str, connector: str, told: ProviderRefund) -> bool:
    """What a connector says of a refund that names ours; False when there is no such refund here, or not that connector's."""
    refund_id = told.refund_id or ""
    refund = store.find_refund(refund_id) if ids.is_id("ref", refund_id) else None
    if refund is None or refund.merchant_id != merchant_id:
        return False
    name, giveback = giveback_of(refund, payment_of(refund))
    if name != connector:
        return False
    if versions.is_another(giveback.charge_reference, told.charge_reference):
        answers.tell(refund, Contradicts("another_object", f"refund of {told.charge_reference}", told.reference))
    else:
        apply(refund, told.result)
    return True


def apply(refund: RefundItem, result: GivenBack) -> RefundItem:
    """Bring an answer to the refund, exactly once. One that is decided stays as it is, unless the very refund that the provider made came
    back to it: that is told days or weeks later. Raises TemporarilyUnavailable.
    """
    for attempt in range(MAX_TRIES):
        if refund.status in _FINAL and not _is_return(refund, result):
            answers.compare_again(refund, result)
            return refund
        try:
            return _bring(refund, answers.judged(refund, result))
        except bookings.Moved:
            clock.sleep(jitter(_CEILING_SECONDS * attempt))
            refund = _fresh(refund)
    raise TemporarilyUnavailable


def _bring(refund: RefundItem, result: GivenBack) -> RefundItem:
    """The refund with this answer, for the version that was read. Raises refund_bookings.Moved."""
    match result:
        case Declined(code=code, reason=reason):
            book = bookings.returned if refund.status == MADE else bookings.failed
            return book(refund, code, reason)
        case Approved(provider_reference=reference, amount=amount):
            after = bookings.made(refund, reference, amount or Money(int(refund.amount), refund.currency))
            answers.compare(refund, after)
            return after
        case Contradicts():
            answers.tell(refund, result)
            return postpone(refund, "processing", problem="The provider's answer contradicts what was asked.")
        case Pending():
            return postpone(refund, "processing", result.provider_reference)
        case Unknown(reason=reason):
            return postpone(refund, "processing", result.provider_reference, problem=reason)
        case Unavailable() | NotFound():
            return postpone(refund, refund.status, problem=result.reason if isinstance(result, Unavailable) else None)


def postpone(refund: RefundItem, status: str, reference: str | None = None, *, problem: str | None = None) -> RefundItem:
    """Ask again later, each time twice as much later. Losing to another writer is fine: it knows as much or more.

    problem: what kept it from being made this time, for people.
    """
    now = clock.now_ms()
    after = storage.copy_of(refund)
    after.status, after.failure_message = status, problem
    after.provider_reference = reference or refund.provider_reference
    waited = max(now - int(refund.created_at), FIRST_LOOK_SECONDS * 1000)
    due.set_due(after, now + min(waited, MAX_LOOK_SECONDS * 1000))
    after.version, after.updated_at = int(refund.version) + 1, now
    try:
        storage.run(store.change_refund(refund, after))
    except (storage.ConditionRefused, storage.Unavailable, storage.OutcomeUnknown):
        return _fresh(refund)
    return after


def _is_return(refund: RefundItem, result: GivenBack) -> bool:
    """True for a refund that was made, and that the provider names: not for a second request that it refused."""
    is_same = isinstance(result, Declined) and result.provider_reference == refund.provider_reference
    return refund.status == MADE and refund.provider_reference is not None and is_same


def _fresh(refund: RefundItem) -> RefundItem:
    found = store.find_refund(refund.refund_id)
    if found is None:
        raise AssertionError("a refund vanished")
    return found
