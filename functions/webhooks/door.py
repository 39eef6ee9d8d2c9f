"""HTTP door of the webhooks: endpoints, the delivery log, replays, and the list of events."""

import time
from collections.abc import Callable, Collection

from paycorex import aws, credentials
from paycorex.contract import ListQuery
from paycorex.credentials import Caller
from paycorex.credentials.operators import scope_of
from paycorex.errors import NotFound
from paycorex.http import Answer, App, Call
from paycorex.records import delivery, endpoint, event
from paycorex.records.delivery import DeliveryView
from paycorex.records.endpoint import EndpointView
from paycorex.records.event import EventView
from webhooks import views
from webhooks.delivery import log as deliveries
from webhooks.delivery import test_event
from webhooks.endpoints import endpoints
from webhooks.events import log as event_log
from webhooks.recovery import redrive, replays
from webhooks.recovery.replays import ReplayView
from webhooks.requests import ChangeEndpoint, CreateEndpoint, DeliveriesQuery, EventsQuery, RedriveDeadLetters, Replay, RotateSecret
from webhooks.views import DeliveryList, EndpointList, EventList, RedriveView, SecretView

READ, WRITE = "webhooks:read", "webhooks:write"
PROVIDER = "/v1/webhooks/provider"
DELIVERIES = "/v1/webhooks/deliveries"

app = App("webhooks")


def _replay_secret(caller: Caller, endpoint_id: str) -> SecretView:
    return views.with_secret(endpoints.find(caller.merchant_id, endpoint_id), None)


def _replay_endpoint(caller: Caller, endpoint_id: str) -> EndpointView:
    return endpoint.view(endpoints.find(caller.merchant_id, endpoint_id))


def _replay_removed(_caller: Caller, shown: str) -> EndpointView:
    return EndpointView.model_validate_json(shown)


def _replay_delivery(caller: Caller, delivery_id: str) -> DeliveryView:
    return delivery.view(deliveries.find(caller, delivery_id))


def _replay_of_replay(caller: Caller, replay_id: str) -> ReplayView:
    return replays.view(replays.find(caller.merchant_id, replay_id))


@app.route("POST", PROVIDER, scope=WRITE, body=CreateEndpoint, answer=SecretView, status=201, replay=_replay_secret)
def create_endpoint(call: Call[CreateEndpoint, None]) -> Answer:
    """Register an endpoint; its secret is in this answer only."""
    made = endpoints.create(call.caller.merchant_id, call.body, claim=call.claim)
    return Answer(201, views.with_secret(made.item, made.secret))


@app.route("GET", PROVIDER, scope=READ, query=ListQuery, answer=EndpointList)
def list_endpoints(call: Call[None, ListQuery]) -> Answer:
    """The merchant's endpoints, newest first, without their secrets."""
    page = endpoints.page(call.caller.merchant_id, call.query.limit, call.position("endpoints"))
    data = [endpoint.view(item) for item in page.items]
    return Answer(200, EndpointList(data=data, next_cursor=call.next_cursor("endpoints", page.position)))


@app.route("PATCH", PROVIDER + "/{endpoint_id}", scope=WRITE, body=ChangeEndpoint, answer=EndpointView, replay=_replay_endpoint)
def change_endpoint(call: Call[ChangeEndpoint, None]) -> Answer:
    """Change URL, events or activity; activating ends an automatic disabling."""
    item = endpoints.change(call.caller.merchant_id, call.path["endpoint_id"], call.body, claim=call.claim)
    return Answer(200, endpoint.view(item))


@app.route("DELETE", PROVIDER + "/{endpoint_id}", scope=WRITE, answer=EndpointView, replay=_replay_removed)
def remove_endpoint(call: Call[None, None]) -> Answer:
    """Remove an endpoint; its unfinished deliveries end as failed."""
    return Answer(200, endpoints.remove(call.caller.merchant_id, call.path["endpoint_id"], claim=call.claim))


def _rotates(_: Call[RotateSecret, None]) -> Collection[str]:
    """Who has the new secret signs as the platform does: a person's fresh passkey is asked for, and no second person."""
    return ("webhook_secrets",)


