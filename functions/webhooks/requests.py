"""What clients send to the webhooks' routes."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from paycorex import clock, near
from paycorex.contract import NEW_FIELD, Body, ListQuery
from paycorex.event_buses import MAX_ARN_CHARACTERS
from paycorex.records.endpoint import EVERY_EVENT
from paycorex.records.stamps import EVENTS
from paycorex.text import Text
from paycorex.webhook_targets import MAX_URL_CHARACTERS

MAX_OVERLAP_SECONDS: Final = 604_800
DEFAULT_OVERLAP_SECONDS: Final = 86_400


def _event_name(name: str) -> str:
    if name not in EVENTS:
        msg = f"not an event.{near.question(name, EVENTS)} The page Events of the documentation lists them."
        raise ValueError(msg)
    return name


def _subscription(name: str) -> str:
    return name if name == EVERY_EVENT else _event_name(name)


def _each_once(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _moment(value: str) -> str:
    clock.parse_rfc3339(value)
    return value


Url = Annotated[str, StringConstraints(min_length=1, max_length=MAX_URL_CHARACTERS)]
Subscriptions = Annotated[
    list[Annotated[str, AfterValidator(_subscription)]], Field(min_length=1, max_length=len(EVENTS) + 1), AfterValidator(_each_once)
]
EventName = Annotated[str, AfterValidator(_event_name)]
Moment = Annotated[str, AfterValidator(_moment)]
EndpointId = Annotated[str, StringConstraints(pattern=r"^whe_[a-z2-7]{26}$")]
PaymentId = Annotated[str, StringConstraints(pattern=r"^pay_[a-z2-7]{26}$")]
EventId = Annotated[str, StringConstraints(pattern=r"^evt_[a-z2-7]{26}$")]


BusArn = Annotated[str, StringConstraints(pattern=r"^arn:", max_length=MAX_ARN_CHARACTERS)]


class CreateEndpoint(Body):
    """POST /v1/webhooks/provider: a `url`, or with kind `eventbridge` the `bus_arn` of a bus."""

    kind: Annotated[Literal["https", "eventbridge"] | None, NEW_FIELD] = None
    url: Url | None = None
    bus_arn: Annotated[BusArn | None, NEW_FIELD] = None
    events: Subscriptions | None = None


class ChangeEndpoint(Body):
    """PATCH /v1/webhooks/provider/{endpoint_id}. Only the given fields change; the kind stays."""

    url: Url | None = None
    bus_arn: Annotated[BusArn | None, NEW_FIELD] = None
    events: Subscriptions | None = None
    is_active: bool | None = None


class RotateSecret(Body):
    """POST /v1/webhooks/provider/{endpoint_id}/rotate."""

    overlap_seconds: Annotated[int, Field(ge=0, le=MAX_OVERLAP_SECONDS)] = DEFAULT_OVERLAP_SECONDS


class Replay(Body):
    """POST /v1/webhooks/replay. `from` is inclusive, `to` exclusive."""

    from_: Annotated[Moment, Field(alias="from")]
    to: Moment
    endpoint_id: EndpointId | None = None
    events: Annotated[list[EventName], Field(min_length=1, max_length=len(EVENTS))] | None = None


class DeliveriesQuery(ListQuery):
    """GET /v1/webhooks/deliveries. With `payment_id`: deliveries of the payment's own events to the current endpoints."""

    payment_id: PaymentId | None = None
    status: Literal["pending", "retrying", "sent", "failed"] | None = None
    endpoint_id: EndpointId | None = None
    event_id: EventId | None = None
    event: EventName | None = None


class EventsQuery(ListQuery):
    """GET /v1/events. With `after`: the events after that one, oldest first, up to half a minute ago. Without: newest first."""

    after: EventId | None = None
    event: EventName | None = None


class RedriveDeadLetters(Body):
    """POST /operator/v1/queues/webhooks_dead/redrive. merchant_id: of one merchant alone."""

    reason: Text
    merchant_id: Annotated[str, StringConstraints(pattern=r"^mer_[a-z2-7]{26}$")] | None = None
