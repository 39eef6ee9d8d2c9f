"""Opening a closed month again: an operator does it, with a reason, and the month is closed once more by its merchant.

What the month was stays: its row, its files and the entry that seals it. Entries are not dated back, so its books stay the same, too; what
can become another is what its papers say of the merchant.
"""

from operations.views import ReopenedPeriod
from paycorex import clock, modes, storage
from paycorex.contract import Body
from paycorex.errors import InvalidState, NotFound
from paycorex.text import Text
from statements import store
from statements.store import MAX_REOPENINGS, PeriodItem


class Reopen(Body):
    """POST /admin/merchants/{merchant_id}/periods/{month}/reopen."""

    reason: Text


def reopen(merchant_id: str, month: str, given: Reopen, *, operator: str) -> ReopenedPeriod:
    """Open a month again; one that is open again already answers who did it. Raises NotFound, InvalidState, storage's failures."""
    item = store.closed(merchant_id, month)
    if item is None:
        raise NotFound("closed month")
    version = store.version_of(item)
    known = store.reopening(merchant_id, month, version)
    if known is None:
        if version > MAX_REOPENINGS:
            raise InvalidState(f"A month is opened again at most {MAX_REOPENINGS} times.")
        made = PeriodItem(
            merchant_id=merchant_id, month=month, version=version, made_at=clock.now_ms(), made_by=operator, reason=given.reason
        )
        try:
            storage.run(store.new_reopening(made))
            known = made
        except storage.ConditionRefused as refused:
            known = PeriodItem.load(refused.item)
    return ReopenedPeriod(
        merchant_id=merchant_id,
        mode=modes.of(merchant_id),
        month=month,
        version=version,
        reopened_at=clock.rfc3339(int(known.made_at or 0)),
        reopened_by=str(known.made_by),
        reason=str(known.reason),
    )
