"""Events to read instead of being called.

Events are listed by when they happened, but each table's stream brings its own, so one may be recorded a moment after a later one. A reader
who goes on after the last event it has seen would never meet that one. So reading on ends a little before now, where all is recorded.
"""

from typing import Final

from paycorex import clock, storage
from paycorex.credentials import Caller
from paycorex.errors import Forbidden
from paycorex.records.event import EventItem
from paycorex.records.stamps import scope_of
from webhooks.requests import EventsQuery
from webhooks.stores import events as event_store

# How much later than it happened an event may be recorded and still be met by whoever reads on. Streams take a second; this leaves room for
# a dispatcher that starts cold and tries again.
SETTLING_MS: Final = 30_000


def page(caller: Caller, query: EventsQuery, position: str | None) -> storage.Merged[EventItem]:
    """One page: oldest first behind `after` and up to half a minute ago; otherwise newest first, up to now.

    Only events of objects that the key may read. Raises Forbidden when only others are asked for.
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


def is_shown_to(caller: Caller, event: str) -> bool:
    """Whether the key may read the object that an event tells of."""
    return scope_of(event) in caller.scopes


def demand(caller: Caller, event: str) -> None:
    """Raises Forbidden unless the key may read the object that an event tells of."""
    if not is_shown_to(caller, event):
        scope = scope_of(event)
        raise Forbidden(f"This key lacks the scope {scope}, which shows what {event} tells of.", details={"scope": scope})
