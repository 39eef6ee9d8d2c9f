"""Lists of an index whose sort key is `order_key`, page by page, newest first."""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from paycorex.storage.items import Item
from paycorex.storage.reads import query


def listed[M: Item](
    model: type[M], partition: UnicodeAttribute, value: str, *, index: str, limit: int, position: str | None
) -> tuple[list[M], str | None]:
    """At most `limit` items whose `partition` is the value, and the position to go on after; None at the end. Raises Unavailable.

    position: `<order key> <id>` of the last item that was given, as the page before returned it; None for the first page. The model has a
    hash key alone.
    """
    start = None
    if position is not None:
        order_key, _, record_id = position.partition(" ")
        start = {**model.wire_key(record_id), partition.attr_name: {"S": value}, "order_key": {"S": order_key}}
    page = query(model, partition == value, index=index, newest_first=True, limit=limit, start=start)
    return page.items, None if page.next_start is None else _position(model, page.next_start)


def _position(model: type[Item], following: Mapping[str, Any]) -> str:
    (key,) = model.wire_key("")
    return f"{following['order_key']['S']} {following[key]['S']}"
