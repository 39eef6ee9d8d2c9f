"""Changes of what is stored already, for `paycorex migrate`: events and deliveries of before `EventRetentionDays` was set get their end."""

from functools import partial
from typing import Any

from paycorex import settings, storage
from paycorex.migrations import Change, Migration, NotNow
from paycorex.records.delivery import DeliveryItem
from paycorex.records.event import EventItem, kept_until


def declared() -> list[Migration]:
    """This room's migrations."""
    return [
        Migration(
            "events-end",
            "events of before get the end that EventRetentionDays gives new ones",
            EventItem,
            lambda item: EventItem.wire_key(item.merchant_shard, item.event_id),
            partial(_with_end, EventItem, "event_id", "evt_", "event_at"),
            _prepare,
        ),
        Migration(
            "deliveries-end",
            "deliveries of before get the same end",
            DeliveryItem,
            lambda item: DeliveryItem.wire_key(item.merchant_shard, item.delivery_id),
            partial(_with_end, DeliveryItem, "delivery_id", "whd_", "created_at"),
            _prepare,
        ),
    ]


def _prepare() -> None:
    if not settings.current().event_retention_days:
        raise NotNow("events are kept without end. Deploy with EventRetentionDays, and set EVENT_RETENTION_DAYS to the same number here.")


def _with_end(model: type[storage.Item], key: str, prefix: str, moment: str, item: Any) -> Change | None:
    """Other rows have other keys: beside a merchant's deliveries are replays and the dispatch windows."""
    if item.expires_at is not None or not getattr(item, key).startswith(prefix):
        return None
    attributes: Any = model
    return Change([attributes.expires_at.set(kept_until(int(getattr(item, moment))))], attributes.expires_at.does_not_exist())
