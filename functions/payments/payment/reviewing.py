"""What a person decided about a payment that a risk rule holds for a review, as part of the payment's next version. Pure."""

from paycorex.records.payment import PaymentItem
from paycorex.records.payment_risk import of
from payments.payment import versions


def decided(after: PaymentItem, decision: str) -> PaymentItem:
    """The payment's next version with the decision, and with its event."""
    risk = of(after)
    if risk is None:
        raise AssertionError("a review without a rule")
    after.risk, after.listed_under = risk.decided(decision).stored(), None
    versions.set_event(after, "payment.reviewed", int(after.updated_at))
    return after
