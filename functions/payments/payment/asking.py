"""How and when a connector is asked what became of an attempt."""

from typing import Any, Final

from paycorex import clock
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import is_manual
from paycorex.records.payment_risk import must_confirm
from payments.connectors.requests import Attempt
from payments.payment import attempts
from payments.payment.states import OPEN

# After an answer that decided nothing; twice as long each time.
FIRST_LOOK_SECONDS: Final = 30
MAX_LOOK_SECONDS: Final = 600


def asked(payment: PaymentItem) -> Money:
    """The payment's amount."""
    return Money(int(payment.amount), payment.currency)


def next_look_ms(payment: PaymentItem, looks: int = 0) -> int:
    """When to ask about a payment next: less and less often, but not later than the end of its time."""
    now = clock.now_ms()
    moment: int = now + min(FIRST_LOOK_SECONDS << min(looks, 10), MAX_LOOK_SECONDS) * 1000
    expires = payment.expires_at
    return moment if expires is None or int(expires) <= now else min(moment, int(expires))


def attempt_of(payment: PaymentItem, number: int, **more: Any) -> Attempt:
    """The payment's attempt with this number, as connectors know it."""
    known = attempts.at(payment, number)
    return Attempt(
        attempt_id=attempts.attempt_id(payment.payment_id, number),
        payment_id=payment.payment_id,
        merchant_id=payment.merchant_id,
        method=payment.method,
        amount=asked(payment),
        description=payment.description,
        statement_descriptor=payment.statement_descriptor,
        customer_initiated=payment.customer_initiated is not False,
        expires_ms=None if payment.expires_at is None else int(payment.expires_at),
        provider_reference=None if known is None else known.provider_reference,
        started_ms=None if known is None else known.started_ms,
        is_manual=is_manual(payment),
        is_wanted=payment.status in OPEN,
        is_by_code=payment.qr_code_id is not None,
        must_confirm=must_confirm(payment),
        **more,
    )
