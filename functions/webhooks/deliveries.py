"""The delivery log: reading it, and sending one delivery again."""

from paycorex import ids, settings, storage
from paycorex.errors import InvalidState, NotFound
from paycorex.http import Claim
from paycorex.records.delivery import DeliveryItem
from webhooks import dispatcher, store
from webhooks.requests import DeliveriesQuery

REDELIVER = "redeliver"


def find(merchant_id: str, delivery_id: str) -> DeliveryItem:
    """One delivery of the merchant. Raises NotFound."""
    found = store.find_delivery(merchant_id, delivery_id) if ids.is_id("whd", delivery_id) else None
    if found is None:
        raise NotFound("delivery")
    return found


def page(merchant_id: str, query: DeliveriesQuery, position: str | None) -> storage.Merged[DeliveryItem]:
    """One page of the log, newest first."""
    wanted = query.filters()

    def keep(item: DeliveryItem) -> bool:
        return all(getattr(item, name) == value for name, value in wanted.items())

    return store.list_deliveries(merchant_id, keep=keep, limit=query.limit, position=position)


def redeliver(merchant_id: str, delivery_id: str, *, claim: Claim) -> DeliveryItem:
    """Send a delivery again, whatever became of it, with the same event id and all its retries.

    Raises NotFound, InvalidState when its endpoint is gone or inactive.
    """
    item = find(merchant_id, delivery_id)
    endpoint = store.find_endpoint(merchant_id, item.endpoint_id)
    if endpoint is None or not endpoint.is_active:
        raise InvalidState("The endpoint of this delivery is not active.", details={"endpoint_id": item.endpoint_id})
    storage.transact([store.begin_round(item, REDELIVER), *claim.rows(reference=delivery_id, status=200)])
    again = find(merchant_id, delivery_id)
    # If SQS does not take it, the sweeper will find it.
    dispatcher.enqueue([again], queue_url=settings.current().webhook_queue_url)
    return again
