"""What of a payment's money is where: how much was captured, and how much of that refunds may take. Pure, of a stored payment."""

from typing import Final

from paycorex.records.payment_item import PaymentItem

# `capture_method` of a payment that is authorized first and captured by requests of the merchant. Absent: captured as it is approved.
MANUAL: Final = "manual"
AUTOMATIC: Final = "automatic"


def is_manual(item: PaymentItem) -> bool:
    """True when the money is held first, and captured by requests of the merchant."""
    return item.capture_method == MANUAL


def captured(item: PaymentItem) -> int:
    """Minor units that were captured, or would be if a charge of unknown outcome succeeded."""
    return int(item.amount_captured or 0) if is_manual(item) else int(item.amount)


def credited(item: PaymentItem) -> int:
    """Minor units that were captured, and so are the merchant's."""
    return captured(item) if is_manual(item) or item.status == "success" else 0


def disputed(item: PaymentItem) -> int:
    """Minor units that payers' banks ask for, or have got."""
    return int(item.amount_disputed or 0)


def refundable(item: PaymentItem, *, forced: bool = False) -> int:
    """The one guard of refunds: up to this sum, refunded and pending together, the payment's own money may be given back.

    What a payer's bank asks for cannot be given back by a refund as well; forced: it may, and is then lost twice.
    """
    return captured(item) - (0 if forced else disputed(item))
