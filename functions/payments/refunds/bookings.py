"""What an answer about a provider's refund does to the books: ledger, refund and payment in one transaction, or none of them. Pure.

Made: the payment's journal (or its late money's) the other way round. Failed: the amount may be refunded again. Returned: a refund that had
been made came back to the provider; its journal is reversed by one of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from paycorex import clock, storage
from paycorex.ledger import Account, Journal
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from paycorex.records.refund import RefundItem, refund_reference, returned_reference
from paycorex.records.stamps import stamp
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Contradicts
from payments.payment import due, late_money, overflow_store, versions
from payments.payment import store as payment_store
from payments.payment.commit import Step
from payments.payment.late_money import LateMoney
from payments.refunds import store

MADE: Final = "success"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class RefundContext:
    """A refund with its payment, as both were read; of late money in rows, the payment carries what is refunded."""

    refund: RefundItem
    payment: PaymentItem

    @property
    def late_money(self) -> LateMoney | None:
        """The late money that is refunded; None when it is the payment's own."""
        return None if self.refund.late_id is None else late_money.named(self.payment, self.refund.late_id)

    @property
    def asked(self) -> Money:
        """The refund's amount."""
        return Money(int(self.refund.amount), self.refund.currency)

    @property
    def connector(self) -> str:
        """The connector that holds the money."""
        money = self.late_money
        return (self.payment.provider if money is None else money.connector) or ""

    @property
    def room(self) -> int:
        """By how much more than was asked the refund may be, in minor units: what is left of the payment, or of its late money."""
        payment, money = self.payment, self.late_money
        return captured(payment) - int(payment.amount_reserved) if money is None else money.left.minor - int(self.refund.amount)


@dataclass(frozen=True, slots=True)
class RefundStep(Step[RefundItem]):
    """A refund's next version. review: what of the provider's answer an operator must look at."""

    review: Contradicts | None = None


def context_of(refund: RefundItem, payment: PaymentItem | None = None) -> RefundContext:
    """The refund with its payment, read now unless it is given. Raises storage.Unavailable."""
    found = payment_store.find(refund.payment_id) if payment is None else payment
    if found is None:
        raise AssertionError("a refund without its payment")
    return RefundContext(refund, found if refund.late_id is None else overflow_store.with_late(found, [refund.late_id]))


def refund_request(context: RefundContext) -> RefundRequest:
    """The refund as the connector that holds the money knows it."""
    refund, money = context.refund, context.late_money
    return RefundRequest(
        refund_id=refund.refund_id,
        payment_id=refund.payment_id,
        merchant_id=refund.merchant_id,
        amount=context.asked,
        charge_reference=(context.payment.provider_reference if money is None else money.provider_reference) or "",
        provider_reference=refund.provider_reference,
    )


def to_wallet(refund: RefundItem, payment: PaymentItem) -> Journal:
    """The journal of a wallet payment, reversed: merchant to wallet."""
    return Journal.transfer(
        source=Account.of_merchant(payment.merchant_id, payment.currency),
        target=Account.of_wallet(payment.merchant_id, payment.wallet_id or "", payment.currency),
        amount=Money(int(refund.amount), refund.currency),
        reference=refund_reference(refund),
        description=refund.reason,
    )


def made(context: RefundContext, reference: str, amount: Money) -> RefundStep:
    """The journal of the payment (or of its late money), reversed, with refund and payment in one transaction.

    amount: as the provider gave it back; what differs from what was reserved is taken from what may be refunded, or goes back to it.
    """
    refund, payment = context.refund, context.payment
    journal = Journal.transfer(
        source=_source(context),
        target=Account.clearing(refund.merchant_id, context.connector, refund.currency),
        amount=amount,
        reference=refund_reference(refund),
        description=refund.reason,
    )
    after = _decided(refund, MADE, "refund.success")
    after.provider_reference = reference
    if amount != context.asked:
        after.amount, after.amount_requested = amount.minor, int(refund.amount)
    counted = store.end_refund(payment, int(refund.amount), given_back=amount.minor, now_ms=int(after.updated_at))
    writes = _on_payment(context, counted, lambda money: money.gave_back(amount.minor))
    return RefundStep(refund, after, lambda: [store.change_refund(refund, after), *writes], journal, keeps_entries=True)


def failed(context: RefundContext, code: str, reason: str) -> RefundStep:
    """The amount may be refunded again."""
    refund = context.refund
    after = _decided(refund, FAILED, "refund.failed")
    after.failure_code, after.failure_message = code, reason
    released = store.end_refund(context.payment, int(refund.amount), given_back=0, now_ms=int(after.updated_at))
    writes = _on_payment(context, released, lambda money: money.becomes(late_money.HELD))
    return RefundStep(refund, after, lambda: [store.change_refund(refund, after), *writes])


def returned(context: RefundContext, code: str, reason: str) -> RefundStep:
    """The refund's journal, reversed by one of its own; the amount may be refunded again."""
    refund = context.refund
    journal = Journal.transfer(
        source=Account.clearing(refund.merchant_id, context.connector, refund.currency),
        target=_source(context),
        amount=context.asked,
        reference=returned_reference(refund),
        description="the refund came back to the provider",
    )
    after = _decided(refund, FAILED, "refund.failed")
    after.failure_code, after.failure_message = code, reason
    released = store.return_refund(refund.payment_id, int(refund.amount), now_ms=int(after.updated_at))
    writes = _on_payment(context, released, lambda money: money.took_back(int(refund.amount)))
    return RefundStep(refund, after, lambda: [store.change_refund(refund, after), *writes], journal)


def _decided(refund: RefundItem, status: str, event: str) -> RefundItem:
    now = clock.now_ms()
    after = storage.copy_of(refund)
    after.status, after.version, after.updated_at = status, int(refund.version) + 1, now
    after.failure_message = None
    for name, value in stamp(event, now, refund).items():
        setattr(after, name, value)
    due.set_due(after, None)
    return after


def _on_payment(context: RefundContext, counted: storage.Write, become: Callable[[LateMoney], LateMoney]) -> list[storage.Write]:
    """What the decision means for the payment: its sums change, or, where money from suspense was given back, that money's status."""
    payment, money = context.payment, context.late_money
    if money is None:
        return [counted]
    after = storage.copy_of(payment)
    # When a chain took the money back during its refund, the merchant gives back what is not there any more: it stays reversed.
    if money.status != late_money.REVERSED:
        after.late_money = late_money.stored_after(payment, become(money))
    return payment_store.changes(payment, versions.next_revision(payment, after, clock.now_ms()))


def _source(context: RefundContext) -> Account:
    """Where the money is: with the merchant, or in suspense."""
    refund, money = context.refund, context.late_money
    if money is None or money.is_accepted or money.status == late_money.REVERSED:
        return Account.of_merchant(refund.merchant_id, refund.currency)
    return Account.suspense(refund.merchant_id, refund.currency)
