"""Captures asked for by the merchant: in part or all that is left, once or several times.

The guard is the payment's version, in the same transaction as the capture: captured plus under way never exceeds what was authorized,
however many requests come at the same time. A wallet's hold is captured at once; what a provider holds is captured by `at_provider`.
"""

from dataclasses import dataclass, field

from paycorex.credentials import Caller
from paycorex.errors import NotFound, UnsupportedAmount
from paycorex.idempotency import Claim
from paycorex.money import Money
from paycorex.records import payment_risk
from paycorex.records.capture import CaptureItem
from paycorex.records.hold import left
from paycorex.records.payment import PaymentItem
from payments.captures import at_provider, bookings, closing, guards, observations, store
from payments.captures.bookings import CaptureContext, CaptureStep
from payments.connectors import capabilities
from payments.payment import lookup
from payments.payment.commit import commit


@dataclass(frozen=True, slots=True)
class CaptureOrder:
    """A request to capture. `amount` is text in major units, None for all that is left. is_final: the rest is released."""

    caller: Caller
    claim: Claim
    payment_id: str
    amount: str | None = None
    is_final: bool = True
    # True for the approval of a review: it is stored with the capture, or neither is.
    approves: bool = False

    @property
    def capture_id(self) -> str:
        """The id of the capture that this order becomes: the same for every retry of it."""
        return self.claim.record_id("cap")


@dataclass(frozen=True, slots=True)
class NewCapture(CaptureStep):
    """A capture that is stored for the first time. payment: as it was read."""

    payment: PaymentItem = field(kw_only=True)


def capture(order: CaptureOrder) -> CaptureItem:
    """Capture a part of what is held.

    Raises NotFound, what `guards.capture_amount` raises, UnsupportedAmount, TemporarilyUnavailable, or ledger.RecordRefused or
    storage.TransactionRefused when the claim is taken.
    """

    def read() -> PaymentItem:
        return lookup.find(order.caller.merchant_id, order.payment_id)

    rows = order.claim.rows
    claim = rows(reference=order.payment_id, status=200) if order.approves else rows(reference=order.capture_id)
    try:
        stored = commit(lambda payment: _rule(order, payment), read, claim=claim, lanes=order.caller.lanes)
    except guards.CaptureExceedsAuthorization:
        known = read()
        if observations.with_ability(known, lanes=order.caller.lanes) is known:
            raise
        stored = commit(lambda payment: _rule(order, payment), read, claim=claim, lanes=order.caller.lanes)
    if stored.payment.method != bookings.WALLET:
        return at_provider.execute(stored.after)
    closing.close(read(), lanes=order.caller.lanes)
    return stored.after


def _rule(order: CaptureOrder, payment: PaymentItem) -> NewCapture:
    if order.approves:
        guards.waits_for_review(payment)
    amount = guards.capture_amount(payment, order.amount, is_final=order.is_final, decides=order.approves)
    is_wallet = payment.method == bookings.WALLET
    _refuse_inexpressible(payment, amount)
    # What takes all that is left ends the hold, whatever was said: the provider is asked to release the rest.
    is_final = order.is_final or amount.minor >= left(payment)
    item = bookings.draft(payment, order.capture_id, amount, is_final=is_final, status=bookings.PENDING)
    context = CaptureContext(item, payment, is_stored=False)
    decision = payment_risk.APPROVED if order.approves else None
    step = bookings.made(context, amount) if is_wallet else bookings.reserved(context, decision)
    return NewCapture(step.before, step.after, step.writes, step.journal, step.keeps_entries, payment=payment)


def _refuse_inexpressible(payment: PaymentItem, amount: Money) -> None:
    """Before anything is reserved: a provider has no number for every amount. Raises UnsupportedAmount."""
    problem = None if payment.provider is None else capabilities.amount_problem(payment.provider, amount)
    if problem is not None:
        raise UnsupportedAmount(problem, details={"field": "amount", "connector": payment.provider})


def find(merchant_id: str, capture_id: str) -> CaptureItem:
    """One capture of the merchant. Raises NotFound."""
    item = store.find_capture(capture_id)
    if item is None or item.merchant_id != merchant_id:
        raise NotFound("capture")
    return item
