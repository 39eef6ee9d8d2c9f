"""The answers of the webhooks' routes that are not a record's own view."""

from typing import Any

from paycorex import clock
from paycorex.contract import View
from paycorex.records import endpoint
from paycorex.records.delivery import DeliveryView
from paycorex.records.endpoint import EndpointItem, EndpointView
from paycorex.records.event import EventView


class SecretView(EndpointView):
    """An endpoint with its new secret, which is shown once: null when the answer is repeated."""

    secret: str | None = None
    # When the secrets before this one stop signing; null when there are none.
    previous_secret_expires_at: str | None = None


class EndpointList(View):
    """A page of endpoints."""

    data: list[EndpointView]
    next_cursor: str | None


class DeliveryList(View):
    """A page of deliveries."""

    data: list[DeliveryView]
    next_cursor: str | None


class EventList(View):
    """A page of events."""

    data: list[EventView]
    next_cursor: str | None


def with_secret(item: EndpointItem, secret: str | None, previous_expires_at_ms: int | None = None) -> SecretView:
    """An endpoint as create and rotate answer it."""
    shown: dict[str, Any] = endpoint.view(item).model_dump()
    expires_at = None if previous_expires_at_ms is None else clock.rfc3339(previous_expires_at_ms)
    return SecretView(**shown, secret=secret, previous_secret_expires_at=expires_at)


class RedriveView(View):
    """What one redrive did. results: messages by what became of each; waiting: about how many are left in the queue."""

    results: dict[str, int]
    seen: int
    waiting: int
