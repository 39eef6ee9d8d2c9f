"""One attempt of a delivery: from its message to the endpoint and into the delivery log. A verdict says what to do with the message.

The delivery's row is the truth; a message only asks to process it. So a message that comes twice, late or early does no harm. A crash
between any two steps leaves the message in the queue: at worst the merchant receives the event twice, with the same `webhook-id`.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, sealing, settings, storage
from paycorex.records import event as event_record
from paycorex.records.delivery import FAILED, RETRYING, SENT, DeliveryItem
from paycorex.records.endpoint import EndpointItem, live_secrets, secret_context
from paycorex.records.event import EventItem
from webhooks import messages
from webhooks.delivery import bus_put, http_post, retry_schedule, signatures
from webhooks.delivery.endpoint_reads import EndpointReads
from webhooks.delivery.http_post import Outcome
from webhooks.endpoints import health, slow_endpoints
from webhooks.messages import DeliveryMessage
from webhooks.stores import deliveries as store
from webhooks.stores import events as event_store

# A message may come back a little before the stored time.
EARLY_TOLERANCE_MS: Final = 500
# The cache of unwrapped keys is not thread-safe.
_sealing_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do: the message is deleted. `result` is a label for the metrics."""

    result: str
    age_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Retry:
    """The same message comes again after this time."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Forward:
    """A message is sent to another queue, and this one is deleted."""

    queue_url: str
    message: DeliveryMessage
    result: str
    # The group of a fair queue: the endpoint. None for the queue of exhausted messages.
    group: str | None = None


Verdict = Done | Retry | Forward


def deliver(
    message: DeliveryMessage, *, queue_url: str, timeout_seconds: float, endpoints: EndpointReads, post: http_post.Post = http_post.post
) -> Verdict:
    """Do what is due for a delivery. endpoints: of its batch. Raises storage's failures: then the message comes back."""
    delivery = store.find_delivery(message.merchant_id, message.delivery_id)
    if delivery is None or delivery.status in {SENT, FAILED}:
        return Done("dropped")
    wait_ms = int(delivery.next_attempt_at or 0) - clock.now_ms()
    if wait_ms > EARLY_TOLERANCE_MS:
        return Retry(wait_ms / 1000)
    if retry_schedule.retries_left(_attempts_in_round(delivery)) <= 0:
        return _exhausted(delivery)
    endpoint = endpoints.find(message.merchant_id, delivery.endpoint_id)
    if endpoint is None or not endpoint.is_active:
        return _undeliverable(delivery, "endpoint_deleted" if endpoint is None else "endpoint_disabled")
    lane = messages.queue_for(endpoint)
    if lane != queue_url and messages.is_degraded(endpoint):
        return Forward(lane, message, "moved", group=endpoint.endpoint_id)
    return attempt(delivery, endpoint, timeout_seconds=timeout_seconds, endpoints=endpoints, post=post)


def attempt(
    delivery: DeliveryItem, endpoint: EndpointItem, *, timeout_seconds: float, endpoints: EndpointReads, post: http_post.Post
) -> Verdict:
    """Make one attempt and store its result."""
    event = event_store.find_event(delivery.merchant_id, delivery.event_id)
    if event is None:
        return _undeliverable(delivery, "event_missing")
    body = event_record.body(event)
    now = clock.now_ms()
    secrets = open_secrets(endpoint, now)
    with slow_endpoints.watched(endpoint, endpoints.forget):
        outcome = send(endpoint, event, body, secrets, timeout_seconds=timeout_seconds, post=post)
    if outcome.succeeded:
        verdict = _sent(delivery, outcome, now)
        endpoints.after(endpoint, lambda: health.succeeded(endpoint))
        endpoints.after(endpoint, lambda: slow_endpoints.was_quick(endpoint, outcome.duration_ms))
        return verdict
    return _failed(delivery, endpoint, outcome, now, endpoints)


