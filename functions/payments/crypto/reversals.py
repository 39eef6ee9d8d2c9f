"""What is done when the chain takes money back: every booking of it is reversed by a journal of its own. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from paycorex.ledger import Account, Journal, Posting, Reference, ReferenceType
from paycorex.records.crypto_transaction import CONFIRMED
from paycorex.records.payment import PaymentItem, settlement_reference
from payments.crypto.state import GRACE_MS, HELD, NOWHERE, CryptoState, Transfer
from payments.crypto.step import Step, clearing, set_event, set_status, settlement_postings, with_state
from payments.payment import due, late_money
from payments.payment.states import Status

_WHY = "the chain took it back"


def reverse_settlement(payment: PaymentItem, state: CryptoState, now_ms: int) -> Step | None:
    """A settlement that rests on vanished money is reversed; what is still there is booked anew by later steps."""
    settled = list(_settled(payment, state))
    if payment.status != Status.SUCCESS or all(item.status == CONFIRMED for item in settled):
        return None
    before = {item.key: HELD + item.late_id if item.late_id else NOWHERE for item in settled}
    pooled = state.pool.minor if state.pool.is_settled else 0
    after = with_state(payment, replace(state.booked(before), surplus_due=0, pool=replace(state.pool, is_settled=False)))
    after.late_money = late_money.stored_as(payment, {item.late_id for item in settled}, late_money.HELD)
    after.entries = None
    after.reversals = int(payment.reversals or 0) + 1
    if any(item.is_held for item in settled):
        _mark_failed(after, now_ms)
    else:
        set_status(after, Status.PROCESSING, "reorged", now_ms)
        set_event(after, "payment.processing", now_ms)
        due.set_due(after, max(now_ms, int(payment.expires_at or 0)) + GRACE_MS)
    reference = Reference(ReferenceType.REVERSAL, settlement_reference(payment.payment_id, int(payment.reversals or 0)).id)
    postings = [Posting(p.account, p.debit, p.credit) for p in settlement_postings(payment, state, settled, pooled)]
    return Step(after, Journal(reference, tuple(postings), _WHY))


def _settled(payment: PaymentItem, state: CryptoState) -> Iterable[Transfer]:
    """What the settlement rests on: transfers that completed the payment, or held money that the merchant took as the payment's."""
    taken = {money.late_id for money in late_money.of(payment) if money.status == late_money.SETTLED}
    return (item for item in state.transfers.values() if item.is_settled or (item.is_held and item.late_id in taken))


def _mark_failed(after: PaymentItem, now_ms: int) -> None:
    """The payment had failed before the merchant took late money as its own."""
    set_status(after, Status.FAILED, "reorged", now_ms)
    set_event(after, "payment.failed", now_ms)
    after.failure_code, after.failure_message = "reorged", "The chain took back the money that had been accepted."


def reverse_held(payment: PaymentItem, state: CryptoState, _now_ms: int) -> Step | None:
    """Vanished money leaves suspense."""
    for item in state.transfers.values():
        if item.is_held and item.status != CONFIRMED:
            return reverse_late_money(payment, state.booked({item.key: NOWHERE}), item.late_id)
    return None


def reverse_surplus(payment: PaymentItem, state: CryptoState, _now_ms: int) -> Step | None:
    """What was too much is no longer, once the settlement is reversed."""
    if not state.surplus_id or payment.status == Status.SUCCESS:
        return None
    return reverse_late_money(payment, replace(state, surplus_id=""), state.surplus_id)


def reverse_late_money(payment: PaymentItem, state: CryptoState, late_id: str, why: str = _WHY) -> Step:
    """Late money goes back to where it came from: out of suspense, or from the merchant when it is no longer there."""
    money = late_money.named(payment, late_id)
    if money is None:
        raise AssertionError("late money vanished")
    amount = money.money
    source = Account.suspense if money.is_in_suspense else Account.of_merchant
    journal = Journal.transfer(
        source=source(payment.merchant_id, amount.currency),
        target=clearing(payment, state),
        amount=amount,
        reference=late_money.reversed_reference(late_id),
        description=why,
    )
    after = with_state(payment, state)
    after.late_money = late_money.stored_after(payment, money.reversed())
    return Step(after, journal)
