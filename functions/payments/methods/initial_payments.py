"""The first payment of a card, with its payer there: later charges without the payer name it, and the network knows them by it."""

from dataclasses import replace

from paycorex.errors import InvalidRequest
from payments.payment import lookup
from payments.payment.orders import Order


def named(order: Order) -> Order:
    """The order with the network's name of the first payment, where it names one. Raises NotFound, InvalidRequest, storage.Unavailable."""
    if order.initial_payment_id is None:
        return order
    first = lookup.find(order.caller.merchant_id, order.initial_payment_id)
    if first.token_id != order.token_id:
        raise InvalidRequest("The initial payment was made with another token.", details={"field": "initial_payment_id"})
    if first.network_transaction_id is None:
        raise InvalidRequest("The initial payment has no network_transaction_id.", details={"field": "initial_payment_id"})
    return replace(order, network_transaction_id=first.network_transaction_id)
