"""How many requests a second a merchant, and each of its keys, may make: token buckets with a low cost per request.

Each execution environment keeps its own copy of a merchant's buckets in memory and takes a token of both for each request. After every
few requests it adds what it admitted to one shared counter, and takes from its copy what the others admitted meanwhile, as the answer
says. So one write unit is shared by several requests, no request waits for another's, and what all environments admit together comes out
at the limit; at most what they have not reported to each other yet goes beyond it (`report_after` requests for each environment).
"""

import math
from dataclasses import dataclass, field
from typing import Any, Final

from paycorex import clock, storage
from paycorex.caching import TimedCache
from paycorex.credentials import Caller
from paycorex.errors import RateLimited
from paycorex.rate_limits import GuardItem

# A bucket holds this many seconds' worth, so that a burst after silence is no excess.
BURST_SECONDS: Final = 2
# One key gets at most this share, so that a system that runs wild leaves something for the merchant's others.
KEY_PERCENT: Final = 80
MAX_REPORT_AFTER: Final = 20
_LIFETIME_SECONDS: Final = 900
_MAX_MERCHANTS: Final = 500
# A counter lasts for an hour of the clock; what an environment learns from the first report of an hour is where to count on from.
_HOUR_SECONDS: Final = 3_600


def key_limit(per_second: int) -> int:
    """How many of a merchant's requests a second one key may make."""
    return max(1, per_second * KEY_PERCENT // 100)


def report_after(per_second: int, *, is_scarce: bool = False) -> int:
    """After how many requests an environment reports: more often where little is left."""
    most = max(1, min(MAX_REPORT_AFTER, per_second // 5))
    return max(1, most // 4) if is_scarce else most


@dataclass(slots=True)
class _Bucket:
    """One bucket as this environment knows it.

    own: what this environment's own requests left of a bucket of its own. all: what is left of the shared one, as far as is known; it
    overflows only when the others' requests are known too. counted: the shared counter at the last report of this hour.
    """

    per_second: int
    filled_at: float
    own: float = 0.0
    all: float = 0.0
    admitted: int = 0
    counted: int | None = None

    @classmethod
    def full(cls, per_second: int, now: float) -> "_Bucket":
        """A bucket of a merchant or key that this environment has not seen."""
        size = float(per_second * BURST_SECONDS)
        return cls(per_second, now, size, size)

    @property
    def left(self) -> float:
        """How many requests may come now."""
        return min(self.own, self.all)

    def refill(self, per_second: int, now: float) -> None:
        """Add the tokens of the elapsed time. A changed limit holds from now on."""
        gained = max(0.0, now - self.filled_at) * per_second
        self.per_second, self.filled_at = per_second, now
        self.own = min(self.own + gained, float(per_second * BURST_SECONDS))
        self.all += gained

    def take(self) -> None:
        """One request."""
        self.own -= 1
        self.all -= 1
        self.admitted += 1

    def learn(self, total: int) -> None:
        """Take the requests that other environments admitted from this copy too."""
        if self.counted is not None and total >= self.counted + self.admitted:
            self.all -= total - self.counted - self.admitted
        self.all = min(self.all, float(self.per_second * BURST_SECONDS))
        self.counted, self.admitted = total, 0


@dataclass(slots=True)
class _Merchant:
    whole: _Bucket
    keys: dict[str, _Bucket] = field(default_factory=dict)
    hour: int = 0
    report_at: int = 0


class Rates:
    """The buckets of one execution environment, by merchant."""

    def __init__(self) -> None:
        self._merchants: Final[TimedCache[_Merchant]] = TimedCache(lifetime_seconds=_LIFETIME_SECONDS, max_entries=_MAX_MERCHANTS)

    def take(self, caller: Caller) -> None:
        """Admit one request of this caller. No call to the store but after every few requests; then one write unit.

        Raises RateLimited, its details saying which limit, and of what.
        """
        if not caller.requests_per_second:
            return  # a deployment without limits
        now = clock.now_seconds()
        merchant = self._merchants.get(caller.merchant_id)
        if merchant is None:
            merchant = _Merchant(_Bucket.full(caller.requests_per_second, now))
            self._merchants.put(caller.merchant_id, merchant)
        by_key = key_limit(caller.requests_per_second)
        key = merchant.keys.get(caller.key_id)
        if key is None:
            key = merchant.keys[caller.key_id] = _Bucket.full(by_key, now)
        merchant.whole.refill(caller.requests_per_second, now)
        key.refill(by_key, now)
        _refuse_when_empty(key, "key")
        _refuse_when_empty(merchant.whole, "merchant")
        merchant.whole.take()
        key.take()
        if merchant.whole.admitted >= max(merchant.report_at, _due(merchant.whole, key)):
            _report(caller.merchant_id, merchant, int(now))


def _due(whole: _Bucket, key: _Bucket) -> int:
    is_scarce = any(bucket.left < bucket.per_second * BURST_SECONDS / 2 for bucket in (whole, key))
    return report_after(whole.per_second, is_scarce=is_scarce)


def _refuse_when_empty(bucket: _Bucket, what: str) -> None:
    if bucket.left >= 1:
        return
    wait = max(1, math.ceil((1 - bucket.left) / bucket.per_second))
    message = f"This {what} makes more than {bucket.per_second} requests a second."
    raise RateLimited(message, details={"limit": bucket.per_second, "per": what}, retry_after_seconds=wait)


def _report(merchant_id: str, merchant: _Merchant, now: int) -> None:
    """Add the requests admitted here to the shared counter, and read how many all environments admitted."""
    hour = now // _HOUR_SECONDS
    if hour != merchant.hour:
        merchant.hour = hour
        for bucket in (merchant.whole, *merchant.keys.values()):
            bucket.counted = None
    reported = {"uses": merchant.whole} | {key_id: bucket for key_id, bucket in merchant.keys.items() if bucket.admitted}
    try:
        counters = storage.run(_addition(f"requests#{merchant_id}#{hour}", reported, (hour + 2) * _HOUR_SECONDS))
    except (storage.Unavailable, storage.OutcomeUnknown):
        # Who keeps to the limit is not refused because it could not be counted: the next report is tried as many requests later.
        merchant.report_at = merchant.whole.admitted + report_after(merchant.whole.per_second)
        return
    merchant.report_at = 0
    for name, bucket in reported.items():
        bucket.learn(int(counters[name]["N"]))


def _addition(guard_id: str, reported: dict[str, _Bucket], expires_at: int) -> storage.Write:
    names = {f"#{index}": name for index, name in enumerate(reported)} | {"#e": "expires_at"}
    values: dict[str, Any] = {f":{index}": {"N": str(bucket.admitted)} for index, bucket in enumerate(reported.values())}
    added = ", ".join(f"#{index} :{index}" for index in range(len(reported)))
    parameters = {
        "TableName": GuardItem.physical_table(),
        "Key": GuardItem.wire_key(guard_id),
        "UpdateExpression": f"ADD {added} SET #e = :e",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values | {":e": {"N": str(expires_at)}},
    }
    return storage.Write("Update", parameters)


_here: Final = Rates()
take: Final = _here.take