def send(
    endpoint: EndpointItem,
    event: EventItem,
    body: bytes,
    secrets: Sequence[str],
    *,
    timeout_seconds: float,
    post: http_post.Post | None = None,
) -> Outcome:
    """Send an event to the endpoint, by its kind: a POST signed with these secrets, or onto the merchant's bus."""
    if endpoint.is_bus:
        return bus_put.put(endpoint.url, event.event, body, int(event.event_at) // 1000)
    # The receiver compares it with its own clock.
    moment = int(clock.outside_seconds())
    headers = signatures.headers(event_id=event.event_id, event=event.event, body=body, timestamp=moment, secrets=secrets)
    return (post or http_post.post)(endpoint.url, headers, body, timeout_seconds=timeout_seconds)


def open_secrets(endpoint: EndpointItem, now_ms: int) -> list[str]:
    """The endpoint's live secrets in plain text, oldest first. No KMS call while their data keys are cached (five minutes)."""
    context = secret_context(endpoint.merchant_id)
    with _sealing_lock:
        return [
            sealing.unseal(secret["sealed"], context=context, bound_to=endpoint.endpoint_id).decode()
            for secret in live_secrets(endpoint, now_ms)
        ]


def log_entry(delivery: DeliveryItem, outcome: Outcome, at_ms: int) -> dict[str, Any]:
    """An attempt as the delivery log stores it."""
    return {
        "number": int(delivery.attempt_count) + 1,
        "at": at_ms,
        "status_code": outcome.status_code,
        "duration_ms": outcome.duration_ms,
        "error": outcome.error,
        "response": outcome.response,
        "trigger": delivery.trigger,
    }


def _sent(delivery: DeliveryItem, outcome: Outcome, at_ms: int) -> Verdict:
    current: DeliveryItem | None = delivery
    while current is not None and current.status != SENT:
        try:
            store.record_attempt(current, log_entry(current, outcome, at_ms), SENT, next_at_ms=None, due_at_ms=None)
            break
        except storage.ConditionRefused:
            # A duplicate of this message wrote first. If its attempt failed, this success is stored as the next attempt.
            current = store.find_delivery(delivery.merchant_id, delivery.delivery_id)
    return Done("delivered", (clock.now_ms() - int(delivery.created_at)) / 1000)


def _failed(delivery: DeliveryItem, endpoint: EndpointItem, outcome: Outcome, at_ms: int, endpoints: EndpointReads) -> Verdict:
    used = _attempts_in_round(delivery) + 1
    last = outcome.gone or retry_schedule.retries_left(used) <= 0
    wait = retry_schedule.delay_seconds(used, spread=delivery.delivery_id, retry_after_seconds=outcome.retry_after_seconds)
    now = clock.now_ms()
    next_at = None if last else now + int(wait * 1000)
    try:
        store.record_attempt(
            delivery,
            log_entry(delivery, outcome, at_ms),
            FAILED if outcome.gone else RETRYING,
            next_at_ms=next_at,
            # Without retries left it is due at once: the sweeper handles it if the message to the exhausted queue is lost.
            due_at_ms=None if outcome.gone else next_at or now,
        )
    except storage.ConditionRefused:
        # A duplicate of this message made the same attempt and continues. This one comes again when the next attempt is due.
        return Retry(wait)
    endpoints.after(endpoint, lambda: health.failed(endpoint, gone=outcome.gone))
    if outcome.gone:
        return Done("gone")
    return _exhausted(delivery) if last else Retry(wait)


def _exhausted(delivery: DeliveryItem) -> Verdict:
    return Forward(settings.current().webhook_exhausted_queue_url, messages.message_of(delivery), "exhausted")


def _undeliverable(delivery: DeliveryItem, why: str) -> Verdict:
    """The delivery has no receiver: this is stored, and the delivery is not tried again."""
    outcome = Outcome(None, 0, why)
    store.record_attempt(delivery, log_entry(delivery, outcome, clock.now_ms()), FAILED, next_at_ms=None, due_at_ms=None)
    return Done(why)


def _attempts_in_round(delivery: DeliveryItem) -> int:
    return int(delivery.attempt_count) - int(delivery.round_start)
