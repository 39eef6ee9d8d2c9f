"""Stored values go to the wire and come back as PynamoDB would bring them, for every kind of item."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.attributes import (
    Attribute,
    AttributeContainer,
    BinaryAttribute,
    BooleanAttribute,
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.exceptions import AttributeDeserializationError, AttributeNullError

from paycorex import records
from paycorex.storage.items import Item
from tokens import items as vault_items

VALUES = {
    UnicodeAttribute: st.text(max_size=8),
    NumberAttribute: st.integers(-(10**37), 10**37) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans(),
    JSONAttribute: st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    ),
    BooleanAttribute: st.booleans(),
    BinaryAttribute: st.binary(max_size=8),
}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(records.__path__, "paycorex.records."):
        yield importlib.import_module(found.name)
    yield vault_items


KINDS = sorted(
    {
        kind
        for module in modules()
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Item) and hasattr(kind, "Meta")
    },
    key=lambda kind: kind.__name__,
)


class Odd(Item):
    """Names that differ on the wire, defaults of both sorts, a value that may be missing."""

    class Meta:
        table_name = "odd"

    key = UnicodeAttribute(hash_key=True, attr_name="k")
    made = NumberAttribute(default_for_new=lambda: 7)
    tags = JSONAttribute(default=list)
    raw = BinaryAttribute(null=True, legacy_encoding=False)


def pynamodb_wire(item: Item, *, null_check: bool) -> Any:
    return AttributeContainer._container_serialize(item, null_check=null_check)


def outcome(call: Any) -> Any:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - whatever it is, both ways must end alike
        return type(error), str(error)


@st.composite
def given_values(draw: st.DrawFn, kind: type[Item]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, attribute in kind.get_attributes().items():
        if draw(st.booleans()):
            found[name] = draw(st.none() | VALUES[type(attribute)])
    return found


@pytest.mark.parametrize("kind", [*KINDS, Odd])
@given(data=st.data())
def test_an_item_is_what_pynamodb_makes_of_it(kind: type[Item], data: st.DataObject) -> None:
    values = data.draw(given_values(kind))
    item = kind(**values)
    theirs: Any = AttributeContainer.__new__(kind)
    theirs.attribute_values = {}
    AttributeContainer._set_defaults(theirs)
    AttributeContainer._set_attributes(theirs, **values)
    assert item.attribute_values == theirs.attribute_values
    assert {name: getattr(item, name) for name in values} == values
    for null_check in (True, False):
        assert outcome(partial(item._container_serialize, null_check)) == outcome(partial(pynamodb_wire, item, null_check=null_check))
    wire = item._container_serialize(null_check=False)
    theirs.attribute_values = {}
    AttributeContainer._container_deserialize(theirs, wire)
    loaded = kind.load(wire)
    assert loaded.attribute_values == theirs.attribute_values
    assert list(map(type, loaded.attribute_values.values())) == list(map(type, theirs.attribute_values.values()))


def test_what_is_stored_wrongly_is_refused_as_before() -> None:
    with pytest.raises(AttributeDeserializationError):
        Odd.load({"k": {"N": "1"}})
    with pytest.raises(AttributeNullError):
        Odd().serialize()
    with pytest.raises(ValueError, match="colour"):
        Odd(colour="red")
    for wrong in ("x", "", "1 2", "0x1"):
        with pytest.raises(ValueError, match=r"Expecting|Extra"):
            Odd.load({"made": {"N": wrong}})


def test_defaults_that_are_made_are_made_for_each_item() -> None:
    one, other = Odd(key="1"), Odd(key="2")
    one.tags.append("x")
    assert (one.tags, other.tags, one.made) == (["x"], [], 7)
    # A stored item without it was stored before the attribute was there.
    assert Odd.load({"k": {"S": "1"}}).attribute_values == {"key": "1", "tags": []}
    assert Odd.load({"k": {"S": "1"}, "raw": {"NULL": True}}).raw is None


def test_json_is_read_without_a_decoder_for_each_value(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(json.JSONDecoder, "__init__", lambda self, **given: made.append(given))
    assert Odd.load({"k": {"S": "1"}, "tags": {"S": '["x", "a\tb"]'}}).tags == ["x", "a\tb"]
    assert made == []


def test_an_item_has_no_maps() -> None:
    class Mapped(Item):
        class Meta:
            table_name = "mapped"

        key = UnicodeAttribute(hash_key=True)
        parts: ClassVar[Attribute[Any]] = MapAttribute()  # type: ignore[no-untyped-call]  # PynamoDB's own

    with pytest.raises(TypeError, match="parts"):
        Mapped(key="1")
