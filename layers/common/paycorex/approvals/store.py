"""The table `approvals`: a merchant's, each changed on the condition of its version."""

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from paycorex import storage
from paycorex.records.approval import ApprovalItem


def find(merchant_id: str, approval_id: str) -> ApprovalItem | None:
    """One of this merchant as it stands now."""
    found = storage.get(ApprovalItem, approval_id)
    return found if found is not None and found.merchant_id == merchant_id else None


def put(item: ApprovalItem, before: ApprovalItem | None) -> storage.Write:
    """Store one that is asked for, in place of one that is over; refused when another request was faster."""
    unchanged = ApprovalItem.approval_id.does_not_exist() if before is None else ApprovalItem.version == int(before.version)
    return storage.put(item, unchanged)


def change(item: ApprovalItem, actions: Sequence[Action]) -> storage.Write:
    """Change one, unless it was changed since it was read."""
    version = int(item.version)
    key = ApprovalItem.wire_key(item.approval_id)
    return storage.update(ApprovalItem, key, [*actions, ApprovalItem.version.set(version + 1)], ApprovalItem.version == version)


def of_merchant(merchant_id: str, *, limit: int, position: str | None) -> tuple[list[ApprovalItem], str | None]:
    """A merchant's, those that were asked for last first, and the position to go on after. The index lags: each is read as it is now."""
    rows, more = storage.listed(ApprovalItem, ApprovalItem.merchant_id, merchant_id, index="by_merchant", limit=limit, position=position)
    return [now for row in rows if (now := storage.get(ApprovalItem, row.approval_id)) is not None], more
