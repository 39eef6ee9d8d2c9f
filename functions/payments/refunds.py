"""Refunds: full, partial and repeated, until the payment is used up.

The sum guard is one condition on the payment, in the same transaction as the refund and its journal: refunded plus pending never exceeds
the payment, whoever asks at the same time.
"""

from dataclasses import dataclass

from paycorex import clock, ledger, storage
from paycorex.credentials import Caller
from paycorex.errors import NotFound, Refusal, TemporarilyUnavailable
from paycorex.http import Claim
from paycorex.ledger import Account, Journal
from paycorex.money import Money, format_minor
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem, entry_references
from paycorex.records.refund import RefundItem, refund_reference
from paycorex.records.stamps import stamp
from payments import orchestrator, store

MAX_TRIES = 5


class RefundExceedsPayment(Refusal):
    """More than what is left of the payment."""

    code = "refund_exceeds_payment"


class PaymentNotRefundable(Refusal):
    """Only a successful payment can be refunded."""

    code = "payment_not_refundable"


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """A request to refund. `amount` is text in major units, None for all that is left.

    also: writes that belong to it (the wallet's transfer), made once the refund's amount is known.
    """

    caller: Caller
    claim: Claim
    payment_id: str
    amount: str | None
    reason: str | None
    transfer_id: str | None = None


def refund(order: RefundOrder, also: list[storage.Write] | None = None) -> RefundItem:
    """Refund a payment.

    Raises NotFound, PaymentNotRefundable, RefundExceedsPayment, InvalidAmount, TemporarilyUnavailable, or ledger.RecordRefused when the
    claim is taken.
    """
    for _attempt in range(MAX_TRIES):
        payment = orchestrator.find(order.caller.merchant_id, order.payment_id)
        amount = refundable_amount(payment, order.amount)
        try:
            return _refund_to_wallet(order, payment, amount, also or [])
        except ledger.RecordRefused as refused:
            if refused.index != 0:
                raise
            # The payment moved under us: look again, and refuse by what it says now.
    raise TemporarilyUnavailable


def refundable_amount(payment: PaymentItem, asked: str | None) -> Money:
    """The amount to refund. Raises PaymentNotRefundable, RefundExceedsPayment or InvalidAmount."""
    if payment.status != "success":
        raise PaymentNotRefundable(f"A payment that is {payment.status} cannot be refunded.", details={"status": payment.status})
    left = int(payment.amount) - int(payment.amount_reserved)
    amount = Money(left, payment.currency) if asked is None else Money.parse(asked, payment.currency)
    if left == 0 or amount.minor > left:
        shown = format_minor(left, payment.currency)
        raise RefundExceedsPayment("The refund exceeds what is left of the payment.", details={"refundable": shown})
    return amount


def find(merchant_id: str, refund_id: str) -> RefundItem:
    """One refund of the merchant. Raises NotFound."""
    item = store.find_refund(refund_id)
    if item is None or item.merchant_id != merchant_id:
        raise NotFound("refund")
    return item


def _refund_to_wallet(order: RefundOrder, payment: PaymentItem, amount: Money, also: list[storage.Write]) -> RefundItem:
    """The journal of a wallet payment, reversed: merchant to wallet, at once."""
    item = draft(order, payment, amount)
    journal = Journal.transfer(
        source=Account.of_merchant(payment.merchant_id, payment.currency),
        target=Account.of_wallet(payment.merchant_id, payment.wallet_id or "", payment.currency),
        amount=amount,
        reference=refund_reference(item),
        description=order.reason,
    )

    def record(entries: tuple[ledger.Entry, ...]) -> list[storage.Write]:
        item.entries = entry_references(entries)
        return [
            store.reserve_refund(payment, amount.minor, settled=True, now_ms=int(item.created_at)),
            store.new_refund(item),
            *also,
            *order.claim.rows(reference=order.transfer_id or item.refund_id),
        ]

    ledger.post(journal, record, lanes=order.caller.lanes)
    return item


def draft(order: RefundOrder, payment: PaymentItem, amount: Money, status: str = "success") -> RefundItem:
    """The first version of a refund in this status. Nothing is stored yet."""
    refund_id = order.claim.record_id("ref")
    now = clock.now_ms()
    return RefundItem(
        refund_id=refund_id,
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        amount=amount.minor,
        currency=payment.currency,
        status=status,
        reason=order.reason,
        transfer_id=order.transfer_id,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, refund_id),
        **stamp("refund.success" if status == "success" else "refund.created", now),
    )
