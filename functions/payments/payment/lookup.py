"""Reads of a payment for those who decide nothing about it: routes, pages and refunds load no method and no connector for it."""

from paycorex.errors import NotFound
from paycorex.records.payment import PaymentItem
from payments.payment import store


def find(merchant_id: str, payment_id: str) -> PaymentItem:
    """One payment of the merchant. Raises NotFound, storage.Unavailable."""
    payment = store.find(payment_id)
    if payment is None or payment.merchant_id != merchant_id:
        raise NotFound("payment")
    return payment
