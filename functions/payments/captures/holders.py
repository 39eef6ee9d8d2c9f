"""Who holds what was authorized: the attempt at the provider that holds it, and what that provider says of it now."""

from paycorex.records.payment import PaymentItem
from payments.connectors import calls as calling
from payments.connectors.results import Found
from payments.payment import asking, attempts
from payments.payment.attempts import AttemptRecord


def holder_of(payment: PaymentItem) -> AttemptRecord:
    """The attempt by which a provider holds the payment's money. AssertionError for a hold without one, which is never stored."""
    holder = attempts.holder(payment)
    if holder is None:
        raise AssertionError("a hold without an attempt")
    return holder


def ask(payment: PaymentItem) -> Found:
    """What the provider says of the hold. One call to it; nothing is changed."""
    holder = holder_of(payment)
    attempt = asking.attempt_of(payment, holder.number)
    found: Found = calling.call(payment.merchant_id, holder.connector, lambda connector: connector.lookup(attempt))
    return found
