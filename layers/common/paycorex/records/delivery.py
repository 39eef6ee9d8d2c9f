"""A webhook delivery: one event on its way to one endpoint. Stored shape and contract object."""

import zlib
from typing import Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, ids
from paycorex.contract import View
from paycorex.records.order import order_key
from paycorex.storage import Item

PENDING: Final = "pending"
RETRYING: Final = "retrying"
SENT: Final = "sent"
FAILED: Final = "failed"
STATUSES: Final = (PENDING, RETRYING, SENT, FAILED)
# Partitions of the sparse index of deliveries that need work.
DUE_SHARDS: Final = 4


class DeliveryItem(Item):
    """A delivery as it is stored. Times are milliseconds since the epoch. One write unit until an answer is long or attempts are many."""

    class Meta:
        """Which table."""

        table_name = "webhook_deliveries"

    merchant_shard = UnicodeAttribute(hash_key=True)
    delivery_id = UnicodeAttribute(range_key=True)
    merchant_id = UnicodeAttribute()
    event_id = UnicodeAttribute()
    event = UnicodeAttribute()
    endpoint_id = UnicodeAttribute()
    status = UnicodeAttribute()
    # The newest attempts, each as `AttemptView` shows it but with `at` in milliseconds.
    attempts = JSONAttribute(default=list)
    attempt_count = NumberAttribute(default=0)
    # How many attempts there were when the present round began; sending again begins a new one with all its retries.
    round_start = NumberAttribute(default=0)
    # Why this round: absent for the first, else `redeliver` or `replay`.
    trigger = UnicodeAttribute(null=True)
    # The replay that began the present round, so that a replay that is resumed sends nothing twice.
    replay_id = UnicodeAttribute(null=True)
    next_attempt_at = NumberAttribute(null=True)
    created_at = NumberAttribute()
    # Present only while the queue alone is not trusted with it: the sweeper's sparse index.
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)
    sweeps = NumberAttribute(default=0)
    # Seconds since the epoch (TTL); absent where deliveries are kept without end.
    expires_at = NumberAttribute(null=True)


class AttemptView(View):
    """One attempt. `response` is the first KiB of the answer's body."""

    number: int
    at: str
    status_code: int | None
    duration_ms: int
    error: str | None
    response: str | None
    trigger: str | None


class DeliveryView(View):
    """The contract's delivery object."""

    delivery_id: str
    event_id: str
    endpoint_id: str
    event: str
    status: str
    attempts: list[AttemptView]
    next_attempt_at: str | None
    created_at: str


def delivery_id(event_id: str, endpoint_id: str) -> str:
    """The id of an event's delivery to an endpoint; sorts by the event's time."""
    return ids.derive_ordered("whd", ids.ordered_time_ms(event_id), event_id, endpoint_id)


def due_shard(identifier: str) -> str:
    """The partition of the sweeper's index that a delivery belongs to."""
    return f"due#{zlib.crc32(identifier.encode()) % DUE_SHARDS}"


def due_key(moment_ms: int, identifier: str) -> str:
    """The sort key of the sweeper's index."""
    return order_key(moment_ms, identifier)


def view(item: DeliveryItem) -> DeliveryView:
    """The contract object of a stored delivery."""
    return DeliveryView(
        delivery_id=item.delivery_id,
        event_id=item.event_id,
        endpoint_id=item.endpoint_id,
        event=item.event,
        status=item.status,
        attempts=[AttemptView(**{**attempt, "at": clock.rfc3339(attempt["at"])}) for attempt in item.attempts or ()],
        next_attempt_at=None if item.next_attempt_at is None else clock.rfc3339(int(item.next_attempt_at)),
        created_at=clock.rfc3339(int(item.created_at)),
    )
