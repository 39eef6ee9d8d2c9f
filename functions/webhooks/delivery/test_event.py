"""The test of an endpoint: the event `webhook.test`, sent at once and written into the delivery log."""

from typing import Any, Final

from paycorex import clock, ids, storage
from paycorex.events import Event
from paycorex.idempotency import Claim
from paycorex.rate_limits import Limit
from paycorex.records import endpoint as endpoint_record
from paycorex.records.delivery import FAILED, SENT, DeliveryItem
from paycorex.records.event import body as event_body
from webhooks.delivery import attempt, http_post
from webhooks.endpoints import endpoints
from webhooks.stores import deliveries as store
from webhooks.stores import events as event_store

# Tests per merchant: each is a request to a server that the merchant chooses, and the merchant reads its response.
TESTS: Final = Limit("webhook_test", 30)


def send(merchant_id: str, endpoint_id: str, *, claim: Claim) -> DeliveryItem:
    """Send `webhook.test` once, also to an inactive endpoint. Returns the delivery with the response. The endpoint's health is unchanged.

    Raises NotFound, RateLimited.
    """
    item, now = endpoints.find(merchant_id, endpoint_id), clock.now_ms()
    TESTS.take(merchant_id)
    data: dict[str, Any] = endpoint_record.view(item).model_dump(mode="json")
    event = Event(ids.derive_ordered("evt", now, endpoint_id, claim.names[0]), "webhook.test", merchant_id, now, 1, None, data)
    stored = event_store.event_item(event)
    secrets = attempt.open_secrets(item, now)
    outcome = attempt.send(item, stored, event_body(stored), secrets, timeout_seconds=http_post.ATTEMPT_SECONDS)
    delivery = store.pending_delivery(merchant_id, event.event_id, event.event, endpoint_id)
    delivery.attempts = [attempt.log_entry(delivery, outcome, now)]
    delivery.attempt_count, delivery.status = 1, SENT if outcome.succeeded else FAILED
    rows = claim.rows(reference=delivery.delivery_id, status=200)
    storage.transact([event_store.new_event(event), store.new_delivery(delivery), *rows])
    return delivery
