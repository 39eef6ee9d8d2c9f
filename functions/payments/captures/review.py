"""A review: a person decides about a payment that a risk rule holds. Approved, it is captured, or may be; declined, it is released."""

from paycorex import clock, storage
from paycorex.credentials import Caller
from paycorex.idempotency import Claim
from paycorex.records import payment_risk
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_risk import APPROVED, DECLINED
from payments.captures import guards, observations, void
from payments.captures.capture import CaptureOrder, capture
from payments.payment import lookup, reviewing, settlement, store, versions
from payments.payment.commit import Step, commit


def approve(caller: Caller, claim: Claim, payment_id: str) -> PaymentItem:
    """Let a held payment go on; the payment as it then stands. All of it is captured, unless the merchant asked to capture it later itself.

    Raises NotFound, InvalidState for one that is in no review, what `capture` raises; storage.TransactionRefused when the claim is taken.
    """
    found = lookup.find(caller.merchant_id, payment_id)
    risk = payment_risk.of(found)
    if risk is not None and risk.captures and payment_risk.is_in_review(found):
        capture(CaptureOrder(caller, claim, payment_id, approves=True))
    else:
        commit(_approved, lambda: lookup.find(caller.merchant_id, payment_id), found, claim=claim.rows(reference=payment_id, status=200))
    return settlement.fresh(found)


def decline(caller: Caller, claim: Claim, payment_id: str, reason: str | None) -> PaymentItem:
    """Release what is held; the payment as it then stands. Raises as `approve` does."""

    def rule(payment: PaymentItem) -> Step[PaymentItem]:
        guards.waits_for_review(payment)
        return void.step(payment, reason, DECLINED)

    claimed = claim.rows(reference=payment_id, status=200)
    begun = commit(rule, lambda: lookup.find(caller.merchant_id, payment_id), claim=claimed, lanes=caller.lanes)
    return observations.end(begun.after, lanes=caller.lanes)


def waiting(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[PaymentItem], str | None]:
    """The merchant's payments in review, newest first, and the position to go on after. Raises storage.Unavailable."""
    found, more = store.listed_under(payment_risk.listed_under(merchant_id), limit=limit, position=position)
    return [item for item in found if payment_risk.is_in_review(item)], more


def _approved(payment: PaymentItem) -> Step[PaymentItem]:
    guards.waits_for_review(payment)
    guards.open_hold(payment, decides=True)
    after = storage.copy_of(payment)
    after.updated_at = clock.now_ms()
    return settlement.step_to(payment, versions.next_revision(payment, reviewing.decided(after, APPROVED), int(after.updated_at)))
