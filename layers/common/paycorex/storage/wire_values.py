"""Stored values to and from DynamoDB's wire shape, by a plan that is made once for each kind of item.

PynamoDB looks every attribute up by name, through a descriptor, for each item: a fifth of a payment's CPU. What goes in and comes out is
the same (a property test compares both). Items have attributes of plain kinds only; no maps, lists or discriminators.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NamedTuple, Self

from pynamodb.attributes import Attribute, JSONAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import AttributeNullError


class Column(NamedTuple):
    """One attribute of an item. `encode` and `decode`: None where the value is the same on the wire."""

    name: str
    wire_name: str
    wire_type: str
    encode: Callable[[Any], Any] | None
    decode: Callable[[Any], Any] | None
    attribute: Attribute[Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns of a kind of item, and the values that a new or a loaded one begins with (by name; callables are called)."""

    columns: tuple[Column, ...]
    names: frozenset[str]
    of_new: Mapping[str, Any]
    of_loaded: Mapping[str, Any]

    @classmethod
    def of(cls, attributes: Mapping[str, Attribute[Any]]) -> Self:
        """Raises TypeError for an attribute that needs PynamoDB's own way."""
        for name, attribute in attributes.items():
            if isinstance(attribute, MapAttribute | ListAttribute):
                raise TypeError(f"{name}: items have no maps and lists of PynamoDB's; a JSONAttribute holds either")
        columns = tuple(_column(name, attribute) for name, attribute in attributes.items())
        loaded = {name: attribute.default for name, attribute in attributes.items() if attribute.default is not None}
        new = {name: attribute.default_for_new for name, attribute in attributes.items() if attribute.default_for_new is not None}
        return cls(columns, frozenset(attributes), loaded | new, loaded)


class WireValues:
    """Beside an AttributeContainer, before it among the bases: takes its values' ways over."""

    attribute_values: dict[str, Any]
    get_attributes: ClassVar[Callable[[], dict[str, Attribute[Any]]]]

    @classmethod
    def _plan(cls) -> Plan:
        known = _PLANS.get(cls)
        if known is None:
            known = _PLANS[cls] = Plan.of(cls.get_attributes())
        return known

    def _set_discriminator(self) -> None:
        """Items have none."""

    def _set_defaults(self, _user_instantiated: bool = True) -> None:  # noqa: FBT001, FBT002 - PynamoDB's own
        plan = self._plan()
        defaults = plan.of_new if _user_instantiated else plan.of_loaded
        self.attribute_values |= {name: value() if callable(value) else value for name, value in defaults.items()}

    def _set_attributes(self, **attributes: Any) -> None:
        if not attributes.keys() <= self._plan().names:
            raise ValueError(f"Attribute {min(attributes.keys() - self._plan().names)} specified does not exist")
        self.attribute_values |= attributes

    def _container_serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:  # noqa: FBT001, FBT002 - PynamoDB's own
        wire: dict[str, dict[str, Any]] = {}
        value_of = self.attribute_values.get
        for name, wire_name, wire_type, encode, _, attribute in self._plan().columns:
            value = value_of(name)
            if value is not None and encode is not None:
                value = encode(value)
            if value is not None:
                wire[wire_name] = {wire_type: value}
            elif null_check and not attribute.null:
                raise AttributeNullError(name)
        return wire

    def _container_deserialize(self, attribute_values: Mapping[str, Mapping[str, Any]]) -> None:
        self.attribute_values = {}
        self._set_defaults(_user_instantiated=False)
        values = self.attribute_values
        for name, wire_name, wire_type, _, decode, attribute in self._plan().columns:
            found = attribute_values.get(wire_name)
            if found and "NULL" not in found:
                raw = found[wire_type] if wire_type in found else attribute.get_value(dict(found))
                values[name] = raw if decode is None else decode(raw)


_PLANS: Final[dict[type, Plan]] = {}
# As PynamoDB reads JSON; it makes a decoder for each value.
_JSON: Final = json.JSONDecoder(strict=False)


def _column(name: str, attribute: Attribute[Any]) -> Column:
    encode: Callable[[Any], Any] | None = attribute.serialize
    decode: Callable[[Any], Any] | None = attribute.deserialize
    kind = type(attribute)
    if kind is UnicodeAttribute:
        encode = decode = None
    elif kind is NumberAttribute:
        encode, decode = _number_to_wire, _number_from_wire
    elif kind is JSONAttribute:
        decode = _JSON.decode
    return Column(name, attribute.attr_name, attribute.attr_type, encode, decode, attribute)


def _number_to_wire(value: float) -> str:
    return str(value) if type(value) is int else json.dumps(value)


def _number_from_wire(text: str) -> Any:
    return int(text) if text.isdecimal() and text.isascii() else json.loads(text)
