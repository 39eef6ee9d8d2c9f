"""Whether a month is closed now: it was closed, and no operator has opened it again since."""

from paycorex.errors import NotFound
from statements import store
from statements.store import PeriodItem


def of(merchant_id: str, month: str) -> PeriodItem | None:
    """The closing that stands; None while the month is open. Raises storage.Unavailable."""
    item = store.closed(merchant_id, month)
    if item is None or store.reopening(merchant_id, month, store.version_of(item)) is not None:
        return None
    return item


def find(merchant_id: str, month: str) -> PeriodItem:
    """A month as it was closed last, which an operator may have opened again. Raises NotFound, storage.Unavailable."""
    item = store.closed(merchant_id, month)
    if item is None:
        raise NotFound("closed month")
    return item
