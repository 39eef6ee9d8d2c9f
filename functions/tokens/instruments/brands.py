"""Card brands by issuer identification number (ISO/IEC 7812-1): which ranges exist, and how long their numbers are."""

from typing import Final

# (first prefix, last prefix, brand, lengths). Where ranges overlap, the longer prefix decides: RuPay's lie inside Discover's and Maestro's.
_RANGES: Final[tuple[tuple[str, str, str, tuple[int, ...]], ...]] = (
    ("4", "4", "visa", (13, 16, 19)),
    ("51", "55", "mastercard", (16,)),
    ("2221", "2720", "mastercard", (16,)),
    ("34", "34", "amex", (15,)),
    ("37", "37", "amex", (15,)),
    ("300", "305", "diners", (14, 16, 17, 18, 19)),
    ("3095", "3095", "diners", (14, 16, 17, 18, 19)),
    ("36", "36", "diners", (14, 15, 16, 17, 18, 19)),
    ("38", "39", "diners", (14, 16, 17, 18, 19)),
    ("3528", "3589", "jcb", (16, 17, 18, 19)),
    ("6011", "6011", "discover", (16, 17, 18, 19)),
    ("644", "649", "discover", (16, 17, 18, 19)),
    ("65", "65", "discover", (16, 17, 18, 19)),
    ("62", "62", "unionpay", (16, 17, 18, 19)),
    ("81", "81", "unionpay", (16, 17, 18, 19)),
    ("508500", "508999", "rupay", (16,)),
    ("606985", "607984", "rupay", (16,)),
    ("608001", "608500", "rupay", (16,)),
    ("652150", "653149", "rupay", (16,)),
    ("817200", "820199", "rupay", (16,)),
    ("50", "50", "maestro", (13, 14, 15, 16, 17, 18, 19)),
    ("56", "58", "maestro", (13, 14, 15, 16, 17, 18, 19)),
    ("60", "60", "maestro", (13, 14, 15, 16, 17, 18, 19)),
    ("63", "63", "maestro", (13, 14, 15, 16, 17, 18, 19)),
    ("66", "69", "maestro", (13, 14, 15, 16, 17, 18, 19)),
)
_BY_PREFIX_LENGTH: Final = sorted(_RANGES, key=lambda entry: -len(entry[0]))


def brand_of(number: str) -> str | None:
    """The brand of a card number's range and length; None for what no network issues."""
    for low, high, brand, lengths in _BY_PREFIX_LENGTH:
        if low <= number[: len(low)] <= high:
            return brand if len(number) in lengths else None
    return None
