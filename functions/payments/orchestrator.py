"""The orchestrator: from an order to a recorded payment, by the method that the payer chose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from paycorex import payment_limits
from paycorex.errors import LimitExceeded, Refusal
from paycorex.loading import later
from payments.methods import wallet
from payments.payment import creation
from payments.payment.dry_run import Explained
from payments.payment.orders import Order, Recorded

with later():
    from payments.methods import crypto, tokenized, upi_intent, wallet_hold
    from payments.payment import fees


NAMES: Final = ("crypto", "tokenized", "upi_intent", "wallet")


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay. explain: what start would do, without doing it."""

    start: Callable[[Order], Recorded]
    explain: Callable[[Order], Explained]


class UnsupportedMethod(Refusal):
    """Not a payment method that this deployment offers."""

    code = "unsupported_method"


def create(order: Order) -> Recorded:
    """Record and start a payment, once per claim.

    Raises UnsupportedMethod, LimitExceeded, KeyReused, SignatureReused, Remembered when this very request was refused, and what the method
    raises.
    """
    method = _method_of(order)
    try:
        payment_limits.check(order.caller, order.method, order.amount)
    except LimitExceeded:
        # The limit may have been another when this very request made its payment.
        known = creation.find(order)
        if known is None:
            raise
        return known
    try:
        if not order.looks_at_each_try:
            creation.look(order)
        return method.start(order)
    except creation.Earlier as known:
        return known.recorded


def explain(order: Order) -> Explained:
    """What create would do; writes nothing and calls no provider. Raises what create raises."""
    method = _method_of(order)
    payment_limits.check(order.caller, order.method, order.amount)
    explained = method.explain(order)
    if explained.route is not None:
        fees.explained(explained.payment, explained.route.connectors[0])
    return explained


def _method_of(order: Order) -> Method:
    match order.method:
        case "wallet" if order.is_manual:
            return Method(wallet_hold.start, wallet_hold.explain)
        case "crypto" if order.is_manual:
            details = {"field": "capture_method", "method": order.method}
            raise UnsupportedMethod("Money that is paid in this way cannot be held.", details=details)
        case "wallet":
            return Method(wallet.start, wallet.explain)
        case "tokenized":
            return Method(tokenized.start, tokenized.explain)
        case "crypto":
            return Method(crypto.start, crypto.explain)
        case "upi_intent":
            return Method(upi_intent.start, upi_intent.explain)
        case _:
            raise UnsupportedMethod("This payment method is not available.", details={"field": "method", "methods": list(NAMES)})
