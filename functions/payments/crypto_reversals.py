"""What is done when the chain takes money back: every booking of it is reversed by a journal of its own. Pure."""

from dataclasses import replace

from paycorex.ledger import Account, Journal, Posting, Reference, ReferenceType
from paycorex.records.crypto_transaction import CONFIRMED
from paycorex.records.payment import PaymentItem, settlement_reference
from payments import late_money, transitions
from payments.crypto_state import GRACE_MS, HELD, NOWHERE, CryptoState
from payments.crypto_versions import LATE_REVERSED, Step, clearing, marked, settlement_postings, stamped, stand, with_state
from payments.states import Status


def reverse_settlement(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """A settlement that rests on vanished money is reversed; what is still there is booked anew by later steps."""
    settled = [item for item in state.transfers.values() if item.is_settled]
    if payment.status != Status.SUCCESS or all(item.status == CONFIRMED for item in settled):
        return None
    before = {item.key: HELD + item.late_id if item.late_id else NOWHERE for item in settled}
    after = with_state(payment, replace(state.booked(before), surplus_due=0))
    after.late_money = marked(payment, {item.late_id for item in settled}, late_money.HELD)
    after.entries = None
    after.reversals = int(payment.reversals or 0) + 1
    stand(after, Status.PROCESSING, "reorged", now_ms)
    stamped(after, "payment.processing", now_ms)
    transitions.set_due(after, max(now_ms, int(payment.expires_at or 0)) + GRACE_MS)
    reference = Reference(ReferenceType.REVERSAL, settlement_reference(payment.payment_id, int(payment.reversals or 0)).id)
    postings = [Posting(p.account, p.debit, p.credit) for p in settlement_postings(payment, state, settled)]
    return Step(after, Journal(reference, tuple(postings), "the chain took it back"))


def reverse_held(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """Vanished money leaves suspense."""
    for item in state.transfers.values():
        if item.is_held and item.status != CONFIRMED:
            after = with_state(payment, state.booked({item.key: NOWHERE}))
            return _taken_back(payment, after, state, item.late_id, now_ms)
    return None


def reverse_surplus(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """What was too much is no longer, once the settlement is reversed."""
    if not state.surplus_id or payment.status == Status.SUCCESS:
        return None
    return _taken_back(payment, with_state(payment, replace(state, surplus_id="")), state, state.surplus_id, now_ms)


def _taken_back(payment: PaymentItem, after: PaymentItem, state: CryptoState, late_id: str, _now_ms: int) -> Step:
    """Late money goes back to where it came from: out of suspense, or from the merchant when it is no longer there."""
    money = next(money for money in payment.late_money or () if money["late_id"] == late_id)
    amount = late_money.amount_of(money)
    in_suspense = money["status"] == late_money.HELD
    source = Account.suspense if in_suspense else Account.of_merchant
    journal = Journal.transfer(
        source=source(payment.merchant_id, amount.currency),
        target=clearing(payment, state),
        amount=amount,
        reference=Reference(ReferenceType.REVERSAL, late_id),
        description="the chain took it back",
    )
    after.late_money = marked(payment, {late_id}, LATE_REVERSED)
    return Step(after, journal)
