"""Cancel: the merchant gives up an undecided payment. Money that comes all the same is booked to suspense."""

from paycorex.credentials import Caller
from paycorex.idempotency import Claim
from paycorex.records.payment import PaymentItem
from payments.connectors import calls as calling
from payments.payment import asking, attempts, confirming, outcomes, settlement
from payments.payment.states import Outcome


def cancel(caller: Caller, claim: Claim, payment: PaymentItem) -> PaymentItem:
    """The canceled payment. Raises InvalidState when it is decided already, TemporarilyUnavailable.

    The provider is asked afterwards to take no money: whether that reaches it or not, the janitor goes on looking for a while.
    """
    change = outcomes.given_up(payment, Outcome.CANCELED)
    canceled = settlement.apply(payment, change, lanes=caller.lanes, also=claim.rows(reference=payment.payment_id, status=200))
    withdraw(canceled)
    return canceled


def withdraw(payment: PaymentItem) -> None:
    """Ask the provider of an open attempt to take no money for it."""
    latest = attempts.last(payment)
    if latest is None or not latest.is_open or confirming.is_untouched(payment):
        return
    attempt = asking.attempt_of(payment, latest.number)
    calling.call(payment.merchant_id, latest.connector, lambda connector: connector.withdraw(attempt))
