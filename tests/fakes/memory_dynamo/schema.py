"""Key schemas of tables and indexes, read from CreateTable arguments or the same words in CloudFormation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.memory_dynamo.numerals import decimal_of
from tests.fakes.memory_dynamo.refusal import RefusedError, invalid, invalid_parameter
from tests.fakes.memory_dynamo.values import Item, Value, kind_of

# (hash part, sort part); a table without a sort key has NO_SORT there.
type ItemKey = tuple[Any, Any]
NO_SORT = 0
_MAX_HASH_BYTES = 2048
_MAX_SORT_BYTES = 1024


@dataclass(frozen=True, slots=True)
class KeyAttribute:
    name: str
    kind: str
    max_bytes: int

    def part(self, value: Value) -> Any:
        """The comparable form of a key value. Raises KeyError for a value of another kind."""
        raw = value[self.kind]
        return decimal_of(raw) if self.kind == "N" else raw

    def check_size(self, value: Value, prefix: str = "", where: str = "Key: ") -> None:
        raw = value[self.kind]
        if not raw:
            noun = "string" if self.kind == "S" else "binary"
            detail = f"The AttributeValue for a key attribute cannot contain an empty {noun} value."
            raise invalid(f"One or more parameter values are not valid. {prefix}{detail} {where}{self.name}")
        if len(raw) * 4 > self.max_bytes and len(raw.encode() if self.kind == "S" else raw) > self.max_bytes:
            noun = "hashkey" if self.max_bytes == _MAX_HASH_BYTES else "rangekey"
            raise invalid_parameter(f"Size of {noun} has exceeded the maximum size limit of{self.max_bytes} bytes")


@dataclass(frozen=True, slots=True)
class KeySchema:
    hash: KeyAttribute
    sort: KeyAttribute | None
    attributes: tuple[KeyAttribute, ...] = field(init=False)
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        attributes = (self.hash,) if self.sort is None else (self.hash, self.sort)
        object.__setattr__(self, "attributes", attributes)
        object.__setattr__(self, "names", tuple(attribute.name for attribute in attributes))

    def of(self, item: Item) -> ItemKey:
        """The key of an item known to have one."""
        sort = self.sort
        return self.hash.part(item[self.hash.name]), NO_SORT if sort is None else sort.part(item[sort.name])

    def key_item(self, item: Item) -> Item:
        return {name: item[name] for name in self.names}

    def checked_key_of_item(self, item: Item) -> ItemKey:
        """The key of an item to put. Raises ValidationException when it is missing, mistyped, empty or too long."""
        for attribute in self.attributes:
            value = item.get(attribute.name)
            if value is None:
                raise invalid_parameter(f"Missing the key {attribute.name} in the item")
            if attribute.kind not in value:
                detail = f"expected: {attribute.kind} actual: {kind_of(value)}"
                raise invalid_parameter(f"Type mismatch for key {attribute.name} {detail}")
            attribute.check_size(value)
        return self.of(item)

    def checked_key(self, key: Item) -> ItemKey:
        """The key of a Key argument, which holds the key attributes and nothing else."""
        if len(key) != len(self.attributes):
            raise key_mismatch()
        for attribute in self.attributes:
            if attribute.kind not in key.get(attribute.name, ()):
                raise key_mismatch()
            attribute.check_size(key[attribute.name])
        return self.of(key)


def key_mismatch() -> RefusedError:
    return invalid("The provided key element does not match the schema")


@dataclass(frozen=True, slots=True)
class IndexSchema:
    """A secondary index; `projection` is None where it holds whole items."""

    name: str
    keys: KeySchema
    projection: frozenset[str] | None
    is_local: bool

    def has(self, item: Item) -> bool:
        """False for an item that lacks an index key; the index is sparse."""
        sort = self.keys.sort
        return self.keys.hash.name in item and (sort is None or sort.name in item)

    def projected(self, item: Item) -> Item:
        if self.projection is None:
            return item
        return {name: value for name, value in item.items() if name in self.projection}

    def check(self, item: Item) -> None:
        """Raises ValidationException for an item whose index key has a wrong type or is empty."""
        for attribute in self.keys.attributes:
            value = item.get(attribute.name)
            if value is None:
                continue
            if attribute.kind not in value:
                detail = f"Expected: {attribute.kind} Actual: {kind_of(value)} IndexName: {self.name}"
                raise invalid_parameter(f"Type mismatch for Index Key {attribute.name} {detail}")
            prefix = "A value specified for a secondary index key is not supported. "
            attribute.check_size(value, prefix, f"IndexName: {self.name}, IndexKey: ")


@dataclass(frozen=True, slots=True)
class TableSchema:
    name: str
    keys: KeySchema
    indexes: tuple[IndexSchema, ...]
    ttl_attribute: str | None
    stream_view: str
    properties: dict[str, Any]


def table_schema(properties: Mapping[str, Any]) -> TableSchema:
    """The schema in CreateTable arguments or CloudFormation properties.

    Read: TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes,
    TimeToLiveSpecification and StreamSpecification; the rest is kept for DescribeTable. A table that names no
    stream view has NEW_AND_OLD_IMAGES, so a test may always drain it. Raises ValidationException.
    """
    kinds = {entry["AttributeName"]: entry["AttributeType"] for entry in properties["AttributeDefinitions"]}
    keys = _key_schema(properties["KeySchema"], kinds)
    indexes = [
        _index_schema(index, kinds, keys, is_local=field.startswith("Local"))
        for field in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
        for index in properties.get(field, ())
    ]
    used = {*keys.names, *(name for index in indexes for name in index.keys.names)}
    if used != kinds.keys():
        raise invalid_parameter(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            f"AttributeDefinitions: keys {sorted(used)}, definitions {sorted(kinds)}"
        )
    ttl = properties.get("TimeToLiveSpecification") or {}
    return TableSchema(
        name=properties["TableName"],
        keys=keys,
        indexes=tuple(indexes),
        ttl_attribute=ttl.get("AttributeName") if ttl.get("Enabled") else None,
        stream_view=(properties.get("StreamSpecification") or {}).get("StreamViewType", "NEW_AND_OLD_IMAGES"),
        properties=dict(properties),
    )


def _key_schema(entries: Iterable[Mapping[str, str]], kinds: Mapping[str, str]) -> KeySchema:
    names = {entry["KeyType"]: entry["AttributeName"] for entry in entries}
    for name in names.values():
        if name not in kinds:
            raise invalid_parameter(f"Some index key attributes are not defined in AttributeDefinitions. Keys: [{name}]")
    hash_name, sort_name = names["HASH"], names.get("RANGE")
    return KeySchema(
        KeyAttribute(hash_name, kinds[hash_name], _MAX_HASH_BYTES),
        None if sort_name is None else KeyAttribute(sort_name, kinds[sort_name], _MAX_SORT_BYTES),
    )


def _index_schema(index: Mapping[str, Any], kinds: Mapping[str, str], base: KeySchema, *, is_local: bool) -> IndexSchema:
    keys = _key_schema(index["KeySchema"], kinds)
    projection = index["Projection"]
    held: frozenset[str] | None = None
    if projection["ProjectionType"] != "ALL":
        held = frozenset((*base.names, *keys.names, *projection.get("NonKeyAttributes", ())))
    return IndexSchema(index["IndexName"], keys, held, is_local)
