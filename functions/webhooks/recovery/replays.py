"""Replays: the events of a range of time sent again, page by page, by whoever works on the slow queue.

A replay's row says how far it has come, so it goes on where a crash left it; a pause between pages keeps it from flooding the merchant.
Goes over events, not deliveries: an endpoint that was added later gets what it missed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from paycorex import clock, ids, set_aside, storage
from paycorex.errors import InvalidRequest, LimitExceeded, NotFound
from paycorex.idempotency import Claim
from paycorex.rate_limits import Limit
from paycorex.records.delivery import FAILED, SENT, DeliveryItem
from paycorex.records.endpoint import EndpointItem, wants
from paycorex.records.event import EventItem
from paycorex.set_aside import AsideItem, Subject, guarded
from webhooks import messages
from webhooks.endpoints import endpoints
from webhooks.requests import Replay
from webhooks.stores import deliveries as store
from webhooks.stores import events as event_store
from webhooks.stores import replays as replay_store
from webhooks.stores.replays import DONE, ReplayItem

MAX_DELIVERIES: Final = 20_000
# Replays that one merchant may begin: each looks through all events of its range.
STARTS: Final = Limit("webhook_replay", 20, window_seconds=3600)
# How many events a replay may look through for them, and how many in a step.
MAX_EVENTS: Final = 50_000
MAX_ROWS_READ: Final = 2_000
PAGE_EVENTS: Final = 100
PAUSE_SECONDS: Final = 2
REPLAY: Final = "replay"
LOOP: Final = "webhooks.recovery.replays"


@dataclass(frozen=True, slots=True)
class Step:
    """One page is done. `again_in_seconds`: when to take the next; None when there is none."""

    enqueued: int
    again_in_seconds: int | None


def start(merchant_id: str, request: Replay, *, claim: Claim) -> ReplayItem:
    """Begin a replay and count what it will send.

    Raises InvalidRequest, NotFound for the endpoint, LimitExceeded for too much at once, RateLimited for too many.
    """
    from_ms, to_ms = clock.parse_rfc3339(request.from_), clock.parse_rfc3339(request.to)
    if from_ms >= to_ms or from_ms < 0:
        raise InvalidRequest("from must be before to.", details={"field": "from"})
    if request.endpoint_id is not None:
        endpoints.find(merchant_id, request.endpoint_id)
    STARTS.take(merchant_id)
    item = ReplayItem(
        merchant_shard=replay_store.partition(merchant_id),
        replay_id=claim.record_id("rpl"),
        from_ms=from_ms,
        to_ms=to_ms,
        endpoint_id=request.endpoint_id,
        events=request.events,
        total=0,
        created_at=clock.now_ms(),
    )
    item.total = _count(merchant_id, item)
    storage.transact([replay_store.new(item), *claim.rows(reference=item.replay_id, status=202)])
    messages.enqueue_replay(merchant_id, item.replay_id)
    return item


def find(merchant_id: str, replay_id: str) -> ReplayItem:
    """One replay of the merchant. Raises NotFound."""
    found = replay_store.find(merchant_id, replay_id) if ids.is_id("rpl", replay_id) else None
    if found is None:
        raise NotFound("replay")
    return found


def run_step(merchant_id: str, replay_id: str) -> None:
    """Enqueue one page of a replay, and the message for the next page. Raises storage's failures: then the message comes back."""
    step = advance(merchant_id, replay_id)
    if step.again_in_seconds is not None:
        messages.enqueue_replay(merchant_id, replay_id, delay_seconds=step.again_in_seconds)


def advance(merchant_id: str, replay_id: str) -> Step:
    """Send the next page of a replay on its way. Raises storage's failures: then the message comes back."""
    item = replay_store.find(merchant_id, replay_id)
    if item is None or item.status == DONE:
        return Step(0, None)
    page, position, done = _next_page(merchant_id, item)
    enqueued = _send_again(merchant_id, item, page)
    try:
        storage.run(replay_store.advance(item, position=position, enqueued=enqueued, done=done))
    except storage.ConditionRefused:
        # A twin of this message did the same page, and goes on.
        return Step(0, None)
    return Step(enqueued, None if done else PAUSE_SECONDS)


