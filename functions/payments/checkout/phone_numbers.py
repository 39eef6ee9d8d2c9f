"""One form of a phone number, however it was written: E.164, `+` and the country's code. Pure.

A number without the country's code is one of the merchant's country, where its currency says which that is. Where it does not, the number
stays what it is: a code that was guessed could make two people one.
"""

from typing import Final

# By currency: the country's code, and how many digits follow it.
_COUNTRIES: Final = {
    "AED": ("971", 9),
    "AUD": ("61", 9),
    "CAD": ("1", 10),
    "GBP": ("44", 10),
    "INR": ("91", 10),
    "SGD": ("65", 8),
    "USD": ("1", 10),
}


def normal(number: str, currency: str | None) -> str:
    """The one form. currency: of the merchant to whom it was given. What is left as it is within a country begins with 0 or has no `+`."""
    digits = "".join(character for character in number if character.isdigit())
    code, length = _COUNTRIES.get(currency or "", ("", 0))
    is_international = number.lstrip().startswith("+")
    if not is_international and digits.startswith("00"):
        is_international, digits = True, digits[2:]
    if is_international:
        return "+" + _without_prefix(digits, code, length)
    within = digits.removeprefix("0")
    if len(within) == length:
        return f"+{code}{within}"
    # Without a `+`, and longer than a number of the country: it begins with a country's code.
    return digits if digits.startswith("0") else "+" + _without_prefix(digits, code, length)


def _without_prefix(digits: str, code: str, length: int) -> str:
    """Without the 0 of calls within the country, which people write behind its code: +91 (0) 98765 01234."""
    within = digits.removeprefix(code + "0")
    return code + within if code and len(within) == length and within != digits else digits
