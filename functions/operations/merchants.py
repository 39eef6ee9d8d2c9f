"""What operators do with merchants: list them, suspend and resume them, set their request rate."""

from typing import Final

from operations import store
from operations.views import MerchantLine, MerchantPage, MerchantRate
from paycorex import clock, storage
from paycorex.errors import InvalidRequest, NotFound, TemporarilyUnavailable
from paycorex.records.effective import effective_at
from paycorex.records.merchant import MerchantItem

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
# The status that a list shows for a merchant whose record cannot be read.
UNREADABLE: Final = "unreadable"
MAX_REQUESTS_PER_SECOND: Final = 10_000
MAX_TRIES: Final = 4


def page(limit: int, after: str | None) -> MerchantPage:
    """One page of merchants."""
    items, more = store.merchants(limit, after)
    return MerchantPage(data=[_unreadable(item) if isinstance(item, str) else _line(item) for item in items], next_after=more)


def set_status(merchant_id: str, status: str) -> MerchantLine:
    """Suspend or resume a merchant; the answer says from when this takes effect everywhere. Raises NotFound, TemporarilyUnavailable."""
    for _try in range(MAX_TRIES):
        found = store.find_merchant(merchant_id)
        if found is None:
            raise NotFound("merchant")
        if found.status == status:
            return _line(found)
        try:
            store.set_status(found, status)
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
    found = store.find_merchant(merchant_id)
    if found is None or found.status != status:
        raise TemporarilyUnavailable
    return _line(found)


def set_requests_per_second(merchant_id: str, limit: int) -> MerchantRate:
    """Set how many requests a second a merchant may make. It takes effect within a minute.

    Raises NotFound, InvalidRequest, TemporarilyUnavailable.
    """
    if not 1 <= limit <= MAX_REQUESTS_PER_SECOND:
        raise InvalidRequest(f"A limit is 1 to {MAX_REQUESTS_PER_SECOND} requests a second.")
    for _try in range(MAX_TRIES):
        found = store.find_merchant(merchant_id)
        if found is None:
            raise NotFound("merchant")
        try:
            store.set_requests_per_second(found, limit)
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
        return MerchantRate(merchant_id=merchant_id, requests_per_second=limit)
    raise TemporarilyUnavailable


def _unreadable(merchant_id: str) -> MerchantLine:
    """The line of a merchant whose record cannot be read: an operator must inspect it."""
    never = clock.rfc3339(0)
    blank = dict.fromkeys(("name", "email", "currency"), "")
    lanes = dict.fromkeys(("ledger_lanes", "open_ledger_lanes"), 0)
    return MerchantLine(merchant_id=merchant_id, **blank, **lanes, status=UNREADABLE, status_effective_at=None, created_at=never)


def _line(item: MerchantItem) -> MerchantLine:
    return MerchantLine(
        merchant_id=item.merchant_id,
        name=item.name,
        email=item.email,
        currency=item.currency,
        status=item.status,
        status_effective_at=effective_at(item.status_changed_at),
        ledger_lanes=item.settings.ledger_lanes,
        open_ledger_lanes=item.settings.open_ledger_lanes,
        created_at=clock.rfc3339(int(item.created_at)),
    )
