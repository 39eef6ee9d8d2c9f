"""Card brands by the first digits of a number (ISO/IEC 7812-1): which brands a number may have, by ranges, lengths and check digits.

The list is data with a date, `card_brands.json`, made by `python -m local.card_brands` from its sources. Networks take each other's cards,
so a number may have several brands; the first is the one whose range says most about it.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from paycorex import redaction

# What a token keeps of them; no number lies in the ranges of so many.
MAX_BRANDS: Final = 8
_LIST: Final = Path(__file__).parent / "card_brands.json"


@cache
def known() -> dict[str, Any]:
    """The list: `date`, `names` by brand, `without_check_digit`; `ranges` of [first prefix, last prefix, brand, lengths], best first."""
    content: dict[str, Any] = json.loads(_LIST.read_text(encoding="utf-8"))
    return content


def brands_of(number: str) -> tuple[str, ...]:
    """Every brand that a card number may have, the most likely first; none for what no network issues. number: ASCII digits."""
    is_checked = redaction.is_luhn_valid(number)
    unchecked = known()["without_check_digit"]
    fitting = (
        brand
        for low, high, brand, lengths in known()["ranges"]
        if low <= number[: len(low)] <= high and len(number) in lengths and (is_checked or brand in unchecked)
    )
    return tuple(dict.fromkeys(fitting))[:MAX_BRANDS]
