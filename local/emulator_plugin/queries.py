"""Query by a sorted index: the emulator's own Query, shown only the items that its answer can have.

The emulator's Query copies, sorts and judges every item of a partition, so a page of one item takes as long as the partition has items.
Here the keys of a partition (of a table, and of an index) are kept in order; for each Query the place of its page is found in it, and
the emulator's Query then runs as it is, with its checks, filters, pages and errors, over a view of the table with that page.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from types import FunctionType
from typing import Any

from local.emulator_plugin import key_conditions
from local.emulator_plugin.key_conditions import KeyCondition, Names
from local.emulator_plugin.partitions import Partitions
from local.emulator_plugin.sorted_keys import SortedKeys


def install(dynamodb: Any) -> None:
    """dynamodb: the emulator's module of that name."""
    query, views = dynamodb._query, _Views(dynamodb._tables)
    over_a_view = FunctionType(query.__code__, {**vars(dynamodb), "_tables": views}, query.__name__, query.__defaults__, query.__closure__)

    def narrowed_query(data: Any) -> Any:
        name = dynamodb._normalize_table_name(data.get("TableName"))
        table = dynamodb._tables.get(name)
        view = None if table is None else narrowed(dynamodb, table, data)
        if view is None:
            return query(data)
        with views.showing(name, view):
            return over_a_view(data)

    dynamodb._query = narrowed_query


class _Views:
    """The emulator's tables, one of them replaced for as long as this thread shows a view of it."""

    def __init__(self, tables: Any) -> None:
        self._tables, self._shown = tables, threading.local()

    def get(self, name: str) -> Any:
        """The view, or the table."""
        shown = getattr(self._shown, "view", None)
        return shown[1] if shown is not None and shown[0] == name else self._tables.get(name)

    @contextmanager
    def showing(self, name: str, view: dict[str, Any]) -> Iterator[None]:
        """For the time of the block."""
        self._shown.view = (name, view)
        try:
            yield
        finally:
            self._shown.view = None


def narrowed(dynamodb: Any, table: dict[str, Any], data: dict[str, Any]) -> dict[str, Any] | None:
    """A view of the table with what the answer of this Query can have; None where the emulator has to look at all itself."""
    partitions = Partitions(dynamodb, table, data.get("IndexName"))
    condition = _condition(dynamodb, partitions, data) if partitions.is_plain() else None
    if condition is None:
        return None
    value = dynamodb._extract_key_val(condition.partition)
    keys = partitions.find(value)
    if keys is None:
        return None
    begin, end = _range(dynamodb, partitions, keys, condition)
    forward, start = data.get("ScanIndexForward", True), data.get("ExclusiveStartKey")
    if start:
        order = partitions.order_of(start)
        begin, end = (max(begin, keys.from_order(order, after=True)), end) if forward else (begin, min(end, keys.from_order(order)))
    page = list(islice(keys.between(begin, end, forward=forward), data.get("Limit")))
    # Not even one: one that does not match, because the emulator finds some faults of a condition when it judges an item.
    page = page or list(islice(keys, 1))
    return _view(dynamodb, table, partitions, value, page)


def _view(dynamodb: Any, table: dict[str, Any], partitions: Partitions, value: Any, page: list[Any]) -> dict[str, Any]:
    if partitions.index_name is not None:
        return {**table, dynamodb._INDEX_MEMBERS: {partitions.index_name: {value: dict.fromkeys(page)}}}
    items = table["items"][value]
    return {**table, "items": {value: {key: items[key] for key in page}}}


def _condition(dynamodb: Any, partitions: Partitions, data: dict[str, Any]) -> KeyCondition | None:
    """The key condition, when it and all that goes with it is of the ordinary form and of the keys' types."""
    expression, limit, start = data.get("KeyConditionExpression"), data.get("Limit"), data.get("ExclusiveStartKey")
    if not isinstance(expression, str) or data.get("KeyConditions") or not (limit is None or (isinstance(limit, int) and limit > 0)):
        return None
    sort = partitions.ranges[0] if partitions.ranges else None
    names = Names(partitions.hashes[0], sort, data.get("ExpressionAttributeNames") or {}, data.get("ExpressionAttributeValues") or {})
    condition = key_conditions.read(dynamodb._key_condition_clauses(dynamodb._tokenize(expression)), names)
    if condition is None or (condition.operator == "begins_with" and partitions.type_of(str(sort)) != "S"):
        return None
    asked = [(partitions.hashes[0], condition.partition), *((str(sort), value) for value in condition.values)]
    return condition if _typed(partitions, asked) and (not start or _is_start_key(partitions, start)) else None


def _is_start_key(partitions: Partitions, start: Any) -> bool:
    names = partitions.key_names()
    return isinstance(start, dict) and names <= start.keys() and _typed(partitions, [(name, start[name]) for name in names])


def _typed(partitions: Partitions, values: list[tuple[str, Any]]) -> bool:
    """True when each value is a string in the shape of its attribute's type."""
    return all(isinstance(value, dict) and isinstance(value.get(partitions.type_of(name)), str) for name, value in values)


def _range(dynamodb: Any, partitions: Partitions, keys: SortedKeys, condition: KeyCondition) -> tuple[int, int]:
    """The places of the keys that match: from the first to before the second."""
    if condition.operator is None:
        return 0, keys.count()
    kind = partitions.type_of(partitions.ranges[0])
    low, high = (dynamodb._sort_key_value(condition.values[place], kind) for place in (0, -1))
    match condition.operator:
        case "begins_with":
            begin = keys.from_value(low)
            return begin, keys.end_of_prefix(low, begin)
        case "<" | "<=":
            return 0, keys.from_value(high, after=condition.operator == "<=")
        case ">" | ">=":
            return keys.from_value(low, after=condition.operator == ">"), keys.count()
    return keys.from_value(low), keys.from_value(high, after=True)
