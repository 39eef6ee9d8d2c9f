"""The list of events, for merchants who poll instead of receiving webhooks.

Events are listed by the time they happened, but each table has its own stream, so an event may be stored after a later one. A reader that
continues after the last event it has seen would miss it. So continuing stops a little before now, where all events are stored.
"""

from typing import Final

from paycorex import clock, ids, storage
from paycorex.credentials import Caller
from paycorex.errors import Forbidden, NotFound
from paycorex.records.event import EventItem
from paycorex.records.stamps import scope_of
from webhooks.requests import EventsQuery
from webhooks.stores import events as event_store

# How late an event may be stored and still be seen by a reader that continues. Streams take a second; this leaves time for a dispatcher's
# cold start and a retry.
SETTLING_MS: Final = 30_000


def page(caller: Caller, query: EventsQuery, position: str | None) -> storage.Merged[EventItem]:
    """One page: with `after`, oldest first after that event and up to half a minute ago; otherwise newest first, up to now.

    Only events of objects that the key may read. Raises Forbidden when the filter asks only for others.
    """
    if query.event is not None:
        demand(caller, query.event)

    def keep(item: EventItem) -> bool:
        return query.event in {None, item.event} and is_shown_to(caller, item.event)

    merchant_id = caller.merchant_id
    if query.after is not None:
        settled_ms = clock.now_ms() - SETTLING_MS
        return event_store.events_after(merchant_id, keep=keep, limit=query.limit, position=position or query.after, before_ms=settled_ms)
    return event_store.newest_events(merchant_id, keep=keep, limit=query.limit, position=position)


def find(caller: Caller, wanted: str) -> EventItem:
    """One event of the merchant. Raises NotFound; Forbidden when the key may not read its object."""
    found = event_store.find_event(caller.merchant_id, wanted) if ids.is_id("evt", wanted) else None
    if found is None:
        raise NotFound("event")
    demand(caller, found.event)
    return found


def is_shown_to(caller: Caller, event: str) -> bool:
    """Whether the key may read the object of an event."""
    return scope_of(event) in caller.scopes


def demand(caller: Caller, event: str) -> None:
    """Raises Forbidden unless the key may read the object of an event."""
    if not is_shown_to(caller, event):
        scope = scope_of(event)
        raise Forbidden(f"This key lacks the scope {scope}, which is required to read {event}.", details={"scope": scope})
