"""The `disputes` table, and what a dispute changes on its payment."""

from collections.abc import Callable
from typing import Final

from pynamodb.expressions.condition import Condition

from paycorex import storage
from paycorex.records import operator_work
from paycorex.records.dispute import DisputeItem, has_unknown_answer

_BY_MERCHANT: Final = "by_merchant"
PAGE_ROWS: Final = 100


def find(dispute_id: str) -> DisputeItem | None:
    """A dispute as it stands now. Raises storage.Unavailable."""
    return storage.get(DisputeItem, dispute_id)


def new(item: DisputeItem) -> storage.Write:
    """Store a dispute that is not there yet."""
    return storage.put(item, DisputeItem.dispute_id.does_not_exist())


def changes(before: DisputeItem, after: DisputeItem) -> list[storage.Write]:
    """Store a dispute's next version, unless another write did since `before` was read; then its row among what operators look at, which
    comes and goes with an answer whose outcome is not known. Only the first can be refused.
    """
    actions = storage.difference(before, after)
    change = storage.update(DisputeItem, DisputeItem.wire_key(before.dispute_id), actions, DisputeItem.version == int(before.version))
    was, is_now = has_unknown_answer(before), has_unknown_answer(after)
    return [change, *operator_work.changes(operator_work.ANSWERS, after.dispute_id, after.merchant_id, was=was, is_now=is_now)]


def of_merchant(merchant_id: str, *, keep: Callable[[DisputeItem], bool], limit: int, position: str | None) -> storage.Merged[DisputeItem]:
    """A merchant's disputes, newest first. Raises storage.Unavailable."""
    return storage.merge_newest_first(
        [merchant_id],
        lambda partition, below: storage.query(
            DisputeItem,
            _below(DisputeItem.merchant_id == partition, DisputeItem.order_key < below if below else None),
            index=_BY_MERCHANT,
            newest_first=True,
            limit=PAGE_ROWS,
        ),
        sort_key=lambda item: item.order_key,
        keep=keep,
        limit=limit,
        position=position,
    )


def _below(partition: Condition, bound: Condition | None) -> Condition:
    return partition if bound is None else partition & bound
