"""Payments that a provider's answer contradicts: the log line that the alarm counts. The payment carries why; nothing was booked by it."""

from typing import Final

from paycorex import redaction
from paycorex.records.payment import PaymentItem

logger: Final = redaction.logger("payments")


def tell(before: PaymentItem | None, after: PaymentItem) -> None:
    """Log what a change newly found contradictory, if it did."""
    review = after.review
    if review is None or (before is not None and review == before.review):
        return
    facts = {name: review[name] for name in ("reason", "detail", "connector", "provider_reference")}
    logger.error("a provider contradicts what was asked", extra={"payment_id": after.payment_id, "merchant_id": after.merchant_id, **facts})


def tell_of_code(qr_code_id: str, connector: str, reference: str, *, reason: str = "unreadable_amount") -> None:
    """Log money by a static code that cannot be booked, where there is no payment here that could carry why: its amount is none, or it is
    another code's.
    """
    facts = {"reason": reason, "connector": connector, "provider_reference": reference}
    logger.error("a provider contradicts what was asked", extra={"qr_code_id": qr_code_id, **facts})
