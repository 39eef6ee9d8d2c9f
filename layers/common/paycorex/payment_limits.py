"""How much one payment of a merchant moves at most, by method: against amounts that were meant in minor units.

A limit is an amount of the merchant's own currency, and is compared with payments in it. The merchant sets its own (`payment_limits` of
PATCH /v1/merchants/me); where it has none, rupees have the operator's. Of other currencies no number would fit everywhere.
The authorizer, which has the merchant at hand, hands them to the doors with the caller.
"""

from typing import Final

from paycorex.credentials import Caller
from paycorex.errors import LimitExceeded
from paycorex.money import Money

# Rupees have hundred paise: what an amount was probably meant as.
_MINOR: Final = 100


def check(caller: Caller, method: str, amount: Money) -> None:
    """Raises LimitExceeded for a payment above the limit of its method, with what to do in either case."""
    limit = read(caller.payment_limits).get(method)
    if limit is None or amount.currency != caller.currency or amount.minor <= Money.stored(limit, caller.currency).minor:
        return
    name, meant = f"payment_limits.{method}", Money(max(amount.minor // _MINOR, 1), amount.currency)
    message = (
        f"A payment by {method} is at most {limit} {amount.currency} ({name}), and this one is {amount}. Amounts are in major units: "
        f"if {meant} {amount.currency} was meant, send that. If the amount is right, raise {name} by PATCH /v1/merchants/me."
    )
    raise LimitExceeded(message, details={"field": "amount", "limit": name, "maximum": limit, "currency": amount.currency})


def read(text: str) -> dict[str, str]:
    """Limits by method, of the one text that a caller carries. Raises ValueError for what the authorizer cannot have written."""
    return dict(part.split("=", 1) for part in text.split())
