"""Money: an integer of minor units and a currency, and the one place where text becomes an amount.

Floats never occur: JSON numbers arrive as their own text (see `paycorex.strict_json`).
"""

import re
from dataclasses import dataclass
from typing import Self

from paycorex.currencies import EXPONENTS
from paycorex.errors import InvalidAmount, UnsupportedCurrency

MAX_DIGITS_BEFORE_POINT = 12
# ASCII digits only: int() and Decimal() would also take full-width digits, underscores and spaces.
_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?", re.ASCII)


def exponent_of(currency: str) -> int:
    """Decimals of an ISO 4217 currency; UnsupportedCurrency when it is not one."""
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        message = "Not a currency that can be booked (ISO 4217 code in capitals)."
        raise UnsupportedCurrency(message, details={"field": "currency"})
    return exponent


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` units (paise, cents, yen) of `currency`."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """A positive amount in major units, such as `1000`, `1000.5` or `1000.50`.

        Raises InvalidAmount for zero, signs, exponents, spaces, more decimals than the currency has or more than 12 digits before
        the point; UnsupportedCurrency for an unknown currency.
        """
        exponent = exponent_of(currency)
        match = _AMOUNT.fullmatch(text)
        if match is None:
            raise _invalid("An amount is digits with an optional decimal point, such as 1000.50.")
        whole, fraction = match[1], match[2] or ""
        if len(whole) > MAX_DIGITS_BEFORE_POINT:
            raise _invalid(f"An amount has at most {MAX_DIGITS_BEFORE_POINT} digits before the point.")
        if len(fraction) > exponent:
            raise _invalid(f"{currency} has {exponent} decimals, and this amount has {len(fraction)}.")
        minor = int(whole + fraction.ljust(exponent, "0"))
        if minor == 0:
            raise _invalid("An amount must be greater than zero.")
        return cls(minor, currency)

    @classmethod
    def reported(cls, minor: int, currency: str) -> Self:
        """An amount that another system reports: positive, and within the limit that holds for clients.

        Raises InvalidAmount, UnsupportedCurrency.
        """
        if not 0 < minor < 10 ** (MAX_DIGITS_BEFORE_POINT + exponent_of(currency)):
            raise _invalid(f"An amount is positive and has at most {MAX_DIGITS_BEFORE_POINT} digits before the point.")
        return cls(minor, currency)

    @classmethod
    def stored(cls, text: str, currency: str) -> Self:
        """An amount as `str` wrote it. What is stored is read as it is: limits hold where an amount enters, never for what is booked.

        Raises ValueError for a text that `str` cannot have written.
        """
        minor = int(text.replace(".", ""))
        if currency not in EXPONENTS or format_minor(minor, currency) != text:
            raise ValueError("not an amount as it is stored")
        return cls(minor, currency)

    def __str__(self) -> str:
        return format_minor(self.minor, self.currency)


def format_minor(minor: int, currency: str) -> str:
    """Minor units as a decimal string with exactly the currency's decimals, such as `1000.00` or `-0.05`."""
    exponent = EXPONENTS[currency]
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).rjust(exponent + 1, "0")
    if exponent == 0:
        return sign + digits
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


def shown_minor(minor: int, currency: str) -> str:
    """The same for people who look at records that may be damaged: minor units as they are stored where the currency is none."""
    return format_minor(minor, currency) if currency in EXPONENTS else str(minor)


def _invalid(message: str) -> InvalidAmount:
    return InvalidAmount(message, details={"field": "amount"})
