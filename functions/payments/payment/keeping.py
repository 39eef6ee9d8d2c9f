"""How far a payment is with keeping its payer's card at the provider: part of its `method_state`. What is done is `methods.kept_cards`'."""

from typing import Any, Final

from paycorex import clock
from paycorex.records.payment import PaymentItem
from payments.payment.states import OPEN, Status

# ASKED: the merchant would like to. AGREED: the payer ticked. KEPT: there is a token. NONE: the provider kept nothing.
ASKED: Final = "asked"
AGREED: Final = "agreed"
KEPT: Final = "kept"
NONE: Final = "none"
_NAME: Final = "saves"
_MADE: Final = frozenset({Status.SUCCESS, Status.AUTHORIZED})


def step_of(payment: PaymentItem) -> str | None:
    """One of the four; None where no one asked for it."""
    step: str | None = (payment.method_state or {}).get(_NAME)
    return step


def at(payment: PaymentItem | None, step: str) -> dict[str, Any]:
    """The payment's `method_state` at this step."""
    known: dict[str, Any] = {} if payment is None else dict(payment.method_state or {})
    return {**known, _NAME: step}


def is_offered(payment: PaymentItem) -> bool:
    """True while the payer may decide whether the card is kept."""
    return payment.status in OPEN and step_of(payment) in {ASKED, AGREED}


def is_owed(payment: PaymentItem) -> bool:
    """True for a payment that was made and whose payer agreed, until there is a token."""
    return payment.status in _MADE and step_of(payment) == AGREED


def due(payment: PaymentItem) -> dict[str, int]:
    """Of a change by which the payment is made: the janitor makes the token, if its payer agreed to one."""
    return {"due_ms": clock.now_ms()} if step_of(payment) == AGREED else {}
