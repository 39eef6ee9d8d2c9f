"""When the janitor must look at a hold. Pure."""

from typing import Final

from paycorex.records.hold import Hold, hold_of
from paycorex.records.payment import PaymentItem

# After an answer that decided nothing; twice as long each time.
FIRST_LOOK_SECONDS: Final = 60
MAX_LOOK_SECONDS: Final = 3600
# How long before its end a hold is announced to end.
WARNING_SECONDS: Final = 24 * 3600
# A hold whose end is not known is looked at once in this time.
UNKNOWN_END_SECONDS: Final = 24 * 3600


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
    """When the payment's hold must be looked at; None for a payment that has none, or whose hold is over."""
    hold = hold_of(payment)
    return None if hold is None else due_ms(hold, now_ms)
