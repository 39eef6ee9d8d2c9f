"""The bytes that a world's tables are charged for: items and their copies in indexes, a hundred bytes each on top."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.memory_dynamo.values import size_of_item
from tests.support.template import tables
from tests.support.world import PREFIX, World

OVERHEAD_BYTES: Final = 100


def stored_bytes(world: World) -> int:
    """Of all items that do not expire."""
    contents = world.dynamo.dump()
    return sum(
        _charged(item, table) for noun, table in tables().items() for item in contents.get(PREFIX + noun, ()) if not _ends(item, table)
    )


def _ends(item: Mapping[str, Any], table: Mapping[str, Any]) -> bool:
    return table.get("TimeToLiveSpecification", {}).get("AttributeName") in item


def _charged(item: Mapping[str, Any], table: Mapping[str, Any]) -> int:
    whole = size_of_item(dict(item)) + OVERHEAD_BYTES
    return whole + sum(_copied(item, table, index) for index in table.get("GlobalSecondaryIndexes", ()))


def _copied(item: Mapping[str, Any], table: Mapping[str, Any], index: Mapping[str, Any]) -> int:
    keys = {key["AttributeName"] for key in index["KeySchema"]}
    if not keys <= item.keys():
        return 0
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return size_of_item(dict(item)) + OVERHEAD_BYTES
    kept = keys | {key["AttributeName"] for key in table["KeySchema"]} | set(projection.get("NonKeyAttributes", ()))
    return size_of_item({name: value for name, value in item.items() if name in kept}) + OVERHEAD_BYTES
