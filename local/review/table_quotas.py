"""Quotas of DynamoDB: readers of a stream, indexes of a table, and what one deployment may change.

Source: the developer guide of Amazon DynamoDB, "Quotas" and "Managing Global Secondary Indexes", read 2026-11.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from local.review.readings import ALL, Reading, Stack, greatest

STREAM_READERS: Final = 2
INDEXES: Final = 20
# In one update of a table an index is created or deleted, never two.
INDEX_CHANGES: Final = 1
TABLE: Final = "AWS::DynamoDB::Table"


def readings(stack: Stack, released: Mapping[str, Any] | None) -> Iterator[Reading]:
    """One reading for each quota of tables. released: the template that stacks have now; without it nothing is compared."""
    readers = Counter(
        stack.samples.text(mapping["EventSourceArn"])
        for _name, mapping in stack.of("AWS::Lambda::EventSourceMapping")
        if "StreamArn" in str(mapping["EventSourceArn"])
    )
    yield greatest(
        "DynamoDB: functions that read a table's stream", STREAM_READERS, ((_table(arn), count) for arn, count in readers.items()), ALL
    )
    tables = ((name, len(table.get("GlobalSecondaryIndexes", []))) for name, table in stack.of(TABLE))
    yield greatest("DynamoDB: indexes of a table", INDEXES, tables)
    if released is not None:
        changes = ((name, index_changes(before, after)) for name, before, after in _both(released, stack.source))
        yield greatest("DynamoDB: indexes of a table that this release changes", INDEX_CHANGES, changes, ALL)
        replaced = ((name, int(is_replaced(before, after))) for name, before, after in _both(released, stack.source))
        yield greatest("DynamoDB: tables that this release would replace", 0, replaced, ALL)


def _table(stream_arn: str) -> str:
    return stream_arn.partition(":table/")[2].partition("/")[0]


def _both(released: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """The tables that both templates have."""
    for name, found in source["Resources"].items():
        before = released["Resources"].get(name, {})
        if found["Type"] == TABLE and before.get("Type") == TABLE:
            yield name, before["Properties"], found["Properties"]


def index_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many indexes are created or deleted; one whose key or projection changed is both."""
    old, new = ({index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])} for table in (before, after))
    return sum(
        (name not in old) + (name not in new) + 2 * (name in old and name in new and old[name] != new[name]) for name in {*old, *new}
    )


def is_replaced(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the table would be made anew: under its name, which the one that is kept still has."""
    return any(before.get(part) != after.get(part) for part in ("TableName", "KeySchema"))
