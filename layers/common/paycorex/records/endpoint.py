"""A webhook endpoint: stored shape and contract object."""

from typing import Any, Final, Literal

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, event_buses, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.records.stamps import StampedItem
from paycorex.sealing import Context

EVERY_EVENT: Final = "*"


class EndpointItem(StampedItem):
    """An endpoint as it is stored. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "webhook_endpoints"

    merchant_id = UnicodeAttribute(hash_key=True)
    endpoint_id = UnicodeAttribute(range_key=True)
    # A URL, or the ARN of an event bus.
    url = UnicodeAttribute()
    events = JSONAttribute()
    is_active = BooleanAttribute(default=True)
    disabled_reason = UnicodeAttribute(null=True)
    # [{sealed, created_at, expires_at?}, ...], oldest first. A secret without expires_at is the current one.
    secrets = JSONAttribute()
    # Since when there has been nothing but failure; absent while deliveries succeed.
    failing_since = NumberAttribute(null=True)
    # Since when its answers take long; absent while they are quick.
    slow_since = NumberAttribute(null=True)
    failed_deliveries = NumberAttribute(default=0)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()

    @property
    def is_bus(self) -> bool:
        """True when its events are put on a bus of EventBridge."""
        return event_buses.is_bus(self.url)


class EndpointView(View):
    """The contract's endpoint object, without its secret. `url` of an event bus is its ARN, as `bus_arn` is."""

    endpoint_id: str
    mode: Mode
    kind: Literal["https", "eventbridge"]
    bus_arn: str | None
    url: str
    events: list[str]
    is_active: bool
    disabled_reason: str | None
    created_at: str


def secret_context(merchant_id: str) -> Context:
    """The context under which a merchant's endpoint secrets are sealed; each is bound to its endpoint's id."""
    return Context("webhook", merchant_id)


def live_secrets(item: EndpointItem, now_ms: int) -> list[dict[str, Any]]:
    """The stored secrets that sign now, oldest first."""
    return [secret for secret in item.secrets if secret.get("expires_at") is None or secret["expires_at"] > now_ms]


def wants(item: EndpointItem, event: str) -> bool:
    """True when the endpoint is active and subscribed to this event."""
    return bool(item.is_active) and (EVERY_EVENT in item.events or event in item.events)


def view(item: EndpointItem) -> EndpointView:
    """The contract object of a stored endpoint."""
    return EndpointView(
        endpoint_id=item.endpoint_id,
        mode=modes.of(item.merchant_id),
        kind="eventbridge" if item.is_bus else "https",
        bus_arn=item.url if item.is_bus else None,
        url=item.url,
        events=list(item.events),
        is_active=bool(item.is_active),
        disabled_reason=item.disabled_reason,
        created_at=clock.rfc3339(int(item.created_at)),
    )
