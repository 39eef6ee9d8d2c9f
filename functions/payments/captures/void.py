"""Void: the merchant gives up what is still held. What was captured stays the merchant's."""

from paycorex import clock
from paycorex.credentials import Caller
from paycorex.idempotency import Claim
from paycorex.records.hold import Ending
from paycorex.records.payment import PaymentItem
from payments.captures import bookings, closing, guards, observations
from payments.payment import holding, lookup, reviewing, settlement
from payments.payment.commit import Step, commit


def void(caller: Caller, claim: Claim, payment_id: str, reason: str | None) -> PaymentItem:
    """Release a hold; the payment as it then stands. A provider that does not answer is asked again by the janitor.

    Raises NotFound, what `guards.open_hold` raises, TemporarilyUnavailable; ledger.RecordRefused or storage.TransactionRefused when the
    claim is taken.
    """

    def read() -> PaymentItem:
        return lookup.find(caller.merchant_id, payment_id)

    claimed = claim.rows(reference=payment_id, status=200)
    begun = commit(lambda payment: step(payment, reason), read, claim=claimed, lanes=caller.lanes)
    return observations.end(begun.after, lanes=caller.lanes)


def step(payment: PaymentItem, reason: str | None, decision: str | None = None) -> Step[PaymentItem]:
    """From here on nothing is captured. A wallet's hold of which nothing was captured is over in the same transaction.

    decision: of the payment's review, where this is what it comes to.
    """
    hold = guards.open_hold(payment, decides=True).ends(Ending.CANCELED, reason)
    ending = holding.changed(payment, hold, clock.now_ms())
    if decision is not None:
        ending = reviewing.decided(ending, decision)
    if payment.method != bookings.WALLET or int(payment.amount_captured or 0):
        return settlement.step_to(payment, ending)
    released = closing.step(ending, is_over=False)
    after = released.after
    after.version = int(payment.version) + 1
    return settlement.step_to(payment, after, released.journal)
