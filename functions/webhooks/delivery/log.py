"""The delivery log: reading it, and sending one delivery again."""

from typing import Final

from paycorex import ids, settings, storage
from paycorex.credentials import Caller
from paycorex.errors import InvalidState, NotFound
from paycorex.idempotency import Claim
from paycorex.rate_limits import Limit
from paycorex.records.delivery import DeliveryItem, delivery_id
from webhooks import messages
from webhooks.events import log as event_log
from webhooks.requests import DeliveriesQuery
from webhooks.stores import deliveries as store
from webhooks.stores import events as event_store

REDELIVER: Final = "redeliver"
# Deliveries that one merchant may send again one by one; a replay sends a range.
REDELIVERIES: Final = Limit("webhook_redeliver", 120)


def find(caller: Caller, wanted: str) -> DeliveryItem:
    """One delivery of the merchant. Raises NotFound; Forbidden when the key may not read the object of its event."""
    found = store.find_delivery(caller.merchant_id, wanted) if ids.is_id("whd", wanted) else None
    if found is None:
        raise NotFound("delivery")
    event_log.demand(caller, found.event)
    return found


def page(caller: Caller, query: DeliveriesQuery, position: str | None) -> storage.Merged[DeliveryItem]:
    """One page of the log, newest first, of events whose objects the key may read.

    Raises NotFound for a payment of another merchant; Forbidden when the filter asks only for events of objects that the key may not read.
    """
    merchant_id = caller.merchant_id
    for event in {query.event, None if query.payment_id is None else "payment.created"} - {None}:
        event_log.demand(caller, str(event))
    wanted = {name: value for name, value in query.filters().items() if name != "payment_id"}

    def keep(item: DeliveryItem) -> bool:
        return event_log.is_shown_to(caller, item.event) and all(getattr(item, name) == value for name, value in wanted.items())

    if query.payment_id is None:
        return store.list_deliveries(merchant_id, keep=keep, limit=query.limit, position=position)
    rows = [row for row in _of_payment(merchant_id, query.payment_id) if keep(row) and (position is None or row.delivery_id < position)]
    more = rows[query.limit - 1].delivery_id if len(rows) > query.limit else None
    return storage.Merged(rows[: query.limit], more)


def _of_payment(merchant_id: str, payment_id: str) -> list[DeliveryItem]:
    """Found by their ids, which are derived from event and endpoint. So the age of the payment does not matter."""
    endpoints = store.endpoints_of(merchant_id)
    events = event_store.events_of_payment(merchant_id, payment_id)
    names = (delivery_id(event, endpoint.endpoint_id) for event in events for endpoint in endpoints)
    found = (store.find_delivery(merchant_id, name, consistent=False) for name in names)
    return sorted((row for row in found if row is not None), key=lambda row: row.delivery_id, reverse=True)


def redeliver(caller: Caller, wanted: str, *, claim: Claim) -> DeliveryItem:
    """Send a delivery again, whatever its status, with the same event id and all its retries.

    Raises NotFound and Forbidden as `find` does; InvalidState when its endpoint is removed or inactive; RateLimited.
    """
    item = find(caller, wanted)
    endpoint = store.find_endpoint(caller.merchant_id, item.endpoint_id)
    if endpoint is None or not endpoint.is_active:
        raise InvalidState("The endpoint of this delivery is not active.", details={"endpoint_id": item.endpoint_id})
    REDELIVERIES.take(caller.merchant_id)
    storage.transact([store.begin_round(item, REDELIVER), *claim.rows(reference=wanted, status=200)])
    again = find(caller, wanted)
    # If SQS does not accept the message, the sweeper finds the delivery.
    messages.enqueue([again], queue_url=settings.current().webhook_queue_url)
    return again