@app.route(
    "POST", PROVIDER + "/{endpoint_id}/rotate", scope=WRITE, body=RotateSecret, answer=SecretView, replay=_replay_secret, danger=_rotates
)
def rotate_secret(call: Call[RotateSecret, None]) -> Answer:
    """Create a new secret, shown in this answer only; the earlier ones keep signing for the overlap."""
    overlap = call.body.overlap_seconds
    item, secret, ends = endpoints.rotate(call.caller.merchant_id, call.path["endpoint_id"], overlap, claim=call.claim)
    return Answer(200, views.with_secret(item, secret, ends))


@app.route("POST", PROVIDER + "/{endpoint_id}/test", scope=WRITE, answer=DeliveryView, replay=_replay_delivery)
def test_endpoint(call: Call[None, None]) -> Answer:
    """Send `webhook.test` now; answers the delivery with the endpoint's response."""
    return Answer(200, delivery.view(test_event.send(call.caller.merchant_id, call.path["endpoint_id"], claim=call.claim)))


@app.route("GET", DELIVERIES, scope=READ, query=DeliveriesQuery, answer=DeliveryList)
def list_deliveries(call: Call[None, DeliveriesQuery]) -> Answer:
    """The delivery log, newest first."""
    page = deliveries.page(call.caller, call.query, call.position("deliveries"))
    data = [delivery.view(item) for item in page.items]
    return Answer(200, DeliveryList(data=data, next_cursor=call.next_cursor("deliveries", page.position)))


@app.route("GET", DELIVERIES + "/{delivery_id}", scope=READ, answer=DeliveryView)
def show_delivery(call: Call[None, None]) -> Answer:
    """One delivery with its attempts."""
    return Answer(200, _replay_delivery(call.caller, call.path["delivery_id"]))


@app.route("POST", DELIVERIES + "/{delivery_id}/redeliver", scope=WRITE, answer=DeliveryView, replay=_replay_delivery)
def redeliver_delivery(call: Call[None, None]) -> Answer:
    """Send one delivery again, with the same event id."""
    return Answer(200, delivery.view(deliveries.redeliver(call.caller, call.path["delivery_id"], claim=call.claim)))


@app.route("POST", "/v1/webhooks/replay", scope=WRITE, body=Replay, answer=ReplayView, status=202, replay=_replay_of_replay)
def replay_events(call: Call[Replay, None]) -> Answer:
    """Send the events of a range of time again."""
    return Answer(202, replays.view(replays.start(call.caller.merchant_id, call.body, claim=call.claim)))


@app.route("GET", "/v1/events", scope=READ, query=EventsQuery, answer=EventList)
def list_events(call: Call[None, EventsQuery]) -> Answer:
    """Events of what the key may read: newest first, or with `after` what followed that event, oldest first."""
    page = event_log.page(call.caller, call.query, call.position("events"))
    return Answer(200, EventList(data=[event.view(item) for item in page.items], next_cursor=call.next_cursor("events", page.position)))


_REDRIVE = "/operator/v1/queues/webhooks_dead/redrive"


@app.route("POST", _REDRIVE, scope=scope_of("POST", _REDRIVE), body=RedriveDeadLetters, answer=RedriveView, self_idempotent=True)
def operator_redrive(call: Call[RedriveDeadLetters, None]) -> Answer:
    """Send webhooks that were given up again, about a hundred at a time, with all their retries."""
    merchant_id = call.body.merchant_id
    if merchant_id is not None and credentials.find_merchant(merchant_id) is None:
        raise NotFound("merchant")
    done = redrive.redrive(merchant_id=merchant_id, limit=redrive.MAX_BY_REQUEST, report=lambda _progress: None, may_go_on=_in_time())
    return Answer(200, RedriveView(results=dict(done.results), seen=done.seen, waiting=max(done.total - done.resent, 0)))


def _in_time() -> Callable[[], bool]:
    until = time.monotonic() + redrive.SECONDS_BY_REQUEST
    return lambda: time.monotonic() < until


aws.warm("dynamodb", "kms", "sqs")
handler = app.handler


@app.route("GET", "/v1/events/{event_id}", scope=READ, answer=EventView)
def show_event(call: Call[None, None]) -> Answer:
    """One event: what its webhooks carried."""
    return Answer(200, event.view(event_log.find(call.caller, call.path["event_id"])))
