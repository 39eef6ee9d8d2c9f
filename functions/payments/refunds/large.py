"""Which refunds of a merchant's people are dangerous acts: those that bring what is refunded of a payment above the merchant's amount.

The sum counts, so that a large refund in small parts is one too.
"""

from collections.abc import Collection
from typing import Final

from paycorex.credentials import find_merchant
from paycorex.money import Money
from payments.payment import lookup

REFUNDS: Final = "refunds"


def kinds(merchant_id: str, payment_id: str, amount_text: str | None) -> Collection[str]:
    """`refunds` for one that is dangerous, else nothing. amount_text: None for all that is left.

    In another currency than the merchant's the amounts cannot be compared: then every refund is. Raises NotFound, InvalidAmount.
    """
    merchant = find_merchant(merchant_id)
    above = None if merchant is None else merchant.settings.refund_above
    if merchant is None or above is None:
        return ()
    paid = lookup.find(merchant_id, payment_id)
    if paid.currency != merchant.currency:
        return (REFUNDS,)
    refunded = int(paid.amount_refunded)
    total = int(paid.amount) if amount_text is None else refunded + Money.parse(amount_text, paid.currency).minor
    return (REFUNDS,) if total > Money.parse(above, merchant.currency).minor else ()
