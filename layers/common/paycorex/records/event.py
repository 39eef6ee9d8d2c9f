"""An event: stored shape, contract object, and the very bytes that merchants receive."""

import json
import zlib
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, modes, settings
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.storage import Item

# Partitions per merchant of `events` and `webhook_deliveries`: each takes a thousand writes a second. Fixed for ever: ids find their
# row by it.
EVENT_SHARDS: Final = 4


class EventItem(Item):
    """An event as it is stored. `event_at` is milliseconds since the epoch; ids sort by it."""

    class Meta:
        """Which table."""

        table_name = "events"

    merchant_shard = UnicodeAttribute(hash_key=True)
    event_id = UnicodeAttribute(range_key=True)
    event = UnicodeAttribute()
    event_at = NumberAttribute()
    sequence = NumberAttribute()
    previous_event_id = UnicodeAttribute(null=True)
    # zlib over JSON: a payment's 900 bytes become 470, which keeps the row at one write unit.
    data = BinaryAttribute(legacy_encoding=False)
    # Seconds since the epoch (TTL); absent where events are kept without end.
    expires_at = NumberAttribute(null=True)


class EventView(View):
    """The contract's event object, which is also a webhook's body."""

    id: str
    mode: Mode
    event: str
    created_at: str
    sequence: int
    previous_event_id: str | None
    data: dict[str, Any]


def kept_until(event_at_ms: int) -> int | None:
    """Until when an event and what belongs to it are kept, in seconds since the epoch; None: without end."""
    days = settings.current().event_retention_days
    return event_at_ms // 1000 + days * 86_400 if days else None


def merchant_shard(merchant_id: str, record_id: str) -> str:
    """The partition of an event or a delivery of this merchant."""
    return f"{merchant_id}#{zlib.crc32(record_id.encode()) % EVENT_SHARDS}"


def merchant_shards(merchant_id: str) -> list[str]:
    """All of them."""
    return [f"{merchant_id}#{shard}" for shard in range(EVENT_SHARDS)]


def packed(data: dict[str, Any]) -> bytes:
    """An event's data as it is stored."""
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


def view(item: EventItem) -> EventView:
    """The contract object of a stored event."""
    return EventView(
        id=item.event_id,
        mode=modes.of(item.merchant_shard.partition("#")[0]),
        event=item.event,
        created_at=clock.rfc3339(int(item.event_at)),
        sequence=int(item.sequence),
        previous_event_id=item.previous_event_id,
        data=json.loads(zlib.decompress(item.data)),
    )


def body(item: EventItem) -> bytes:
    """What is sent: the same bytes to every endpoint and at every attempt."""
    return view(item).model_dump_json().encode()
