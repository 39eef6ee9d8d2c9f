"""Money in suspense, and what the merchant decides: accept it as the payment's, or refund it.

How it came there is `settlement`; a refund of it is made like every other refund, but out of suspense.
"""

from paycorex import clock, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidState, NotFound
from paycorex.idempotency import Claim
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.payment import late_money, overflow_store, pool, settlement, versions
from payments.payment.commit import Step, commit
from payments.payment.late_money import HELD, SETTLED, LateMoney
from payments.payment.states import Outcome, Status
from payments.payment.versions import Change


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

    def read() -> PaymentItem:
        return overflow_store.with_late(settlement.fresh(payment), wanted)

    wanted = [late_id] if late_id else []
    found = overflow_store.with_late(payment, wanted)
    rows = claim.rows(reference=payment.payment_id, status=200)
    return commit(lambda each: _accepted(each, late_id), read, found, claim=rows, lanes=caller.lanes).after


def _accepted(payment: PaymentItem, late_id: str | None) -> Step[PaymentItem]:
    money = find(payment, late_id)
    if payment.status in {Status.PENDING, Status.PROCESSING}:
        raise InvalidState("The payment is not decided yet.", details={"status": payment.status})
    return _as_payment(payment, money) if payment.status == Status.FAILED else _as_surplus(payment, money)


def _as_payment(payment: PaymentItem, money: LateMoney) -> Step[PaymentItem]:
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
    return settlement.step_of(payment, change)


def _as_surplus(payment: PaymentItem, money: LateMoney) -> Step[PaymentItem]:
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
    return settlement.step_to(payment, versions.next_revision(payment, after, clock.now_ms()), journal)
