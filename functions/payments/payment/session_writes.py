"""What a payment's own transaction writes to the checkout session that made it, so that both are paid at one instant or neither is."""

from typing import Final

from pynamodb.expressions.update import Action

from paycorex import clock, storage
from paycorex.records import checkout_session
from paycorex.records.checkout_session import SessionItem
from paycorex.records.payment import PaymentItem

# The statuses in which the payer has nothing left to do.
_PAID: Final = frozenset({"success", "authorized"})


def of_change(before: PaymentItem, after: PaymentItem) -> list[storage.Write]:
    """The session is paid with its payment. Never refused: money that is here is booked, whatever the session says.

    What paid a session stays what paid it: late money of an earlier choice, which the merchant accepts, changes its own payment alone.
    """
    if after.session_id is None or after.status not in _PAID or before.status in _PAID:
        return []
    session = storage.get(SessionItem, after.session_id)
    if session is not None and session.status == checkout_session.PAID and session.payment_id != after.payment_id:
        return []
    return [storage.update(SessionItem, SessionItem.wire_key(after.session_id), _paid(after), None)]


def of_first(payment: PaymentItem, number: int | None) -> list[storage.Write]:
    """A session's payment is made only while its choice is the session's newest, and the session open.

    So two payments of a session are never open at once. number: of the choice; None without a session.
    """
    if payment.session_id is None or number is None:
        return []
    newest = (SessionItem.tries == number) & (SessionItem.status == checkout_session.OPEN)
    key = SessionItem.wire_key(payment.session_id)
    if payment.status in _PAID:
        return [storage.update(SessionItem, key, _paid(payment), newest)]
    return [storage.check(SessionItem, key, newest)]


def _paid(payment: PaymentItem) -> list[Action]:
    end = checkout_session.end_actions(checkout_session.PAID, "checkout.paid", clock.now_ms())
    return [*end, SessionItem.payment_id.set(payment.payment_id)]
