"""Amounts in Stripe's units, which are ISO 4217's minor units but for a few currencies (https://docs.stripe.com/currencies)."""

from typing import Any, Final

from paycorex.money import Money, format_minor
from payments.connectors import documents
from payments.connectors.model import Inexpressible

# Two currencies without decimals are still counted in hundredths, one is not any more.
_FACTORS: Final = {"ISK": 100, "UGX": 100}
_DIVISORS: Final = {"MGA": 100}
# Three decimals exist, but the last must be 0. (https://docs.stripe.com/currencies#special-cases)
_STEPS: Final = {"BHD": 10, "JOD": 10, "KWD": 10, "OMR": 10, "TND": 10, "MGA": 100}


def amount_problem(amount: Money) -> str | None:
    """Why Stripe has no number for this amount; None when it has."""
    step = _STEPS.get(amount.currency, 1)
    if amount.minor % step == 0:
        return None
    return f"Stripe takes {amount.currency} in steps of {format_minor(step, amount.currency)} only."


def units(amount: Money) -> int:
    """An amount in Stripe's smallest units. Raises Inexpressible."""
    problem = amount_problem(amount)
    if problem is not None:
        raise Inexpressible(problem)
    return amount.minor * _FACTORS.get(amount.currency, 1) // _DIVISORS.get(amount.currency, 1)


def minor_of(stripe_units: int, currency: str) -> int:
    """Stripe's units as ISO 4217's minor units."""
    return stripe_units * _DIVISORS.get(currency, 1) // _FACTORS.get(currency, 1)


def minor(document: Any, currency: str, *path: str) -> int:
    """The same of a document's number. Raises Malformed."""
    return minor_of(documents.whole(document, *path), currency)


def currency_of(document: Any) -> str:
    """A document's currency as ISO 4217 writes it. Raises Malformed."""
    return documents.text(document, "currency").upper()


def money(document: Any, *path: str) -> Money:
    """An amount in Stripe's units beside its `currency`. Raises Malformed, Contradiction."""
    currency = currency_of(document)
    return documents.amount(minor(document, currency, *path), currency, documents.text_or(document, "", "id") or None)


def taken_minor(document: Any, *path: str) -> int:
    """How much of a hold was captured, in minor units; nothing, too. Raises Malformed, Contradiction."""
    found = minor(document, currency_of(document), *path)
    return 0 if found == 0 else money(document, *path).minor
