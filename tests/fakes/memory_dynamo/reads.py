"""Query and Scan: pages of rows in order, with the size of everything that was looked at."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.fakes.memory_dynamo.conditions import Condition
from tests.fakes.memory_dynamo.expressions import Expressions
from tests.fakes.memory_dynamo.key_conditions import key_range
from tests.fakes.memory_dynamo.partition import EVERYTHING, Row, SortKey
from tests.fakes.memory_dynamo.projections import projected
from tests.fakes.memory_dynamo.refusal import invalid
from tests.fakes.memory_dynamo.schema import IndexSchema, ItemKey, KeySchema
from tests.fakes.memory_dynamo.syntax import Path, Values
from tests.fakes.memory_dynamo.table import Table, digest
from tests.fakes.memory_dynamo.values import Item, admit_item, copy_item

_PAGE_BYTES = 1024 * 1024

type Staleness = Callable[[], bool]


class Read:
    """The parsed request of a Query or Scan. Raises ValidationException while it is read."""

    def __init__(self, request: dict[str, Any], table: Table) -> None:
        expressions = Expressions(request)
        self.table = table
        self.index: IndexSchema | None = table.index(request["IndexName"]) if "IndexName" in request else None
        self.keys: KeySchema = table.schema.keys if self.index is None else self.index.keys
        self.key_condition = expressions.condition("KeyConditionExpression")
        self.filter: Condition | None = expressions.filter(() if self.key_condition is None else self.keys.names)
        self.projection: tuple[Path, ...] | None = expressions.projection()
        self.values: Values = expressions.values
        expressions.finish()
        self.forward: bool = request.get("ScanIndexForward", True)
        self.counts_only = request.get("Select") == "COUNT"
        self.limit: int | None = request.get("Limit")
        if self.limit is not None and self.limit < 1:
            where = "at 'limit' failed to satisfy constraint"
            raise invalid(f"1 validation error detected: Value '{self.limit}' {where}: Member must be at least 1")
        self.consistent: bool = request.get("ConsistentRead", False)
        if self.consistent and self.index is not None and not self.index.is_local:
            raise invalid("Consistent reads are not supported on global secondary indexes")
        self.start = self._start(request.get("ExclusiveStartKey"))
        self.segment: int = request.get("Segment", 0)
        self.segments: int = request.get("TotalSegments", 1)
        if self.segment >= self.segments:
            detail = f"Segment: {self.segment} is not less than TotalSegments: {self.segments}"
            raise invalid(f"The Segment parameter is zero-based and must be less than parameter TotalSegments: {detail}")

    def _start(self, key: Item | None) -> tuple[ItemKey, ItemKey] | None:
        """(key in what is read, key in the table) after which to go on."""
        if key is None:
            return None
        admitted = admit_item(key)
        base = self.table.schema.keys
        if admitted.keys() != {*self.keys.names, *base.names}:
            raise invalid("The provided starting key is invalid")
        return self.keys.checked_key_of_item(admitted), base.of(admitted)

    def place(self, key: tuple[ItemKey, ItemKey]) -> SortKey:
        own, base = key
        return (own[1],) if self.index is None else (own[1], *base)

    def key_item(self, item: Item) -> Item:
        return {**self.table.schema.keys.key_item(item), **self.keys.key_item(item)}


class Page(NamedTuple):
    response: dict[str, Any]
    size: int


def query(read: Read, is_stale: Staleness) -> Page:
    """One page of a partition. Raises ValidationException for a key condition that is missing or not answerable."""
    if read.key_condition is None:
        raise invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    hash_part, within = key_range(read.key_condition, read.keys, read.values)
    if read.start is not None and read.start[0][0] != hash_part:
        raise invalid("The provided starting key is outside query boundaries based on provided conditions")
    partition = read.table.held(read.index).get(hash_part)
    if partition is None:
        return _page(read, iter(()))
    after = None if read.start is None else read.place(read.start)
    rows = partition.walk(within, forward=read.forward, after=after, stale=not read.consistent and is_stale())
    return _page(read, (row for _, row in rows))


def scan(read: Read, is_stale: Staleness) -> Page:
    """One page of a table, an index, or a segment of one."""
    return _page(read, _scanned(read, is_stale))


def _scanned(read: Read, is_stale: Staleness) -> Iterator[Row]:
    held = read.table.held(read.index)
    begin = None if read.start is None else (digest(read.start[0][0]), read.start[0][0])
    for mark, hash_part in read.table.ring(read.index):
        if int.from_bytes(mark) % read.segments != read.segment or (begin is not None and mark < begin[0]):
            continue
        resumed = begin is not None and read.start is not None and hash_part == begin[1]
        after = read.place(read.start) if resumed and read.start is not None else None
        stale = not read.consistent and is_stale()
        for _, row in held[hash_part].walk(EVERYTHING, forward=True, after=after, stale=stale):
            yield row


def _page(read: Read, rows: Iterator[Row]) -> Page:
    """Rows until the limit or 1 MB is reached; a limit counts what is looked at, before the filter."""
    items: list[Item] = []
    looked_at = size = 0
    last: Item | None = None
    for row in rows:
        looked_at += 1
        size += row.size
        if read.filter is None or read.filter.holds(row.item, read.values):
            items.append(row.item)
        if looked_at == read.limit or size > _PAGE_BYTES:
            last = row.item
            break
    response: dict[str, Any] = {"Count": len(items), "ScannedCount": looked_at}
    if not read.counts_only:
        response["Items"] = [_shown(item, read.projection) for item in items]
    if last is not None:
        response["LastEvaluatedKey"] = copy_item(read.key_item(last))
    return Page(response, size)


def _shown(item: Item, projection: tuple[Path, ...] | None) -> Item:
    return copy_item(item) if projection is None else projected(item, projection)
