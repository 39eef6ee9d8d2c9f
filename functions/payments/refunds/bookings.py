"""What an answer about a provider's refund does to the books: ledger, refund and payment in one transaction, or none of them.

Made: the payment's journal (or its late money's) the other way round. Failed: the amount may be refunded again. Returned: a refund that had
been made came back to the provider; its journal is reversed by one of its own.
"""

from collections.abc import Callable
from typing import Final

from paycorex import clock, credentials, ledger, storage
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.payment import PaymentItem, entry_references
from paycorex.records.refund import RefundItem, refund_reference, returned_reference
from paycorex.records.stamps import stamp
from payments.connectors.model import Giveback
from payments.payment import due, late_money, overflow_store, versions
from payments.payment import store as payment_store
from payments.payment.late_money import LateMoney
from payments.refunds import store

MADE: Final = "success"
FAILED: Final = "failed"


class Moved(Exception):
    """Somebody else changed the refund or its payment: look again."""


def giveback_of(refund: RefundItem, payment: PaymentItem) -> tuple[str, Giveback]:
    """The connector that holds the money, and the refund as it knows it."""
    money = _late(refund, _in_sight(refund, payment))
    connector, reference = (payment.provider, payment.provider_reference) if money is None else (money.connector, money.provider_reference)
    giveback = Giveback(
        refund_id=refund.refund_id,
        payment_id=refund.payment_id,
        merchant_id=refund.merchant_id,
        amount=Money(int(refund.amount), refund.currency),
        charge_reference=reference or "",
        provider_reference=refund.provider_reference,
    )
    return connector or "", giveback


def payment_of(refund: RefundItem) -> PaymentItem:
    """The refund's payment as it stands now."""
    payment = payment_store.find(refund.payment_id)
    if payment is None:
        raise AssertionError("a refund without its payment")
    return _in_sight(refund, payment)


def _in_sight(refund: RefundItem, payment: PaymentItem) -> PaymentItem:
    """The payment with the late money that is refunded, should that be in a row."""
    return payment if refund.late_id is None else overflow_store.with_late(payment, [refund.late_id])


def room_of(refund: RefundItem) -> int:
    """By how much more than was asked a refund may be, in minor units: what is left of the payment, or of its late money."""
    payment = payment_of(refund)
    money = _late(refund, payment)
    return int(payment.amount) - int(payment.amount_reserved) if money is None else money.left.minor - int(refund.amount)


def made(refund: RefundItem, reference: str, amount: Money) -> RefundItem:
    """The journal of the payment (or of its late money), reversed, with refund and payment in one transaction.

    amount: as the provider gave it back; what differs from what was reserved is taken from what may be refunded, or goes back to it.
    """
    payment = payment_of(refund)
    journal = Journal.transfer(
        source=_source(refund, payment),
        target=Account.clearing(refund.merchant_id, giveback_of(refund, payment)[0], refund.currency),
        amount=amount,
        reference=refund_reference(refund),
        description=refund.reason,
    )
    done: list[RefundItem] = []

    def record(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        after = _decided(refund, MADE, "refund.success")
        after.provider_reference, after.entries = reference, entry_references(entries)
        if amount.minor != int(refund.amount):
            after.amount, after.amount_requested = amount.minor, int(refund.amount)
        done[:] = [after]
        counted = store.end_refund(payment, int(refund.amount), given_back=amount.minor, now_ms=int(after.updated_at))
        return [store.change_refund(refund, after), *_on_payment(refund, payment, counted, lambda money: money.gave_back(amount.minor))]

    try:
        ledger.post(journal, record, lanes=credentials.lanes_of(refund.merchant_id))
    except ledger.RecordRefused as refused:
        raise Moved from refused
    return done[0]


def failed(refund: RefundItem, code: str, reason: str) -> RefundItem:
    """The amount may be refunded again."""
    payment = payment_of(refund)
    after = _decided(refund, FAILED, "refund.failed")
    after.failure_code, after.failure_message = code, reason
    released = store.end_refund(payment, int(refund.amount), given_back=0, now_ms=int(after.updated_at))
    try:
        on_payment = _on_payment(refund, payment, released, lambda money: money.becomes(late_money.HELD))
        storage.transact([store.change_refund(refund, after), *on_payment])
    except (storage.TransactionRefused, storage.Unavailable, storage.OutcomeUnknown) as trouble:
        raise Moved from trouble
    return after


def returned(refund: RefundItem, code: str, reason: str) -> RefundItem:
    """The refund's journal, reversed by one of its own; the amount may be refunded again."""
    payment = payment_of(refund)
    journal = Journal.transfer(
        source=Account.clearing(refund.merchant_id, giveback_of(refund, payment)[0], refund.currency),
        target=_source(refund, payment),
        amount=Money(int(refund.amount), refund.currency),
        reference=returned_reference(refund),
        description="the refund came back to the provider",
    )
    after = _decided(refund, FAILED, "refund.failed")
    after.failure_code, after.failure_message = code, reason
    released = store.return_refund(payment.payment_id, int(refund.amount), now_ms=int(after.updated_at))
    took_back = _on_payment(refund, payment, released, lambda money: money.took_back(int(refund.amount)))
    writes = [store.change_refund(refund, after), *took_back]
    try:
        ledger.post(journal, lambda _entries: writes, lanes=credentials.lanes_of(refund.merchant_id))
    except ledger.RecordRefused as refused:
        raise Moved from refused
    return after


def _decided(refund: RefundItem, status: str, event: str) -> RefundItem:
    now = clock.now_ms()
    after = storage.copy_of(refund)
    after.status, after.version, after.updated_at = status, int(refund.version) + 1, now
    after.failure_message = None
    for name, value in stamp(event, now, refund).items():
        setattr(after, name, value)
    due.set_due(after, None)
    return after


def _on_payment(
    refund: RefundItem, payment: PaymentItem, counted: storage.Write, become: Callable[[LateMoney], LateMoney]
) -> list[storage.Write]:
    """What the decision means for the payment: its sums change, or, where money from suspense was given back, what became of that."""
    money = _late(refund, payment)
    if money is None:
        return [counted]
    after = storage.copy_of(payment)
    if not _is_reversed(refund, payment):
        after.late_money = late_money.stored_after(payment, become(money))
    return payment_store.changes(payment, versions.bumped(payment, after, clock.now_ms()))


def _source(refund: RefundItem, payment: PaymentItem) -> Account:
    """Where the money is: with the merchant, or in suspense."""
    money = _late(refund, payment)
    if money is None or money.is_accepted or money.status == late_money.REVERSED:
        return Account.of_merchant(refund.merchant_id, refund.currency)
    return Account.suspense(refund.merchant_id, refund.currency)


def _is_reversed(refund: RefundItem, payment: PaymentItem) -> bool:
    """True when a chain took the money back while its refund was under way: then the merchant gives back what is not there any more."""
    money = _late(refund, payment)
    return money is not None and money.status == late_money.REVERSED


def _late(refund: RefundItem, payment: PaymentItem) -> LateMoney | None:
    return None if refund.late_id is None else late_money.named(payment, refund.late_id)
