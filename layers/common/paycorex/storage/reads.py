"""Reads, typed by a model. Every read says whether it must see the latest write."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import Any, Final

from pynamodb.expressions.condition import Condition

from paycorex import aws
from paycorex.storage.failures import Unavailable, translated
from paycorex.storage.items import Item

Attributes = Mapping[str, Any]
# What one BatchGetItem takes, and how often what it left out is asked for again.
MAX_BATCH_KEYS: Final = 100
MAX_BATCH_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class Page[M]:
    """Some items of a longer list; `next_start` is the wire key to go on after, None at the end."""

    items: list[M]
    next_start: Attributes | None


def get[M: Item](model: type[M], hash_key: str, range_key: str | int | None = None, *, consistent: bool = True) -> M | None:
    """One item by its key, or None. Raises Unavailable."""
    found = get_raw(model.physical_table(), model.wire_key(hash_key, range_key), consistent=consistent)
    return None if found is None else model.load(found)


def get_many[M: Item](model: type[M], keys: Sequence[Attributes]) -> list[M]:
    """Those items of some keys (as `Item.wire_key` makes them, each once) that are there, in no order: a call for 100, strongly consistent.

    Raises Unavailable, also where the store leaves keys out again and again.
    """
    client: Any = aws.dynamodb()
    table = model.physical_table()
    found: list[M] = []
    for part in batched(keys, MAX_BATCH_KEYS, strict=False):
        open_keys: list[Attributes] = list(part)
        for _attempt in range(MAX_BATCH_ATTEMPTS):
            if not open_keys:
                break
            with translated():
                answer: dict[str, Any] = client.batch_get_item(RequestItems={table: {"Keys": open_keys, "ConsistentRead": True}})
            found += [model.load(item) for item in answer["Responses"].get(table, [])]
            open_keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        if open_keys:
            raise Unavailable("UnprocessedKeys")
    return found


def get_raw(table: str, key: Attributes, *, consistent: bool = True) -> Attributes | None:
    """One item in wire shape, or None. Raises Unavailable."""
    client: Any = aws.dynamodb()
    with translated():
        answer: dict[str, Any] = client.get_item(TableName=table, Key=key, ConsistentRead=consistent)
    return answer.get("Item") or None


def query[M: Item](
    model: type[M],
    condition: Condition,
    *,
    index: str | None = None,
    newest_first: bool = False,
    limit: int | None = None,
    start: Attributes | None = None,
    consistent: bool = False,
) -> Page[M]:
    """Items of one partition in the order of their sort key. `condition` is on key attributes only. Raises Unavailable.

    A range whose computed end lies before its beginning is empty; DynamoDB would refuse it.
    """
    if _is_reversed(condition):
        return Page([], None)
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    parameters: dict[str, Any] = {
        "TableName": model.physical_table(),
        "KeyConditionExpression": condition.serialize(names, values),
        "ScanIndexForward": not newest_first,
    }
    parameters["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    parameters["ExpressionAttributeValues"] = values
    optional = {"IndexName": index, "Limit": limit, "ExclusiveStartKey": start}
    parameters |= {name: value for name, value in optional.items() if value is not None}
    if consistent:
        parameters["ConsistentRead"] = True
    client: Any = aws.dynamodb()
    with translated():
        answer: dict[str, Any] = client.query(**parameters)
    return Page([model.load(item) for item in answer["Items"]], answer.get("LastEvaluatedKey"))


def is_empty(model: type[Item], index: str) -> bool:
    """Whether a sparse index has no item: one read for all partitions, eventually consistent as queries of it are. Raises Unavailable."""
    client: Any = aws.dynamodb()
    with translated():
        answer: dict[str, Any] = client.scan(TableName=model.physical_table(), IndexName=index, Limit=1)
    return not answer["Items"] and "LastEvaluatedKey" not in answer


def _is_reversed(condition: Condition) -> bool:
    """True when one of the condition's ranges ends before it begins."""
    if condition.operator == "AND":
        return any(_is_reversed(part) for part in condition.values)
    if condition.operator != "BETWEEN":
        return False
    low, high = (_comparable(bound.value) for bound in condition.values[1:])
    return bool(low > high)


def _comparable(value: Attributes) -> Any:
    kind, raw = next(iter(value.items()))
    # DynamoDB compares text by its UTF-8 bytes, as Python compares its characters.
    return Decimal(raw) if kind == "N" else raw


def scan_segment(table: str, *, segment: int, segments: int, start: Attributes | None, limit: int | None = None) -> Page[Attributes]:
    """One page of a parallel scan, in wire shape. Raises Unavailable."""
    parameters: dict[str, Any] = {"TableName": table, "Segment": segment, "TotalSegments": segments}
    optional = {"Limit": limit, "ExclusiveStartKey": start}
    parameters |= {name: value for name, value in optional.items() if value is not None}
    client: Any = aws.dynamodb()
    with translated():
        answer: dict[str, Any] = client.scan(ConsistentRead=True, **parameters)
    return Page(answer["Items"], answer.get("LastEvaluatedKey"))


def scan_all[M: Item](model: type[M]) -> Iterator[M]:
    """Every item of a table, page by page. For jobs and commands, never for a request. Raises Unavailable; an unreadable item ends it."""
    return map(model.load, scan_wire(model))


def scan_wire(model: type[Item]) -> Iterator[Attributes]:
    """The same in wire shape, for callers that expect items that the model cannot read. Raises Unavailable."""
    start: Attributes | None = None
    while True:
        page = scan_segment(model.physical_table(), segment=0, segments=1, start=start)
        yield from page.items
        start = page.next_start
        if start is None:
            return
