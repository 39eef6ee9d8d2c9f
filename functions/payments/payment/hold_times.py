"""When the janitor must look at a hold; and at a fee that its provider has not named yet. Pure."""

from typing import Final

from paycorex.records.fee_rate import MERCHANT
from paycorex.records.hold import Hold, hold_of
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_fee import PaymentFee
from payments.connectors import capabilities
from payments.payment import attempts

# After an answer that decided nothing; twice as long each time.
FIRST_LOOK_SECONDS: Final = 60
MAX_LOOK_SECONDS: Final = 3600
# How long before its end a hold is announced to end.
WARNING_SECONDS: Final = 24 * 3600
# A hold whose end is not known is looked at once in this time.
UNKNOWN_END_SECONDS: Final = 24 * 3600
# A provider knows what it keeps once it has settled with the card's network. Twice as long each time; then the report says it.
FIRST_FEE_LOOK_SECONDS: Final = 600
FEE_LOOKS: Final = 6


def due_ms(hold: Hold, now_ms: int) -> int | None:
    """When the janitor must look at it next; None when it is over."""
    if hold.is_over:
        return None
    if hold.under_way is not None or hold.ending is not None:
        return now_ms + min(FIRST_LOOK_SECONDS << min(hold.looks, 10), MAX_LOOK_SECONDS) * 1000
    if hold.expires_ms is None:
        return now_ms + UNKNOWN_END_SECONDS * 1000
    if hold.expires_ms <= now_ms:
        # Its provider still holds it: the provider says that it ended.
        return now_ms + min(FIRST_LOOK_SECONDS << min(hold.looks, 10), MAX_LOOK_SECONDS) * 1000
    warning = hold.expires_ms - WARNING_SECONDS * 1000
    return warning if not hold.is_warned and warning > now_ms else hold.expires_ms


def next_due(payment: PaymentItem, now_ms: int) -> int | None:
    """When the payment's hold must be looked at, else its fee; None where there is nothing to look for."""
    hold = hold_of(payment)
    at_hold = None if hold is None else due_ms(hold, now_ms)
    return fee_due_ms(payment, now_ms) if at_hold is None else at_hold


def fee_due_ms(payment: PaymentItem, now_ms: int) -> int | None:
    """When its provider must be asked for the fee next; None where the merchant does not bear it, it is known, or was asked for enough."""
    fee = PaymentFee.load(payment.fee)
    is_unknown = fee.bearer == MERCHANT and not fee.facts and fee.looks < FEE_LOOKS and payment.status == "success"
    if not is_unknown or not capabilities.pays_out(payment.provider or "") or attempts.is_open(payment):
        return None
    return now_ms + (FIRST_FEE_LOOK_SECONDS << fee.looks) * 1000
