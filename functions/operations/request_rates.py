"""Operators set how many requests a second a merchant may make."""

from typing import Final

from operations import store
from operations.views import MerchantRate
from paycorex import storage
from paycorex.errors import InvalidRequest, NotFound, TemporarilyUnavailable

MAX_REQUESTS_PER_SECOND: Final = 10_000
MAX_TRIES: Final = 4


def set_requests_per_second(merchant_id: str, limit: int) -> MerchantRate:
    """Set how many requests a second a merchant may make, within a minute everywhere. Raises NotFound, InvalidRequest."""
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
