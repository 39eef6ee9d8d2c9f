"""Money in suspense, and what the merchant decides: take it as the payment's, or give it back.

How it came there is `settle`; a refund of it goes the way of every other refund, but out of suspense.
"""

from collections.abc import Collection
from typing import Any, Final

from paycorex import clock, ledger, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidState, NotFound, TemporarilyUnavailable
from paycorex.http import Claim
from paycorex.ledger import Account, Journal, Reference, ReferenceType
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments import settle, store, transitions
from payments.states import Outcome, Status
from payments.transitions import Change

# What became of it. ACCEPTED: the merchant's, beside the payment; SETTLED: part of the payment; REVERSED: a chain took it back.
HELD: Final = "held"
ACCEPTED: Final = "accepted"
SETTLED: Final = "settled"
REFUNDING: Final = "refunding"
REFUNDED: Final = "refunded"
REVERSED: Final = "reversed"
MAX_TRIES: Final = 5


def find(payment: PaymentItem, late_id: str | None) -> dict[str, Any]:
    """The named money, or the only one that is held. Raises NotFound, InvalidState."""
    every: list[dict[str, Any]] = list(payment.late_money or ())
    if late_id is not None:
        named = [money for money in every if money["late_id"] == late_id]
        if not named:
            raise NotFound("late money")
        if named[0]["status"] != HELD:
            raise InvalidState(f"This money is {named[0]['status']} already.", details={"status": named[0]["status"]})
        return named[0]
    held = [money for money in every if money["status"] == HELD]
    if len(held) != 1:
        details = {"held": [money["late_id"] for money in held]}
        raise InvalidState("Name the late_id." if held else "No money is held for this payment.", details=details)
    return held[0]


def amount_of(money: dict[str, Any]) -> Money:
    """How much it is."""
    return Money.parse(money["amount"], money["currency"])


def accepted_reference(late_id: str) -> Reference:
    """The journal that took surplus money out of suspense for the merchant."""
    return Reference(ReferenceType.SUSPENSE, f"{late_id}.accepted")


def reversed_reference(late_id: str) -> Reference:
    """The journal that gave money back to the chain that took it back."""
    return Reference(ReferenceType.SUSPENSE, f"{late_id}.reversed")


def marked(payment: PaymentItem, late_ids: Collection[str], status: str) -> list[dict[str, Any]]:
    """The payment's late money with some of it in another status."""
    return [{**money, "status": status} if money["late_id"] in late_ids else money for money in payment.late_money or ()]


def accept(caller: Caller, claim: Claim, payment: PaymentItem, late_id: str | None) -> PaymentItem:
    """Take money from suspense: a failed payment becomes successful when the amount is its own, and a surplus is the merchant's.

    Raises NotFound, InvalidState, TemporarilyUnavailable; ledger.RecordRefused when the claim is taken.
    """
    rows = claim.rows(reference=payment.payment_id, status=200)
    for _attempt in range(MAX_TRIES):
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
            payment = settle.fresh(payment)
    raise TemporarilyUnavailable


def _as_payment(payment: PaymentItem, money: dict[str, Any], lanes: int, rows: list[storage.Write]) -> PaymentItem:
    amount = amount_of(money)
    if amount != Money(int(payment.amount), payment.currency):
        raise InvalidState("The amount is not the payment's: refund it.", details={"amount": money["amount"]})
    change = Change(
        Outcome.ACCEPTED,
        reason=transitions.LATE,
        connector=money["connector"],
        provider_reference=money["provider_reference"],
        late_money=marked(payment, {money["late_id"]}, SETTLED),
    )
    return settle.post_once(payment, change, lanes, rows)


def _as_surplus(payment: PaymentItem, money: dict[str, Any], lanes: int, rows: list[storage.Write]) -> PaymentItem:
    amount = amount_of(money)
    journal = Journal.transfer(
        source=Account.suspense(payment.merchant_id, amount.currency),
        target=Account.of_merchant(payment.merchant_id, amount.currency),
        amount=amount,
        reference=accepted_reference(money["late_id"]),
    )
    after = storage.copy_of(payment)
    after.late_money = marked(payment, {money["late_id"]}, ACCEPTED)
    after = transitions.bumped(payment, after, clock.now_ms())
    ledger.post(journal, lambda _entries: [*rows, *store.changes(payment, after)], lanes=lanes)
    return after
