"""Money in suspense, and what the merchant decides: take it as the payment's, or give it back.

How it came there is `settle`; a refund of it goes the way of every other refund, but out of suspense.
"""

from typing import Final

from paycorex import clock, ledger, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidState, NotFound, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.payment import late_money, overflow_store, pool, settlement, store, versions
from payments.payment.late_money import HELD, SETTLED, LateMoney
from payments.payment.states import Outcome, Status
from payments.payment.versions import Change

MAX_TRIES: Final = 5


def find(payment: PaymentItem, late_id: str | None, statuses: tuple[str, ...] = (HELD,)) -> LateMoney:
    """The named money in one of these statuses, or the only one in the first of them that there is. Raises NotFound, InvalidState."""
    if late_id is not None:
        named = late_money.named(payment, late_id)
        if named is None:
            raise NotFound("late money")
        if named.status not in statuses:
            raise InvalidState(f"This money is {named.status} already.", details={"status": named.status})
        return named
    by_status = ([money for money in late_money.of(payment) if money.status == status] for status in statuses)
    open_ones = next((found for found in by_status if found), [])
    if len(open_ones) != 1 or late_money.has_rows(payment):
        details = {"held": [money.late_id for money in open_ones]}
        several = open_ones or late_money.has_rows(payment)
        raise InvalidState("Name the late_id." if several else "No money is held for this payment.", details=details)
    return open_ones[0]


def accept(caller: Caller, claim: Claim, payment: PaymentItem, late_id: str | None) -> PaymentItem:
    """Take money from suspense: a failed payment becomes successful when the amount is its own, and a surplus is the merchant's.

    Raises NotFound, InvalidState, TemporarilyUnavailable; ledger.RecordRefused when the claim is taken.
    """
    rows = claim.rows(reference=payment.payment_id, status=200)
    for _attempt in range(MAX_TRIES):
        payment = overflow_store.with_late(payment, [late_id] if late_id else [])
        money = find(payment, late_id)
        if payment.status in {Status.PENDING, Status.PROCESSING}:
            raise InvalidState("The payment is not decided yet.", details={"status": payment.status})
        try:
            if payment.status == Status.FAILED:
                return _as_payment(payment, money, caller.lanes, rows)
            return _as_surplus(payment, money, caller.lanes, rows)
        except ledger.RecordRefused as refused:
            if refused.index < len(rows):
                raise
            payment = settlement.fresh(payment)
    raise TemporarilyUnavailable


def _as_payment(payment: PaymentItem, money: LateMoney, lanes: int, rows: list[storage.Write]) -> PaymentItem:
    if money.left != Money(int(payment.amount), payment.currency):
        raise InvalidState("The amount is not the payment's: refund it.", details={"amount": money.amount})
    change = Change(
        Outcome.ACCEPTED,
        reason=versions.LATE,
        connector=money.connector,
        provider_reference=money.provider_reference,
        late_money=late_money.stored_as(payment, {money.late_id}, SETTLED),
        method_state=pool.without(payment, money),
    )
    return settlement.post_once(payment, change, lanes, rows)


def _as_surplus(payment: PaymentItem, money: LateMoney, lanes: int, rows: list[storage.Write]) -> PaymentItem:
    amount = money.left
    journal = Journal.transfer(
        source=Account.suspense(payment.merchant_id, amount.currency),
        target=Account.of_merchant(payment.merchant_id, amount.currency),
        amount=amount,
        reference=late_money.accepted_reference(money.late_id),
    )
    after = storage.copy_of(payment)
    after.late_money = late_money.stored_after(payment, money.accept())
    after.method_state = pool.without(payment, money) or payment.method_state
    after = versions.bumped(payment, after, clock.now_ms())
    ledger.post(journal, lambda _entries: [*rows, *store.changes(payment, after)], lanes=lanes)
    return after
