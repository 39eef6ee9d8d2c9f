"""Numbers as DynamoDB keeps them: 38 significant digits, 1E-130 to 9.99E+125, written out without an exponent."""

import re
from decimal import Context, Decimal
from functools import lru_cache

from tests.fakes.memory_dynamo.refusal import invalid

_SYNTAX = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LARGEST_EXPONENT = 125
_SMALLEST_EXPONENT = -130
_DIGITS = 38
# Wide enough for the exact sum of the largest and the smallest number.
_EXACT = Context(prec=300)


@lru_cache(maxsize=65536)
def canonical(text: str) -> str:
    """The stored form of a number.

    Raises ValidationException for text that is no number, for more than 38 digits and outside the range.
    """
    if not _SYNTAX.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    return _written(Decimal(text))


@lru_cache(maxsize=65536)
def decimal_of(text: str) -> Decimal:
    """The value of a number in its stored form."""
    return Decimal(text)


@lru_cache(maxsize=65536)
def size_of_number(text: str) -> int:
    """Bytes of a number in its stored form: one for two significant digits, one more, and one for a sign."""
    digits = len(text.replace(".", "").strip("-0"))
    return (digits + 1) // 2 + 1 + text.startswith("-")


def add(left: str, right: str) -> str:
    """left + right in stored form. Raises ValidationException when the sum leaves the range or 38 digits."""
    return _written(_EXACT.add(decimal_of(left), decimal_of(right)))


def subtract(left: str, right: str) -> str:
    """left - right in stored form. Raises ValidationException when the result leaves the range or 38 digits."""
    return _written(_EXACT.subtract(decimal_of(left), decimal_of(right)))


def _written(number: Decimal) -> str:
    if not number:
        return "0"
    magnitude = number.adjusted()
    if magnitude > _LARGEST_EXPONENT:
        raise invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if magnitude < _SMALLEST_EXPONENT:
        raise invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    shortest = number.normalize(_EXACT)
    if len(shortest.as_tuple().digits) > _DIGITS:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    return format(shortest, "f")
