"""Event stamps: what a record carries so that its stream yields exactly one event per transition.

A write that is an event raises `sequence` by one and names the event. Event ids follow from the record's id and the sequence, so a stream
record delivered twice, or an invocation repeated, makes the same event.
"""

from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from paycorex import ids
from paycorex.storage import Item

EVENTS: Final = (
    "payment.created",
    "payment.processing",
    "payment.success",
    "payment.failed",
    "payment.expired",
    "payment.late_money",
    "payment.contradicted",
    "payment.disputed",
    "payment.authorized",
    "payment.captured",
    "payment.voided",
    "payment.released",
    "payment.reviewed",
    "authorization.expiring",
    "authorization.expired",
    "refund.created",
    "refund.external",
    "refund.success",
    "refund.failed",
    "dispute.created",
    "dispute.updated",
    "dispute.closed",
    "dispute.double_loss",
    "settlement.reconciled",
    "reconciliation.exception",
    "wallet.topup",
    "crypto.detected",
    "crypto.confirmed",
    "crypto.reorged",
    "checkout.created",
    "checkout.paid",
    "checkout.expired",
    "token.created",
    "token.deleted",
    "apikey.rotated",
    "webhook.disabled",
    "webhook.test",
)

# The scope that shows the object which an event tells of, by the first word of the event's name.
_SCOPES: Final = {
    "payment": "payments:read",
    "authorization": "payments:read",
    "refund": "payments:read",
    "dispute": "disputes:read",
    "settlement": "settlements:read",
    "reconciliation": "settlements:read",
    "wallet": "wallet:read",
    "crypto": "crypto:read",
    "checkout": "checkout:read",
    "token": "tokens:read",
    "apikey": "merchant:read",
    "webhook": "webhooks:read",
}


def scope_of(event: str) -> str:
    """What a key needs to read an event of this name beside `webhooks:read`. Raises KeyError for a name of no known object."""
    return _SCOPES[event.partition(".")[0]]


class StampedItem(Item):
    """Base of records that have events. `event_at` and `previous_event_at` are milliseconds since the epoch."""

    sequence = NumberAttribute(default=0)
    event = UnicodeAttribute(null=True)
    event_at = NumberAttribute(null=True)
    previous_event_at = NumberAttribute(null=True)


def stamp(event: str, now_ms: int, previous: StampedItem | None = None) -> dict[str, Any]:
    """The attributes of a write that is this event, after the record as it was.

    Ids sort by their time, so of two events within a millisecond, or by two clocks, the later one has a later time.
    """
    if event not in EVENTS:
        raise AssertionError(event)
    before = previous.event_at if previous else None
    return {
        "sequence": int(previous.sequence) + 1 if previous else 1,
        "event": event,
        "event_at": now_ms if before is None else max(now_ms, int(before) + 1),
        "previous_event_at": before,
    }


def stamp_actions(event: str, now_ms: int, previous: StampedItem) -> list[Action]:
    """The same as update actions."""
    values = stamp(event, now_ms, previous)
    actions: list[Action] = [
        StampedItem.sequence.set(values["sequence"]),
        StampedItem.event.set(event),
        StampedItem.event_at.set(values["event_at"]),
    ]
    if previous.event_at is not None:
        actions.append(StampedItem.previous_event_at.set(previous.event_at))
    return actions


def event_id(record_id: str, item: StampedItem) -> str:
    """The id of the record's latest event."""
    return ids.derive_ordered("evt", int(item.event_at or 0), record_id, str(int(item.sequence)))


def previous_event_id(record_id: str, item: StampedItem) -> str | None:
    """The id of the event before it; None for the first."""
    if item.previous_event_at is None:
        return None
    return ids.derive_ordered("evt", int(item.previous_event_at), record_id, str(int(item.sequence) - 1))
