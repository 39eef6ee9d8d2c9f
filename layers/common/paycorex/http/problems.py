"""What is wrong with a field, in words: Pydantic's own are for programmers of Python."""

import re
from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails

_BY_KIND: Final[Mapping[str, str]] = {
    "missing": "This field is required.",
    "bool_type": "It is true or false, without quotes.",
    "bool_parsing": "It is true or false.",
    "int_type": "It is a whole number, without quotes.",
    "int_parsing": "It is a whole number.",
    "int_from_float": "It is a whole number.",
    "string_type": "It is a text, in quotes.",
    "dict_type": "It is an object, in braces.",
    "model_type": "It is an object, in braces.",
    "list_type": "It is a list, in brackets.",
}
_BEGINNINGS: Final = (
    ("Input should be greater than or equal to ", "It is at least "),
    ("Input should be less than or equal to ", "It is at most "),
    ("Input should be ", "It is one of "),
    ("String should have ", "It has "),
    ("List should have ", "It has "),
    ("Dictionary should have ", "It has "),
    ("Value error, ", ""),
    ("Assertion failed, ", ""),
)
_ID: Final = re.compile(r"\^([a-z]{3})_\[a-z2-7\]\{26\}\$")
_PATTERN: Final = re.compile(r"String should match pattern '(.*)'", re.DOTALL)
_COUNTED: Final = re.compile(r" after validation, not \d+$")
_CURRENCY: Final = "^[A-Z]{3}$"


def text_of(problem: ErrorDetails) -> str:
    """The words for a problem; a rule of ours speaks for itself. No value is repeated."""
    if problem["type"] in _BY_KIND:
        return _BY_KIND[problem["type"]]
    message = problem["msg"]
    if found := _PATTERN.fullmatch(message):
        return _of_pattern(found[1])
    for beginning, ours in _BEGINNINGS:
        if message.startswith(beginning):
            return ours + _COUNTED.sub("", message.removeprefix(beginning))
    return message


def _of_pattern(pattern: str) -> str:
    if pattern == _CURRENCY:
        return "A currency is three capital letters, such as INR (ISO 4217)."
    if found := _ID.fullmatch(pattern):
        return f"An id of this kind is {found[1]}_ and 26 characters."
    return f"It has another form than this field takes, which is {pattern}"
