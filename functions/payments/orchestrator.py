"""The orchestrator: from an order to a recorded payment, by the method that the payer chose."""

from collections.abc import Callable, Mapping
from typing import Final

from paycorex.errors import NotFound, Refusal
from paycorex.records.payment import PaymentItem
from payments import store
from payments.methods import wallet
from payments.orders import Order, Recorded

METHODS: Final[Mapping[str, Callable[[Order], Recorded]]] = {"wallet": wallet.start}


class UnsupportedMethod(Refusal):
    """Not a payment method that this deployment offers."""

    code = "unsupported_method"


def create(order: Order) -> Recorded:
    """Record and start a payment, once per claim.

    Raises UnsupportedMethod, KeyReused, and what the method raises.
    """
    start = METHODS.get(order.method)
    if start is None:
        raise UnsupportedMethod("This payment method is not available.", details={"field": "method", "methods": sorted(METHODS)})
    if order.claim.by_signed_key:
        order.claim.refuse_reuse_elsewhere()
    return start(order)


def find(merchant_id: str, payment_id: str) -> PaymentItem:
    """One payment of the merchant. Raises NotFound."""
    payment = store.find(payment_id)
    if payment is None or payment.merchant_id != merchant_id:
        raise NotFound("payment")
    return payment
