"""The stored shape of a record: a PynamoDB model, used for its attributes and conditions.

Calls go through `paycorex.aws.dynamodb()` and not through PynamoDB's own connection: one client per process (each costs a tenth of a
second of a cold start and its own TLS connection), and one place where tests and the simulator stand in.
"""

from typing import Any, Self

from pynamodb.models import Model

from paycorex import settings
from paycorex.storage.wire_values import WireValues


class Item(WireValues, Model):
    """Base of all stored items. `Meta.table_name` is the noun; the stack's prefix is added when it is used."""

    @classmethod
    def physical_table(cls) -> str:
        """The table's name in this stack."""
        return settings.current().table(cls.Meta.table_name)

    @classmethod
    def load(cls, attributes: Any) -> Self:
        """The model of an item as it came over the wire; attributes that the model does not declare are left out."""
        model = cls()
        model.deserialize(attributes)
        return model

    @classmethod
    def key_text(cls, attributes: Any) -> str:
        """The key of an item as it came over the wire, for people."""
        names = [cls.get_attributes()[name].attr_name for name in (cls._hash_keyname, cls._range_keyname) if name]
        return " ".join(str(value) for name in names for value in attributes.get(name, {}).values())

    @classmethod
    def wire_key(cls, hash_key: str, range_key: str | int | None = None) -> dict[str, Any]:
        """The key in DynamoDB's wire shape."""
        key = _wire(cls, cls._hash_keyname, hash_key)
        if range_key is not None:
            key |= _wire(cls, cls._range_keyname, range_key)
        return key


def _wire(model: type[Model], name: str | None, value: str | int) -> dict[str, Any]:
    attribute = model.get_attributes()[name or ""]
    return {attribute.attr_name: {attribute.attr_type: attribute.serialize(value)}}
