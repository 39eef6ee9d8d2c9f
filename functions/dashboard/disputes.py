"""Disputes as their merchant lists them."""

from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from paycorex import clock, storage
from paycorex.contract import ListQuery, Moment, View
from paycorex.credentials import Caller
from paycorex.errors import NotFound
from paycorex.records.dispute import DisputeItem, DisputeView
from payments.disputes import store

COLUMNS: Final = (
    *("dispute_id", "payment_id", "created_at", "status", "stage", "amount", "currency", "due_at", "reason_code", "reason", "network"),
    *("provider", "provider_reference", "provider_status", "funds", "amount_counted", "double_loss", "payment_currency", "updated_at"),
)


class DisputesQuery(ListQuery):
    """GET /v1/disputes. due_before: exclusive; disputes that no longer wait for an answer have no due time that counts."""

    status: Literal["needs_response", "under_review", "won", "lost", "accepted", "expired", "closed"] | None = None
    due_before: Moment | None = None
    payment_id: Annotated[str, StringConstraints(pattern=r"^pay_[a-z2-7]{26}$")] | None = None
    format: Literal["json", "csv"] = "json"


class DisputeList(View):
    """A page of disputes, newest first."""

    data: list[DisputeView]
    next_cursor: str | None


def listed(caller: Caller, query: DisputesQuery, limit: int, position: str | None) -> storage.Merged[DisputeItem]:
    """One page, newest first. Raises storage.Unavailable."""
    due_before_ms = None if query.due_before is None else clock.parse_rfc3339(query.due_before)

    def keep(item: DisputeItem) -> bool:
        if (query.status or item.status) != item.status or (query.payment_id or item.payment_id) != item.payment_id:
            return False
        return due_before_ms is None or _is_due(item, due_before_ms)

    return store.of_merchant(caller.merchant_id, keep=keep, limit=limit, position=position)


def one(caller: Caller, dispute_id: str) -> DisputeItem:
    """One dispute of the merchant. Raises NotFound, storage.Unavailable."""
    item = store.find(dispute_id)
    if item is None or item.merchant_id != caller.merchant_id:
        raise NotFound("dispute")
    return item


def _is_due(item: DisputeItem, before_ms: int) -> bool:
    return item.status == "needs_response" and item.respond_by is not None and int(item.respond_by) < before_ms
