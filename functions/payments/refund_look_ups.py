"""A refund that is past its time: what its provider says of it, or the provider is asked for it again under the same id.

The janitor's part of refunds.
"""

from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import refundable
from paycorex.records.refund import EXTERNAL, RefundItem
from payments.connectors import calls as calling
from payments.connectors.results import Declined, NotFound
from payments.payment import store
from payments.refunds import at_provider, bookings, on_chain


def look_at(refund: RefundItem) -> bool:
    """True when the refund is decided now."""
    payment = store.find(refund.payment_id)
    if payment is None:
        raise AssertionError("a refund without its payment")
    after = _ask_about(refund, payment)
    return after.status in {"success", "failed"}


def _ask_about(refund: RefundItem, payment: PaymentItem) -> RefundItem:
    """A refund that may have reached the provider is looked up first; one that has not is asked for, again under the same id."""
    if payment.method == "crypto":
        return on_chain.look_at(refund)
    is_contested = _is_contested(refund, payment)
    if refund.status == "processing" or is_contested:
        context = bookings.context_of(refund, payment)
        request = bookings.refund_request(context)
        found = calling.call(refund.merchant_id, context.connector, lambda provider: provider.lookup_refund(request))
        if not isinstance(found, NotFound):
            return at_provider.apply(refund, found)
        if refund.origin == EXTERNAL:
            # It began at the provider: to ask for it would make another.
            return at_provider.postpone(refund, refund.status)
    if is_contested:
        return at_provider.apply(
            refund, Declined("payment_disputed", "The payer's bank asks for this money: a refund would lose it twice.")
        )
    return at_provider.execute(refund, payment)


def _is_contested(refund: RefundItem, payment: PaymentItem) -> bool:
    """True when a dispute has come since the refund was reserved, and they are more than the payment together."""
    own_money = refund.late_id is None and refund.origin != EXTERNAL
    return own_money and not refund.is_forced and refundable(payment) < int(payment.amount_reserved)
