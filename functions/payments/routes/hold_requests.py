"""What clients send about money that is held for a payment."""

from paycorex.contract import AmountText, Body
from paycorex.text import Text


class CapturePayment(Body):
    """POST /v1/payments/{payment_id}/capture: without an amount, all that is left."""

    amount: AmountText | None = None
    final: bool = True


class VoidPayment(Body):
    """POST /v1/payments/{payment_id}/void."""

    reason: Text | None = None


class IncrementHold(Body):
    """POST /v1/payments/{payment_id}/increment: the new total."""

    amount: AmountText
