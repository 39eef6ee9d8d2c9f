"""Which refunds of a merchant's people are dangerous acts: those that bring what is refunded of a payment above the merchant's amount.

The sum counts, so that a large refund in small parts is one too; and what is under way counts, whatever its provider says of it later.
"""

from collections.abc import Collection
from typing import Final

from paycorex.credentials import Caller, find_merchant
from paycorex.idempotency.items import Overtaken
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.payment import lookup

REFUNDS: Final = "refunds"


def kinds(merchant_id: str, payment_id: str, amount_text: str | None) -> Collection[str]:
    """`refunds` for one that is dangerous, else nothing. amount_text: None for all that is left.

    In another currency than the merchant's the amounts cannot be compared: then every refund is. Raises NotFound, InvalidAmount.
    """
    above = _above(merchant_id)
    if above is None:
        return ()
    paid = lookup.find(merchant_id, payment_id)
    if paid.currency != above.currency:
        return (REFUNDS,)
    total = int(paid.amount) if amount_text is None else int(paid.amount_reserved) + Money.parse(amount_text, paid.currency).minor
    return (REFUNDS,) if total > above.minor else ()


def unasked(caller: Caller, dangers: Collection[str]) -> Money | None:
    """Up to which sum of its payment's refunds a request may go that was let through as no dangerous act; None for any other.

    dangers: the kinds that the request was let through for. Requests of one moment each see the sum before all of them, so the bound goes
    into the transaction of each.
    """
    return _above(caller.merchant_id) if caller.is_person and REFUNDS not in dangers else None


def refuse_beyond(most: Money | None, payment: PaymentItem, amount: Money) -> None:
    """Raises Overtaken when the refund leads above the bound: sent again, it is met as what it now is."""
    if most is not None and (payment.currency != most.currency or int(payment.amount_reserved) + amount.minor > most.minor):
        raise Overtaken


def _above(merchant_id: str) -> Money | None:
    merchant = find_merchant(merchant_id)
    above = None if merchant is None else merchant.settings.refund_above
    return None if merchant is None or above is None else Money.parse(above, merchant.currency)
