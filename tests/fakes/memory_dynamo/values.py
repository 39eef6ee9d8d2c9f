"""Attribute values in the wire shape ({"S": "x"}, {"N": "12"}, {"M": {...}}): checked, measured, made canonical.

A stored item is never changed in place, so versions, indexes and stream records may share its parts. Canonical means
that equal values are equal dicts: numbers in one spelling, sets sorted.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.exceptions import ParamValidationError

from tests.fakes.memory_dynamo.numerals import canonical, decimal_of, size_of_number
from tests.fakes.memory_dynamo.refusal import invalid, invalid_parameter

type Value = dict[str, Any]
type Item = dict[str, Value]

_CONTAINER_BYTES = 3
_ELEMENT_BYTES = 1


def admit_item(item: Mapping[str, Mapping[str, Any]]) -> Item:
    """A canonical copy of an item.

    Raises ValidationException for values DynamoDB refuses, ParamValidationError for a wrong Python type.
    """
    return {name: admit(value) for name, value in item.items()}


def admit(value: Mapping[str, Any]) -> Value:
    """A canonical copy of one value."""
    if len(value) != 1:
        found = "has more than one datatypes set" if value else "is empty"
        raise invalid(f"Supplied AttributeValue {found}, must contain exactly one of the supported datatypes")
    for kind, raw in value.items():
        if kind == "S" and type(raw) is str:
            return {"S": raw}
        admission = _ADMISSIONS.get(kind)
        if admission is None:
            raise ParamValidationError(report=f"Unknown attribute value type: {kind}")
        return {kind: admission(raw)}
    raise AssertionError


def _typed(kind: str, *types: type) -> Callable[[Any], Any]:
    def admission(raw: Any) -> Any:
        if not isinstance(raw, types):
            raise ParamValidationError(report=f"Invalid type for {kind}, value: {raw!r}, type: {type(raw)}")
        return raw

    return admission


_string = _typed("S", str)
_binary = _typed("B", bytes, bytearray)
_map = _typed("M", Mapping)
_list = _typed("L", list, tuple)


def _admit_number(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ParamValidationError(report=f"Invalid type for N, value: {raw!r}, type: {type(raw)}")
    return canonical(raw)


def _admit_null(raw: Any) -> bool:
    if raw is not True:
        raise invalid_parameter("Null attribute value types must have the value of true")
    return True


def _admit_set(kind: str, noun: str) -> Callable[[Any], list[Any]]:
    collection = _typed(kind, list, tuple, set, frozenset)
    element_kind = kind[0]

    def admission(raw: Any) -> list[Any]:
        if not collection(raw):
            raise invalid_parameter(f"An {noun} set  may not be empty")
        elements = [admit({element_kind: element})[element_kind] for element in raw]
        if len(set(elements)) != len(elements):
            raise invalid_parameter(f"Input collection {list(raw)} contains duplicates.")
        return sorted_set(kind, elements)

    return admission


_ADMISSIONS: dict[str, Callable[[Any], Any]] = {
    "S": _string,
    "N": _admit_number,
    "B": lambda raw: bytes(_binary(raw)),
    "BOOL": _typed("BOOL", bool),
    "NULL": _admit_null,
    "M": lambda raw: admit_item(_map(raw)),
    "L": lambda raw: [admit(element) for element in _list(raw)],
    "SS": _admit_set("SS", "string"),
    "NS": _admit_set("NS", "number"),
    "BS": _admit_set("BS", "binary"),
}
KINDS = frozenset(_ADMISSIONS)


def sorted_set(kind: str, elements: Iterable[Any]) -> list[Any]:
    """The elements of a set (kind SS, NS or BS) in canonical order."""
    return sorted(elements, key=decimal_of) if kind == "NS" else sorted(elements)


def size_of_item(item: Item) -> int:
    """The size of an admitted item in bytes: names in UTF-8 and values, after AWS's rules."""
    size = 0
    for name, value in item.items():
        size += (len(name) if name.isascii() else len(name.encode())) + size_of_value(value)
    return size


def size_of_value(value: Value) -> int:
    """The size of an admitted value in bytes; a container costs three, and one for each element."""
    for kind, raw in value.items():
        return _SIZES[kind](raw)
    raise AssertionError


def _size_of_list(elements: list[Value]) -> int:
    return _CONTAINER_BYTES + sum(_ELEMENT_BYTES + size_of_value(element) for element in elements)


def _size_of_text(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


_SIZES: dict[str, Callable[[Any], int]] = {
    "S": _size_of_text,
    "N": size_of_number,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "M": lambda item: _CONTAINER_BYTES + _ELEMENT_BYTES * len(item) + size_of_item(item),
    "L": _size_of_list,
    "SS": lambda elements: sum(map(_size_of_text, elements)),
    "NS": lambda elements: sum(map(size_of_number, elements)),
    "BS": lambda elements: sum(map(len, elements)),
}


def kind_of(value: Value) -> str:
    return next(iter(value))


def rank(value: Value) -> tuple[str, Any] | None:
    """(kind, comparable) of a value that has an order (S, N, B), else None."""
    kind, raw = next(iter(value.items()))
    if kind == "N":
        return kind, decimal_of(raw)
    return (kind, raw) if kind in {"S", "B"} else None


def copy_item(item: Item) -> Item:
    """A copy the caller may change. Strings and numbers, which most values are, need no second look."""
    return {name: value.copy() if "S" in value or "N" in value else copy_value(value) for name, value in item.items()}


def copy_value(value: Value) -> Value:
    kind, raw = next(iter(value.items()))
    if kind == "M":
        return {kind: copy_item(raw)}
    if kind == "L":
        return {kind: [copy_value(element) for element in raw]}
    return {kind: list(raw) if isinstance(raw, list) else raw}
