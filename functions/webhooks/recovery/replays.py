"""Replays: the events of a time range sent again, page by page, by the senders on the slow queue.

A replay's row stores its progress, so it continues after a crash. A pause between pages protects the merchant from a flood.
A replay reads events, not deliveries: an endpoint that was added later receives the events it missed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from paycorex import clock, ids, set_aside, storage
from paycorex.contract import View
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
# Replays that one merchant may start: each reads all events of its range.
STARTS: Final = Limit("webhook_replay", 20, window_seconds=3600)
# How many events a replay may read for them, and how many one step may read.
MAX_EVENTS: Final = 50_000
MAX_ROWS_READ: Final = 2_000
PAGE_EVENTS: Final = 100
PAUSE_SECONDS: Final = 2
# A step sends the message of the next, and AWS does not stop that (RecursiveLoop). So a chain ends here, and the sweeper begins another.
# Longer than any replay: each step sends PAGE_EVENTS events or reads MAX_ROWS_READ of them.
MAX_CHAIN: Final = 2 * (MAX_EVENTS // PAGE_EVENTS + MAX_EVENTS // MAX_ROWS_READ)
REPLAY: Final = "replay"
LOOP: Final = "webhooks.recovery.replays"


@dataclass(frozen=True, slots=True)
class Step:
    """One page is done. `again_in_seconds`: when to process the next page; None after the last."""

    enqueued: int
    again_in_seconds: int | None


class ReplayView(View):
    """A replay: how many deliveries it sends again, and how many are enqueued so far."""

    replay_id: str
    count: int
    enqueued: int
    status: str


def view(item: ReplayItem) -> ReplayView:
    """The contract object of a replay."""
    return ReplayView(replay_id=item.replay_id, count=int(item.total), enqueued=int(item.enqueued), status=item.status)


def start(merchant_id: str, request: Replay, *, claim: Claim) -> ReplayItem:
    """Start a replay and count its deliveries.

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


def run_step(merchant_id: str, replay_id: str, steps_before: int = 0) -> None:
    """Enqueue one page of a replay, and the message for the next page. Raises storage's failures: then the message comes back.

    steps_before: of this chain of messages. After MAX_CHAIN steps the sweeper goes on, minutes later.
    """
    step = advance(merchant_id, replay_id)
    if step.again_in_seconds is not None and steps_before + 1 < MAX_CHAIN:
        messages.enqueue_replay(merchant_id, replay_id, steps=steps_before + 1, delay_seconds=step.again_in_seconds)


def advance(merchant_id: str, replay_id: str) -> Step:
    """Enqueue the next page of a replay. Raises storage's failures: then the message comes back."""
    item = replay_store.find(merchant_id, replay_id)
    if item is None or item.status == DONE:
        return Step(0, None)
    page, position, done = _next_page(merchant_id, item)
    enqueued = _send_again(merchant_id, item, page)
    try:
        storage.run(replay_store.advance(item, position=position, enqueued=enqueued, done=done))
    except storage.ConditionRefused:
        # A duplicate of this message did the same page, and continues.
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
    """The next events to send, the position that was read up to, and True at the end of the range.

    Few events may match in a long range, so a step reads at most MAX_ROWS_READ rows.
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
    """Begin a new round for the deliveries of a page and enqueue them. If SQS refuses a message, the sweeper finds the delivery."""
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
    """Begin a new round for the delivery of a row that was set aside, and enqueue it. Raises storage's failures."""
    again, replay_id = set_aside.payload_of(row), row.item_id.partition("#")[0]
    delivery = _renewed(store.pending_delivery(**again), replay_id)
    if delivery is not None:
        messages.enqueue([delivery], queue_url=messages.slow_queue())


def _renewed(fresh: DeliveryItem, replay_id: str) -> DeliveryItem | None:
    """The delivery, in a new round; None when it is unfinished, or this replay has sent it before."""
    found = store.find_delivery(fresh.merchant_id, fresh.delivery_id)
    if found is not None and (found.replay_id == replay_id or found.status not in {SENT, FAILED}):
        return None
    try:
        # One write in both cases: with two, a crash between them would leave a delivery outside of the sweeper's index.
        storage.run(store.first_round(fresh, REPLAY, replay_id) if found is None else store.begin_round(found, REPLAY, replay_id=replay_id))
    except storage.ConditionRefused:
        return None
    found = found or fresh
    found.round_start = found.attempt_count
    return found
