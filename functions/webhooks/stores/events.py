"""The table `events`."""

import heapq
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from paycorex import ids, storage
from paycorex.errors import NotFound
from paycorex.events import Event
from paycorex.records.event import EventItem, kept_until, merchant_shard, merchant_shards, packed
from paycorex.records.payment import PaymentItem
from paycorex.records.stamps import event_id, previous_event_id
from paycorex.storage import Merged, Page, Write

_PAGE: Final = 100
# A filter that matches few events ends the page early, with a cursor. This bounds the read.
_MAX_ROWS_READ: Final = 2_000


def event_item(event: Event) -> EventItem:
    """An event as it is stored."""
    return EventItem(
        merchant_shard=merchant_shard(event.merchant_id, event.event_id),
        event_id=event.event_id,
        event=event.event,
        event_at=event.event_at,
        sequence=event.sequence,
        previous_event_id=event.previous_event_id,
        data=packed(event.data),
        expires_at=kept_until(event.event_at),
    )


def new_event(event: Event) -> Write:
    """Store an event once."""
    return storage.put(event_item(event), EventItem.event_id.does_not_exist())


def find_event(merchant_id: str, wanted: str) -> EventItem | None:
    """One event of a merchant. Events never change, so an eventually consistent read is tried first."""
    shard = merchant_shard(merchant_id, wanted)
    return storage.get(EventItem, shard, wanted, consistent=False) or storage.get(EventItem, shard, wanted)


def events_of_payment(merchant_id: str, payment_id: str) -> list[str]:
    """The ids of a payment's events, newest first: each names the one before it. Raises NotFound for another merchant's payment."""
    payment = storage.get(PaymentItem, payment_id)
    if payment is None or payment.merchant_id != merchant_id:
        raise NotFound("payment")
    found, before = [event_id(payment_id, payment)], previous_event_id(payment_id, payment)
    while before is not None:
        found.append(before)
        event = find_event(merchant_id, before)
        before = event.previous_event_id if event else None
    return found


def newest_events(merchant_id: str, *, keep: Callable[[EventItem], bool], limit: int, position: str | None) -> Merged[EventItem]:
    """One page of a merchant's events, newest first, below `position`."""

    def read(shard: str, below: str | None) -> Page[EventItem]:
        condition = EventItem.merchant_shard == shard
        if below is not None:
            condition &= EventItem.event_id < below
        return storage.query(EventItem, condition, newest_first=True, limit=limit + 1)

    return storage.merge_newest_first(
        merchant_shards(merchant_id), read, sort_key=lambda item: item.event_id, keep=keep, limit=limit, position=position
    )


def events_after(merchant_id: str, *, keep: Callable[[EventItem], bool], limit: int, position: str, before_ms: int) -> Merged[EventItem]:
    """One page of a merchant's events, oldest first, above `position` and of before that moment."""
    rows = events_between(merchant_id, 0, before_ms, after=position)
    kept: list[EventItem] = []
    last = position
    for row in islice(rows, _MAX_ROWS_READ):
        if len(kept) == limit:
            return Merged(kept, last)
        last = row.event_id
        if keep(row):
            kept.append(row)
    return Merged(kept, None if next(rows, None) is None else last)


def events_between(merchant_id: str, from_ms: int, to_ms: int, *, after: str | None = None) -> Iterator[EventItem]:
    """A merchant's events of a range of time, oldest first; `after` continues after an event."""
    end = ids.earliest_ordered("evt", to_ms)
    start = max(after or "", ids.earliest_ordered("evt", from_ms))
    rows = heapq.merge(*(_ascending(shard, start) for shard in merchant_shards(merchant_id)), key=lambda item: item.event_id)
    for row in rows:
        if row.event_id >= end:
            return
        yield row


def _ascending(shard: str, position: str) -> Iterator[EventItem]:
    while True:
        condition = (EventItem.merchant_shard == shard) & (EventItem.event_id > position)
        page = storage.query(EventItem, condition, limit=_PAGE)
        yield from page.items
        if page.next_start is None or not page.items:
            return
        position = page.items[-1].event_id
