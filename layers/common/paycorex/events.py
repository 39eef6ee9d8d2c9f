"""From a table's stream to events: which write is an event, and what it says. What is done with it is the dispatcher's.

A write is an event when it changed the record's `sequence`; it is then exactly the one that the record names. Everything follows from the
new image, so the same stream record always yields the same event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from pydantic import BaseModel

from paycorex import settings
from paycorex.records import (
    api_key_view,
    checkout_session,
    crypto_transaction,
    dispute,
    endpoint,
    payment,
    reconciliation_item,
    refund,
    settlement,
    token,
    transfer,
)
from paycorex.records.api_key import ApiKeyItem
from paycorex.records.checkout_session import SessionItem
from paycorex.records.crypto_transaction import CryptoTransactionItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.endpoint import EndpointItem
from paycorex.records.payment import PaymentItem
from paycorex.records.reconciliation_item import ReconciliationItem
from paycorex.records.refund import RefundItem
from paycorex.records.settlement import SettlementItem
from paycorex.records.stamps import StampedItem, event_id, previous_event_id
from paycorex.records.token import TokenItem
from paycorex.records.transfer import TransferItem

StreamRecord = Mapping[str, Any]


class UnknownTable(Exception):
    """A stream of a table that has no events: the template and this registry disagree."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one of a merchant's records. `event_at` is milliseconds since the epoch; `data` the object as it stood."""

    event_id: str
    event: str
    merchant_id: str
    event_at: int
    sequence: int
    previous_event_id: str | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a table's records become events: their model, their id, and the contract object."""

    model: type[StampedItem]
    record_id: Callable[[Any], str]
    view: Callable[[Any], BaseModel]


KINDS: Final[Mapping[str, Kind]] = {
    "payments": Kind(PaymentItem, attrgetter("payment_id"), payment.view),
    "refunds": Kind(RefundItem, attrgetter("refund_id"), refund.view),
    "disputes": Kind(DisputeItem, attrgetter("dispute_id"), dispute.event_view),
    "settlements": Kind(SettlementItem, attrgetter("settlement_id"), settlement.view),
    "reconciliation_items": Kind(ReconciliationItem, attrgetter("item_id"), reconciliation_item.view),
    "checkout_sessions": Kind(SessionItem, attrgetter("session_id"), checkout_session.view),
    "transfers": Kind(TransferItem, attrgetter("transfer_id"), transfer.view),
    "tokens": Kind(TokenItem, attrgetter("token_id"), token.view),
    "api_keys": Kind(ApiKeyItem, attrgetter("key_id"), api_key_view.view),
    "crypto_transactions": Kind(CryptoTransactionItem, crypto_transaction.record_id, crypto_transaction.view),
    "webhook_endpoints": Kind(EndpointItem, attrgetter("endpoint_id"), endpoint.view),
}


def from_stream(record: StreamRecord) -> Event | None:
    """The event of a stream record; None when the write was not one. Raises UnknownTable."""
    change: Mapping[str, Any] = record["dynamodb"]
    image: Mapping[str, Any] = change.get("NewImage") or {}
    sequence = image.get("sequence")
    if sequence is None or sequence == (change.get("OldImage") or {}).get("sequence"):
        return None
    kind = _kind_of(record)
    item = kind.model.load(image)
    return None if item.event is None else of_record(item, kind.record_id(item), kind.view(item).model_dump(mode="json"))


def of_record(item: StampedItem, record_id: str, data: dict[str, Any]) -> Event:
    """The latest event of a record."""
    return Event(
        event_id=event_id(record_id, item),
        event=str(item.event),
        merchant_id=str(getattr(item, "merchant_id", "")),
        event_at=int(item.event_at or 0),
        sequence=int(item.sequence),
        previous_event_id=previous_event_id(record_id, item),
        data=data,
    )


def _kind_of(record: StreamRecord) -> Kind:
    # arn:aws:dynamodb:<region>:<account>:table/<prefix><noun>/stream/<label>
    table = str(record["eventSourceARN"]).split(":table/", 1)[-1].split("/", 1)[0]
    kind = KINDS.get(table.removeprefix(settings.current().table_prefix))
    if kind is None:
        raise UnknownTable(table)
    return kind
