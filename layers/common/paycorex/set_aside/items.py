"""The `set_aside` table: one row for each item that a loop could not handle, until it can. No row ends by time: it may be about money."""

import json
import zlib
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, storage

_BY_NEXT_TRY: Final = "by_next_try"
# How JSON keeps bytes: those of a stream's binary attributes where they are bytes.
_BYTES: Final = "$bytes"
# Below what an item of the table may have.
MAX_PAYLOAD_BYTES: Final = 350_000


class PayloadTooLarge(storage.Unavailable):
    """What is needed to try again does not fit into a row: the source of the item must keep it."""

    def __init__(self) -> None:
        super().__init__("payload too large")


class AsideItem(storage.Item):
    """An item that was set aside. Times in milliseconds since the epoch; problem: the error's masked text."""

    class Meta:
        """Which table."""

        table_name = "set_aside"

    loop = UnicodeAttribute(hash_key=True)
    item_id = UnicodeAttribute(range_key=True)
    merchant_id = UnicodeAttribute(null=True)
    error = UnicodeAttribute()
    problem = UnicodeAttribute(null=True)
    first_at = NumberAttribute()
    last_at = NumberAttribute()
    tries = NumberAttribute()
    next_try_at = NumberAttribute()
    payload = BinaryAttribute(legacy_encoding=False, null=True)


def find(loop: str, item_id: str) -> AsideItem | None:
    """One row as it stands now. Raises storage.Unavailable."""
    return storage.get(AsideItem, loop, item_id)


def save(item: AsideItem) -> None:
    """Store a row. Raises storage.Unavailable or OutcomeUnknown."""
    storage.run(storage.put(item))


def clear(item: AsideItem) -> None:
    """Remove a row, unless it was written anew since it was read. Raises storage.Unavailable or OutcomeUnknown."""
    unchanged = (AsideItem.tries == int(item.tries)) & (AsideItem.last_at == int(item.last_at))
    try:
        storage.run(storage.delete(AsideItem, AsideItem.wire_key(item.loop, item.item_id), unchanged))
    except storage.ConditionRefused:
        return


def handled(loop: str, item_id: str) -> None:
    """Remove a row, for a loop that tries again by itself. Raises storage.Unavailable or OutcomeUnknown."""
    storage.run(storage.delete(AsideItem, AsideItem.wire_key(loop, item_id), None))


def put_off(item: AsideItem, next_try_at: int) -> None:
    """Set the time of the next try; no effect when the row is gone. Raises storage.Unavailable or OutcomeUnknown."""
    actions = [AsideItem.next_try_at.set(next_try_at)]
    try:
        storage.run(storage.update(AsideItem, AsideItem.wire_key(item.loop, item.item_id), actions, AsideItem.item_id.exists()))
    except storage.ConditionRefused:
        return


def retry_now(loop: str, item_id: str) -> AsideItem | None:
    """Have the loop try an item with its next run; the row, None when there is none. Raises storage.Unavailable or OutcomeUnknown."""
    key = AsideItem.wire_key(loop, item_id)
    try:
        found = storage.run(storage.update(AsideItem, key, [AsideItem.next_try_at.set(clock.now_ms())], AsideItem.item_id.exists()))
    except storage.ConditionRefused:
        return None
    return AsideItem.load(found)


def resolve(loop: str, item_id: str) -> bool:
    """Take a row away, with what is needed to try again; whether it was there. Raises storage.Unavailable or OutcomeUnknown."""
    try:
        storage.run(storage.delete(AsideItem, AsideItem.wire_key(loop, item_id), AsideItem.item_id.exists()))
    except storage.ConditionRefused:
        return False
    return True


def due(loop: str, now_ms: int, limit: int) -> list[AsideItem]:
    """A loop's rows that may be tried again, the longest due first. Raises storage.Unavailable."""
    condition = (AsideItem.loop == loop) & (AsideItem.next_try_at <= now_ms)
    return storage.query(AsideItem, condition, index=_BY_NEXT_TRY, limit=limit).items


def page(limit: int, after: tuple[str, str] | None) -> tuple[list[AsideItem], tuple[str, str] | None]:
    """Some rows of all loops, and after which to go on. Raises storage.Unavailable."""
    start = None if after is None else AsideItem.wire_key(*after)
    found = storage.scan_segment(AsideItem.physical_table(), segment=0, segments=1, start=start, limit=limit)
    more = None if found.next_start is None else (found.next_start["loop"]["S"], found.next_start["item_id"]["S"])
    return [AsideItem.load(item) for item in found.items], more


def packed(payload: Any) -> bytes | None:
    """What is needed to try again, as a row keeps it. Raises PayloadTooLarge."""
    if payload is None:
        return None
    raw = zlib.compress(json.dumps(payload, default=_wire_bytes, separators=(",", ":")).encode())
    if len(raw) > MAX_PAYLOAD_BYTES:
        raise PayloadTooLarge
    return raw


def payload_of(item: AsideItem) -> Any:
    """The payload that the item was set aside with; None when it had none."""
    return None if item.payload is None else json.loads(zlib.decompress(item.payload), object_hook=_from_wire_bytes)


def _wire_bytes(value: object) -> dict[str, str] | float:
    if isinstance(value, bytes | bytearray | memoryview):
        return {_BYTES: bytes(value).hex()}
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(type(value).__name__)


def _from_wire_bytes(value: dict[str, Any]) -> Any:
    return bytes.fromhex(value[_BYTES]) if set(value) == {_BYTES} else value
