"""Fields of a statement as they may be stored: exact amounts, dates of this century, text without what misleads."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from paycorex.currencies import EXPONENTS
from paycorex.money import MAX_DIGITS_BEFORE_POINT
from settlements.bank.readers.statement import UnreadableField

MAX_REFERENCES: Final = 12
MAX_REFERENCE_CHARACTERS: Final = 64
MAX_TEXT_CHARACTERS: Final = 140
MAX_ACCOUNT_CHARACTERS: Final = 64
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2099
# Words of formats for "there is no reference".
_NO_REFERENCE: Final = frozenset({"NONREF", "NOTPROVIDED", "NOT PROVIDED", "NONE", "NULL", "N/A", "0", "-"})
# In free text a name of a payment has digits and is long; words and dates are not names.
_NAME_IN_TEXT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")


def currency_of(code: object) -> str:
    """An ISO 4217 code that can be booked. Raises UnreadableField."""
    text = str(code or "").strip().upper()
    if text not in EXPONENTS:
        raise UnreadableField("the currency is not one that can be booked")
    return text


def minor_of(amount: Decimal, currency: str) -> int:
    """Signed minor units of an exact amount. Raises UnreadableField for more decimals than the currency has and for too large a number."""
    if not amount.is_finite():
        raise UnreadableField("the amount is not a number")
    exponent = EXPONENTS[currency]
    if abs(amount) >= Decimal(10) ** MAX_DIGITS_BEFORE_POINT:
        raise UnreadableField(f"the amount has more than {MAX_DIGITS_BEFORE_POINT} digits before the point")
    if amount.adjusted() < -exponent - 1 and amount:
        raise UnreadableField(f"{currency} has {exponent} decimals")
    minor = amount.scaleb(exponent)
    if minor != minor.to_integral_value():
        raise UnreadableField(f"{currency} has {exponent} decimals")
    return int(minor)


def day_of(value: object, name: str) -> date:
    """A date without a time; of a moment the date that the bank wrote, in the bank's own zone. Raises UnreadableField."""
    day = value.date() if isinstance(value, datetime) else value
    if not isinstance(day, date) or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise UnreadableField(f"{name} is missing or not a date of this century")
    return date(day.year, day.month, day.day)


def text_of(*parts: object, limit: int = MAX_TEXT_CHARACTERS) -> str | None:
    """The parts on one line, printable, cut at `limit`; None when nothing is left."""
    joined = unicodedata.normalize("NFC", " ".join(str(part) for part in parts if part))
    printable = "".join(" " if unicodedata.category(each).startswith("C") else each for each in joined)
    return " ".join(printable.split())[:limit].rstrip() or None


def account_of(value: object) -> str:
    """An account's number without spaces. Raises UnreadableField."""
    account = re.sub(r"\s", "", text_of(value, limit=MAX_ACCOUNT_CHARACTERS) or "")
    if not account:
        raise UnreadableField("the statement names no account")
    return account


def references_of(given: Iterable[object], *texts: object) -> tuple[str, ...]:
    """What a line may be found by: the references that it gives, and names that stand in its text, each once."""
    found: dict[str, None] = {}
    for value in given:
        reference = text_of(value, limit=MAX_REFERENCE_CHARACTERS)
        if reference and reference.upper() not in _NO_REFERENCE:
            found[reference] = None
    for text in texts:
        for name in _NAME_IN_TEXT.findall(str(text or "")):
            if any(character.isdigit() for character in name):
                found[name] = None
    return tuple(found)[:MAX_REFERENCES]
