"""The stored shape of a record: PynamoDB's attributes and conditions, without its models.

Calls go through `paycorex.aws.dynamodb()`, one client for a process, and one place where tests and the simulator stand in. PynamoDB's
`Model` has a connection of its own, which no function uses: it loads botocore, two thirds of what importing all records would cost.
"""

from typing import Any, ClassVar, Protocol, Self

from pynamodb.attributes import Attribute, AttributeContainer

from paycorex import settings
from paycorex.storage.wire_values import WireValues


class _Meta(Protocol):
    """What `Meta` of an item says."""

    table_name: str


class Item(WireValues, AttributeContainer):
    """Base of all stored items. `Meta.table_name` is the noun; the stack's prefix is added when it is used."""

    Meta: ClassVar[type[_Meta]]
    _key: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **attributes: Any) -> None:
        """The attributes' values by their names in Python. Raises ValueError for a name that is none."""
        super().__init__(**attributes)

    def __init_subclass__(cls, **options: Any) -> None:
        """Find the key among the attributes: the hash key, then the range key, where there is one."""
        super().__init_subclass__(**options)
        own = [(name, found) for name, found in vars(cls).items() if isinstance(found, Attribute)]
        hash_key = [name for name, attribute in own if attribute.is_hash_key]
        if hash_key:
            range_key = [name for name, attribute in own if attribute.is_range_key]
            if len(hash_key) > 1 or len(range_key) > 1:
                raise TypeError(f"{cls.__name__} has more than one key: {hash_key}, {range_key}")
            cls._key = (*hash_key, *range_key)

    @classmethod
    def physical_table(cls) -> str:
        """The table's name in this stack."""
        return settings.current().table(cls.Meta.table_name)

    @classmethod
    def load(cls, attributes: Any) -> Self:
        """The model of an item as it came over the wire; attributes that the model does not declare are left out."""
        model = cls()
        model._container_deserialize(attributes)
        return model

    def serialize(self, *, null_check: bool = True) -> dict[str, Any]:
        """The item in DynamoDB's wire shape. null_check: raise AttributeNullError where a value is missing."""
        return self._container_serialize(null_check=null_check)

    @classmethod
    def key_text(cls, attributes: Any) -> str:
        """The key of an item as it came over the wire, for people."""
        names = [cls.get_attributes()[name].attr_name for name in cls._key]
        return " ".join(str(value) for name in names for value in attributes.get(name, {}).values())

    @classmethod
    def wire_key(cls, hash_key: str, range_key: str | int | None = None) -> dict[str, Any]:
        """The key in DynamoDB's wire shape; without a range key, what a query or a scan starts with. Raises ValueError for one too many."""
        names = cls._key[: 1 if range_key is None else 2]
        values = (hash_key,) if range_key is None else (hash_key, range_key)
        if len(names) < len(values):
            raise ValueError(f"{cls.__name__} has no range key")
        attributes = [cls.get_attributes()[name] for name in names]
        return {
            attribute.attr_name: {attribute.attr_type: attribute.serialize(value)}
            for attribute, value in zip(attributes, values, strict=True)
        }
