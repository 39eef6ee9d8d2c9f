"""Attribute values in the wire shape ({"S": "x"}, {"N": "12"}, {"M": {...}}): checked, measured, made canonical.

A stored item is never changed in place, so versions, indexes and stream records may share its parts. Canonical means
that equal values are equal dicts: numbers in one spelling, sets sorted.
"""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ParamValidationError

from tests.support.memory_dynamo.numerals import canonical, decimal_of
from tests.support.memory_dynamo.refusal import invalid, invalid_parameter

type Value = dict[str, Any]
type Item = dict[str, Value]

_CONTAINER_BYTES = 3
_ELEMENT_BYTES = 1


def admit_item(item: Mapping[str, Mapping[str, Any]]) -> tuple[Item, int]:
    """A canonical copy of an item and its size in bytes (names in UTF-8 and values, after AWS's rules).

    Raises ValidationException for values DynamoDB refuses, ParamValidationError for a wrong Python type.
    """
    size = 0
    admitted: Item = {}
    for name, value in item.items():
        admitted[name], value_size = admit(value)
        size += value_size + (len(name) if name.isascii() else len(name.encode()))
    return admitted, size


def admit(value: Mapping[str, Any]) -> tuple[Value, int]:
    """A canonical copy of one value and its size in bytes, without its name."""
    if len(value) != 1:
        found = "has more than one datatypes set" if value else "is empty"
        raise invalid(f"Supplied AttributeValue {found}, must contain exactly one of the supported datatypes")
    for kind, raw in value.items():
        if kind == "S" and type(raw) is str:
            return {"S": raw}, len(raw) if raw.isascii() else len(raw.encode())
        admission = _ADMISSIONS.get(kind)
        if admission is None:
            raise ParamValidationError(report=f"Unknown attribute value type: {kind}")
        return admission(raw)
    raise AssertionError


def _typed(raw: object, kind: str, *types: type) -> None:
    if not isinstance(raw, types):
        raise ParamValidationError(report=f"Invalid type for {kind}, value: {raw!r}, type: {type(raw)}")


def _admit_string(raw: Any) -> tuple[Value, int]:
    _typed(raw, "S", str)
    return {"S": str(raw)}, len(raw.encode())


def _admit_number(raw: Any) -> tuple[Value, int]:
    _typed(raw, "N", str)
    text, size = canonical(raw)
    return {"N": text}, size


def _admit_binary(raw: Any) -> tuple[Value, int]:
    _typed(raw, "B", bytes, bytearray)
    return {"B": bytes(raw)}, len(raw)


def _admit_bool(raw: Any) -> tuple[Value, int]:
    _typed(raw, "BOOL", bool)
    return {"BOOL": raw}, 1


def _admit_null(raw: Any) -> tuple[Value, int]:
    if raw is not True:
        raise invalid_parameter("Null attribute value types must have the value of true")
    return {"NULL": True}, 1


def _admit_map(raw: Any) -> tuple[Value, int]:
    _typed(raw, "M", Mapping)
    item, size = admit_item(raw)
    return {"M": item}, size + _CONTAINER_BYTES + _ELEMENT_BYTES * len(item)


def _admit_list(raw: Any) -> tuple[Value, int]:
    _typed(raw, "L", list, tuple)
    admitted = [admit(element) for element in raw]
    size = sum(element_size for _, element_size in admitted)
    return {"L": [element for element, _ in admitted]}, size + _CONTAINER_BYTES + _ELEMENT_BYTES * len(admitted)


def _admit_set(kind: str, noun: str) -> Callable[[Any], tuple[Value, int]]:
    element_kind = kind[0]

    def admission(raw: Any) -> tuple[Value, int]:
        _typed(raw, kind, list, tuple, set, frozenset)
        if not raw:
            raise invalid_parameter(f"An {noun} set  may not be empty")
        admitted = [admit({element_kind: element}) for element in raw]
        elements = [element[element_kind] for element, _ in admitted]
        if len(set(elements)) != len(elements):
            raise invalid_parameter(f"Input collection {list(raw)} contains duplicates.")
        return set_value(kind, elements), sum(size for _, size in admitted)

    return admission


_ADMISSIONS: dict[str, Callable[[Any], tuple[Value, int]]] = {
    "S": _admit_string,
    "N": _admit_number,
    "B": _admit_binary,
    "BOOL": _admit_bool,
    "NULL": _admit_null,
    "M": _admit_map,
    "L": _admit_list,
    "SS": _admit_set("SS", "string"),
    "NS": _admit_set("NS", "number"),
    "BS": _admit_set("BS", "binary"),
}
KINDS = frozenset(_ADMISSIONS)


def set_value(kind: str, elements: list[Any]) -> Value:
    """The canonical value of a set (kind SS, NS or BS), in order of its elements."""
    return {kind: sorted(elements, key=decimal_of) if kind == "NS" else sorted(elements)}


def size_of_item(item: Item) -> int:
    """The size of an admitted item in bytes."""
    return admit_item(item)[1]


def kind_of(value: Value) -> str:
    return next(iter(value))


def rank(value: Value) -> tuple[str, Any] | None:
    """(kind, comparable) of a value that has an order (S, N, B), else None."""
    kind, raw = next(iter(value.items()))
    if kind == "N":
        return kind, decimal_of(raw)
    return (kind, raw) if kind in {"S", "B"} else None


def copy_item(item: Item) -> Item:
    """A copy the caller may change."""
    return {name: copy_value(value) for name, value in item.items()}


def copy_value(value: Value) -> Value:
    kind, raw = next(iter(value.items()))
    if kind == "M":
        return {kind: copy_item(raw)}
    if kind == "L":
        return {kind: [copy_value(element) for element in raw]}
    return {kind: list(raw) if isinstance(raw, list) else raw}
