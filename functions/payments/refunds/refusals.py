"""What is no refund: of a payment that has none left, of money that its payer's bank asks for, of an amount that a provider cannot name."""

from paycorex.errors import Refusal, UnsupportedAmount
from paycorex.money import Money, format_minor
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import disputed, refundable
from payments.connectors import capabilities
from payments.payment import disputes, provider_charges
from payments.payment.late_money import LateMoney


class RefundExceedsPayment(Refusal):
    """More than what is left of the payment."""

    code = "refund_exceeds_payment"


class PaymentNotRefundable(Refusal):
    """Only a successful payment can be refunded."""

    code = "payment_not_refundable"


def refuse_disputed(payment: PaymentItem, left: int, asked: int) -> None:
    """Where it is a dispute alone that leaves too little. Raises PaymentNotRefundable with the dispute's id."""
    without = refundable(payment, forced=True) - int(payment.amount_reserved)
    if (left > 0 and asked <= left) or without <= left or max(asked, 1) > without:
        return
    details = {"dispute_id": disputes.newest_open(payment), "refundable": format_minor(max(left, 0), payment.currency)}
    raise PaymentNotRefundable("The payer's bank asks for this money: a refund would lose it twice.", details=details)


def refuse_disputed_late(payment: PaymentItem, money: LateMoney) -> None:
    """Money beside the payment is disputed by its own name. Raises PaymentNotRefundable with the dispute's id."""
    if not disputed(payment):
        return
    for entry in disputes.unfavourable(payment):
        found = provider_charges.money_of(payment, entry["connector"], entry["provider_reference"])
        if isinstance(found, LateMoney) and found.late_id == money.late_id:
            details = {"dispute_id": disputes.id_of(payment, entry), "late_id": money.late_id}
            raise PaymentNotRefundable("The payer's bank asks for this money: a refund would lose it twice.", details=details)


def refuse_inexpressible(connector: str | None, amount: Money) -> None:
    """Before anything is reserved: a provider has no number for every amount. Raises UnsupportedAmount."""
    problem = None if connector is None else capabilities.amount_problem(connector, amount)
    if problem is not None:
        raise UnsupportedAmount(problem, details={"field": "amount", "connector": connector})
