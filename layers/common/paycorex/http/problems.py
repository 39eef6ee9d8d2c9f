"""What is wrong with a field, in words: Pydantic's own are for programmers of Python."""

import re
from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails

from paycorex import near
from paycorex.http import forms

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
    ("Value should have ", "It has "),
    ("Value error, ", ""),
    ("Assertion failed, ", ""),
)
_PATTERN: Final = re.compile(r"String should match pattern '(.*)'", re.DOTALL)
_COUNTED: Final = re.compile(r" after validation, not \d+$")
# Pydantic counts what a secret text has as items.
_SECRET_ITEMS: Final = re.compile(r"^(Value should have .*) items?\b")
_QUOTED: Final = re.compile(r"'([^']*)'")


def text_of(problem: ErrorDetails) -> str:
    """The words for a problem; a rule of ours speaks for itself. No value is repeated."""
    if problem["type"] in _BY_KIND:
        return _BY_KIND[problem["type"]]
    message = _SECRET_ITEMS.sub(r"\1 characters", problem["msg"])
    if found := _PATTERN.fullmatch(message):
        return forms.words_of(found[1])
    if problem["type"] in {"literal_error", "enum"}:
        return _one_of(message.removeprefix("Input should be "), problem["input"])
    for beginning, ours in _BEGINNINGS:
        if message.startswith(beginning):
            return ours + _COUNTED.sub("", message.removeprefix(beginning))
    return message


def _one_of(allowed: str, given: object) -> str:
    words = _QUOTED.findall(allowed)
    hint = near.question(given, words) if isinstance(given, str) else ""
    one = "It is one of " if len(words) > 1 else "It is "
    return f"{one}{allowed}.{hint}" if hint else f"{one}{allowed}"
