"""When the janitor must look at a payment, refund, dispute, checkout or code: the due time on it, and the index `by_due` of its table."""

from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, Final
from zlib import crc32

from paycorex import storage
from paycorex.records.checkout_session import SessionItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.order import order_key
from paycorex.records.payment import PaymentItem
from paycorex.records.qr_code import QrCodeItem
from paycorex.records.refund import RefundItem

# Few, because a row is in the index only while it is open; by merchant, so that one with thousands holds up few others.
DUE_SHARDS: Final = 16
_BY_DUE: Final = "by_due"


def set_due(item: Any, due_ms: int | None) -> None:
    """When the janitor must look at a record; None takes it out of the janitor's index."""
    if due_ms is None:
        item.due_shard = item.due_at = None
        return
    record_id = record_id_of(item)
    item.due_shard = due_shard(crc32(str(item.merchant_id).encode()) % DUE_SHARDS)
    item.due_at = order_key(due_ms, record_id)


def record_id_of(item: Any) -> str:
    """The id of a record that can be due."""
    match item:
        case RefundItem():
            return str(item.refund_id)
        case DisputeItem():
            return str(item.dispute_id)
        case SessionItem():
            return str(item.session_id)
        case QrCodeItem():
            return str(item.qr_code_id)
        case _:
            return str(item.payment_id)


def due_shard(number: int) -> str:
    """A partition of the janitor's index."""
    return f"due#{number}"


def due_before(now_ms: int) -> str:
    """Sorts after every due time up to now."""
    return order_key(now_ms, "due_~")


@dataclass(frozen=True, slots=True)
class Due:
    """An entry of the janitor's index: the record, and the time that it is in the index with."""

    model: type[PaymentItem | RefundItem | DisputeItem | SessionItem | QrCodeItem]
    record_id: str
    due_at: str


def payments(now_ms: int, limit: int) -> list[Due]:
    """Payments that are due, merchants by turns, each with the longest due first."""
    return [Due(PaymentItem, item.payment_id, str(item.due_at)) for item in _due(PaymentItem, now_ms, limit)]


def refunds(now_ms: int, limit: int) -> list[Due]:
    """Refunds that are due, merchants by turns, each with the longest due first."""
    return [Due(RefundItem, item.refund_id, str(item.due_at)) for item in _due(RefundItem, now_ms, limit)]


def disputes(now_ms: int, limit: int) -> list[Due]:
    """Disputes that are due, merchants by turns, each with the longest due first."""
    return [Due(DisputeItem, item.dispute_id, str(item.due_at)) for item in _due(DisputeItem, now_ms, limit)]


def sessions(now_ms: int, limit: int) -> list[Due]:
    """Checkout sessions whose time is over, merchants by turns, each with the longest due first."""
    return [Due(SessionItem, item.session_id, str(item.due_at)) for item in _due(SessionItem, now_ms, limit)]


def qr_codes(now_ms: int, limit: int) -> list[Due]:
    """Static codes whose provider is asked for payments, merchants by turns, each with the longest due first."""
    return [Due(QrCodeItem, item.qr_code_id, str(item.due_at)) for item in _due(QrCodeItem, now_ms, limit)]


def put_off(due: Due, due_ms: int) -> None:
    """Let the janitor look at it then, whatever else is in the record: it may be one that cannot be read."""
    actions = [due.model.due_at.set(order_key(due_ms, due.record_id))]
    try:
        storage.run(storage.update(due.model, due.model.wire_key(due.record_id), actions, due.model.due_at == due.due_at))
    except storage.ConditionRefused:
        return


def _due[M: (PaymentItem, RefundItem, DisputeItem, SessionItem, QrCodeItem)](model: type[M], now_ms: int, limit: int) -> list[M]:
    # Mostly nothing is open of a kind: one read says so for all partitions, every minute.
    if storage.is_empty(model, _BY_DUE):
        return []
    by_shard: list[list[M]] = []
    # Each minute another shard comes first, so that what takes the whole tick there does not do so every time.
    first, is_due = now_ms // 60_000, model.due_at <= due_before(now_ms)
    for number in range(first, first + DUE_SHARDS):
        condition = (model.due_shard == due_shard(number % DUE_SHARDS)) & is_due
        by_shard.append(storage.query(model, condition, index=_BY_DUE, limit=limit).items)
    turns = (item for turn in zip_longest(*by_shard) for item in turn if item is not None)
    return list(islice(turns, limit))
