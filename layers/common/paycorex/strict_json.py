"""JSON as this API accepts it: RFC 8259 without the parts that two readers may understand differently.

Refused: duplicate names, NaN and Infinity, more than 20 levels, lone surrogates, NUL, a byte-order mark, anything but UTF-8. Numbers that
are not plain integers of at most 18 digits keep their own text (`NumberText`), so that no float ever exists.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from paycorex import redaction
from paycorex.errors import InvalidRequest, PayloadTooLarge

MAX_BODY_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 20
_MAX_INTEGER_DIGITS: Final = 18
# Possessive, so that no text makes it backtrack.
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[{\]}]")


@dataclass(frozen=True, slots=True)
class NumberText:
    """A JSON number, as it was written. Not a string, so that a field of text does not take one."""

    text: str

    def __str__(self) -> str:
        return self.text


def loads(raw: bytes) -> Any:
    """The value of a JSON text. Raises PayloadTooLarge or InvalidRequest; the cost is linear in the size."""
    if len(raw) > MAX_BODY_BYTES:
        message = f"A request body has at most {MAX_BODY_BYTES} bytes."
        raise PayloadTooLarge(message, details={"max_bytes": MAX_BODY_BYTES})
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequest("The body is not UTF-8.") from error
    if text.startswith("\ufeff"):
        raise InvalidRequest("The body starts with a byte-order mark. Save or send it as UTF-8 without one.")
    _refuse_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=NumberText,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise InvalidRequest(f"The body is not valid JSON: line {error.lineno}, column {error.colno}.", details=where) from error
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("The body is not valid JSON.") from error
    return value


def _refuse_depth(text: str) -> None:
    """Counted before parsing, because how deep the parser may go differs between interpreters."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise InvalidRequest(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise InvalidRequest(f"The field {_printable(name)} is given twice.", details={"field": _printable(name)})
        _refuse_text(name)
        if type(value) is str:
            _refuse_text(value)
        elif type(value) is list:
            _refuse_texts(value)
        result[name] = value
    return result


def _refuse_texts(values: list[Any]) -> None:
    for value in values:
        if type(value) is str:
            _refuse_text(value)
        elif type(value) is list:
            _refuse_texts(value)


def _refuse_text(text: str) -> None:
    if "\x00" in text:
        raise InvalidRequest("Text must not contain NUL.")
    # Most text is ASCII; only the rest can hold a lone surrogate (from a \ud800 escape), which could never be encoded again.
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidRequest("Text must not contain lone surrogates.")


def _integer(text: str) -> int | NumberText:
    return int(text) if len(text) <= _MAX_INTEGER_DIGITS and text != "-0" else NumberText(text)


def _refuse_constant(name: str) -> object:
    raise InvalidRequest(f"{name} is not a JSON number.")


def _printable(name: str) -> str:
    return redaction.mask(name).encode("ascii", "replace").decode()[:64]
