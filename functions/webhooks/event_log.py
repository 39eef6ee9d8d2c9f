"""Events to read instead of being called. A reader who goes on after an event asks from a little before it and skips the ids it knows:
events are listed by when they happened, and one may be recorded a moment after a later one."""

from paycorex import storage
from paycorex.records.event import EventItem
from webhooks import event_store
from webhooks.requests import EventsQuery


def page(merchant_id: str, query: EventsQuery, position: str | None) -> storage.Merged[EventItem]:
    """One page: oldest first behind `after`, otherwise newest first."""

    def keep(item: EventItem) -> bool:
        return query.event in {None, item.event}

    if query.after is not None:
        return event_store.events_after(merchant_id, keep=keep, limit=query.limit, position=position or query.after)
    return event_store.newest_events(merchant_id, keep=keep, limit=query.limit, position=position)