def _count(merchant_id: str, item: ReplayItem) -> int:
    targets, count = _targets(merchant_id, item), 0
    for seen, event in enumerate(_events(merchant_id, item), start=1):
        if seen > MAX_EVENTS:
            raise LimitExceeded(f"A replay looks through at most {MAX_EVENTS} events.", details={"limit": MAX_EVENTS})
        if _is_wanted(item, event):
            count += sum(wants(endpoint, event.event) for endpoint in targets)
        if count > MAX_DELIVERIES:
            raise LimitExceeded(f"A replay has at most {MAX_DELIVERIES} deliveries.", details={"limit": MAX_DELIVERIES})
    return count


def _targets(merchant_id: str, item: ReplayItem) -> list[EndpointItem]:
    return [
        endpoint for endpoint in store.endpoints_of(merchant_id) if endpoint.is_active and item.endpoint_id in {None, endpoint.endpoint_id}
    ]


def _next_page(merchant_id: str, item: ReplayItem) -> tuple[list[EventItem], str, bool]:
    """The next events to send, how far was read for them, and True when that was all.

    Few may match in a long range: a step reads so many rows and no more, or it would never come to its end.
    """
    page: list[EventItem] = []
    position = item.position or ids.earliest_ordered("evt", int(item.from_ms))
    rows = _events(merchant_id, item)
    for event in islice(rows, MAX_ROWS_READ):
        position = event.event_id
        if _is_wanted(item, event):
            page.append(event)
        if len(page) == PAGE_EVENTS:
            break
    return page, position, next(rows, None) is None


def _events(merchant_id: str, item: ReplayItem) -> Iterator[EventItem]:
    return event_store.events_between(merchant_id, int(item.from_ms), int(item.to_ms), after=item.position)


def _is_wanted(item: ReplayItem, event: EventItem) -> bool:
    return item.events is None or event.event in item.events


def _send_again(merchant_id: str, item: ReplayItem, page: Sequence[EventItem]) -> int:
    """Renew and enqueue the deliveries of a page. What SQS does not take, the sweeper finds: a renewed delivery is in its index."""
    waiting: dict[str, list[DeliveryItem]] = {}
    for endpoint in _targets(merchant_id, item):
        for event in page:
            if wants(endpoint, event.event):
                again = {"merchant_id": merchant_id, "event_id": event.event_id, "event": event.event, "endpoint_id": endpoint.endpoint_id}
                with guarded(Subject(LOOP, f"{item.replay_id}#{event.event_id}#{endpoint.endpoint_id}", merchant_id, payload=again)):
                    delivery = _renewed(store.pending_delivery(**again), item.replay_id)
                    if delivery is not None:
                        waiting.setdefault(messages.queue_for(endpoint), []).append(delivery)
    for queue_url, renewed in waiting.items():
        messages.enqueue(renewed, queue_url=queue_url)
    return sum(map(len, waiting.values()))


def send_one_again(row: AsideItem) -> None:
    """Renew and enqueue the delivery that was set aside with a row. Raises what that raises."""
    again, replay_id = set_aside.payload_of(row), row.item_id.partition("#")[0]
    delivery = _renewed(store.pending_delivery(**again), replay_id)
    if delivery is not None:
        messages.enqueue([delivery], queue_url=messages.slow_queue())


def _renewed(fresh: DeliveryItem, replay_id: str) -> DeliveryItem | None:
    """The delivery, ready for a new round; None when it is on its way already, or this replay has sent it before."""
    found = store.find_delivery(fresh.merchant_id, fresh.delivery_id)
    if found is not None and (found.replay_id == replay_id or found.status not in {SENT, FAILED}):
        return None
    try:
        # One write either way: a delivery that nobody looks for would be a crash away.
        storage.run(store.first_round(fresh, REPLAY, replay_id) if found is None else store.begin_round(found, REPLAY, replay_id=replay_id))
    except storage.ConditionRefused:
        return None
    found = found or fresh
    found.round_start = found.attempt_count
    return found
