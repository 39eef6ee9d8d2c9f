"""What Razorpay says of money that is held: a payment that was authorized and waits for its one capture.

https://razorpay.com/docs/payments/payments/capture-settings. What is not captured in time is given back by Razorpay itself; its documents
name three days and five, so three are asked for. There is no call that releases a payment sooner.
"""

from typing import Any, Final

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.requests import Attempt, Captures, HoldAbility
from payments.connectors.results import Authorized, Released

HOLD_DAYS: Final = 3
ABILITY: Final = HoldAbility(Captures.ONE_FULL, HOLD_DAYS)
# In an order's and a payment's notes: what it is held for, so that it is not taken for a payment that Razorpay is about to capture.
NOTE: Final = "capture"
MANUAL: Final = "manual"
_DAY_MINUTES: Final = 24 * 60


def of_order(attempt: Attempt) -> dict[str, Any]:
    """How an order says whether its payment is captured at once, or held."""
    if not attempt.is_manual:
        return {"payment_capture": 1}
    options = {"manual_expiry_period": HOLD_DAYS * _DAY_MINUTES, "refund_speed": "normal"}
    return {"payment": {"capture": MANUAL, "capture_options": options}}


def notes_of(attempt: Attempt) -> dict[str, str]:
    """What its notes say of it."""
    return {NOTE: MANUAL} if attempt.is_manual else {}


def is_manual(payment: Any) -> bool:
    """Whether a payment is one that we hold, by its notes."""
    return bool(documents.find(payment, "notes", NOTE) == MANUAL)


def held(payment: Any, amount: Money) -> Authorized:
    """A payment with status `authorized`. Raises Malformed."""
    return Authorized(documents.reference(payment, "id"), amount, expires_ms=_until_ms(payment))


def expired(payment: Any) -> Released | None:
    """A payment that was given back without having been captured; None for any other. Raises Malformed."""
    if documents.find(payment, "status") != "refunded" or documents.find(payment, "captured") is not False:
        return None
    return Released(documents.reference(payment, "id"), is_expired=True)


def _until_ms(payment: Any) -> int | None:
    made_ms = documents.moment_ms(payment, "created_at")
    return None if made_ms is None else made_ms + HOLD_DAYS * _DAY_MINUTES * 60_000
