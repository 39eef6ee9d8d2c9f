"""The base of stored items: its key, its wire shape, and what it refuses."""

import pytest
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import AttributeNullError

from paycorex import storage


class Plain(storage.Item):
    """One key."""

    class Meta:
        """Where it is stored."""

        table_name = "plain"

    plain_id = UnicodeAttribute(hash_key=True)
    count = NumberAttribute(default=0)
    note = UnicodeAttribute(null=True, attr_name="n")


class Ordered(storage.Item):
    """Two keys."""

    class Meta:
        """Where it is stored."""

        table_name = "ordered"

    place = NumberAttribute(range_key=True)
    shelf = UnicodeAttribute(hash_key=True)


def test_an_item_is_stored_and_read_as_it_was() -> None:
    wire = Plain(plain_id="a", count=3, note="x").serialize()
    assert wire == {"plain_id": {"S": "a"}, "count": {"N": "3"}, "n": {"S": "x"}}
    read = Plain.load({**wire, "unknown": {"S": "y"}})
    assert (read.plain_id, read.count, read.note) == ("a", 3, "x")


def test_a_default_is_stored_and_what_has_no_value_is_left_out() -> None:
    assert Plain(plain_id="a").serialize() == {"plain_id": {"S": "a"}, "count": {"N": "0"}}


def test_an_item_without_its_key_is_not_stored() -> None:
    with pytest.raises(AttributeNullError):
        Plain(count=1).serialize()


def test_an_unknown_attribute_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Plain(plain_id="a", colour="red")


def test_the_key_is_the_hash_key_then_the_range_key() -> None:
    key = Ordered.wire_key("s", 7)
    assert list(key.items()) == [("shelf", {"S": "s"}), ("place", {"N": "7"})]
    assert Ordered.wire_key("s") == {"shelf": {"S": "s"}}
    assert Ordered.key_text({"place": {"N": "7"}, "shelf": {"S": "s"}, "other": {"S": "x"}}) == "s 7"


def test_the_key_is_inherited() -> None:
    class More(Plain):
        more = UnicodeAttribute(null=True)

    assert More.wire_key("a") == {"plain_id": {"S": "a"}}


def test_an_item_with_two_hash_keys_is_refused() -> None:
    with pytest.raises(TypeError, match="more than one key"):

        class _Two(storage.Item):
            one = UnicodeAttribute(hash_key=True)
            two = UnicodeAttribute(hash_key=True)


def test_a_range_key_without_a_value_for_it_is_no_key() -> None:
    with pytest.raises(ValueError, match="range key"):
        Plain.wire_key("a", "b")
