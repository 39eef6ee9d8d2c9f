"""Circuit breakers: a connector that keeps failing for a merchant is left alone for a while. Table `circuit_breakers`, shared by all.

Closed: no row. A row counts failures in a row; at the threshold it is open until a moment. After that moment the first caller that moves
it on may probe: success removes the row, failure opens it for twice as long.
"""

from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, storage
from paycorex.caching import TimedCache

THRESHOLD: Final = 5
# Failures further apart than this are not in a row.
WINDOW_SECONDS: Final = 60
OPEN_SECONDS: Final = 30
MAX_OPEN_SECONDS: Final = 600
_KNOWN_SECONDS: Final = 2


class BreakerItem(storage.Item):
    """Failures in a row of one merchant's connector. Times are milliseconds since the epoch, `expires_at` seconds (TTL)."""

    class Meta:
        """Which table."""

        table_name = "circuit_breakers"

    breaker_id = UnicodeAttribute(hash_key=True)
    failures = NumberAttribute(default=0)
    last_failure_at = NumberAttribute(default=0)
    open_until = NumberAttribute(null=True)
    open_seconds = NumberAttribute(default=0)
    expires_at = NumberAttribute()


# A healthy connector costs one read in two seconds and environment, not one a payment.
_known: TimedCache[BreakerItem] = TimedCache(lifetime_seconds=_KNOWN_SECONDS, max_entries=500)
_CLOSED: Final = BreakerItem(failures=0)


def may_call(merchant_id: str, connector: str) -> bool:
    """False while the breaker is open. When its time is up, True for the one caller that probes."""
    item = _find(merchant_id, connector)
    if item.open_until is None:
        return True
    now = clock.now_ms()
    return int(item.open_until) <= now and _take_probe(item, now)


def is_open(merchant_id: str, connector: str) -> bool:
    """Whether calls are held back now; takes no probe."""
    return open_until(merchant_id, connector) is not None


def open_until(merchant_id: str, connector: str) -> int | None:
    """Until when calls are held back, in milliseconds since the epoch; None where they are not."""
    until = _find(merchant_id, connector).open_until
    return None if until is None or int(until) <= clock.now_ms() else int(until)


def succeeded(merchant_id: str, connector: str) -> None:
    """The connector answered. A write only when it had failed before."""
    item = _find(merchant_id, connector)
    if int(item.failures) == 0:
        return
    _forget(merchant_id, connector)
    _quietly(storage.delete(BreakerItem, BreakerItem.wire_key(_id(merchant_id, connector)), None))


def failed(merchant_id: str, connector: str, rest_seconds: int | None = None) -> None:
    """The connector could not be reached, or did not answer. rest_seconds: it asked to be left alone for so long."""
    now, breaker_id = clock.now_ms(), _id(merchant_id, connector)
    try:
        item = storage.get(BreakerItem, breaker_id) or BreakerItem(breaker_id=breaker_id)
    except storage.Unavailable:
        return
    in_a_row = int(item.failures) + 1 if now - int(item.last_failure_at) <= WINDOW_SECONDS * 1000 or item.open_until else 1
    actions = [
        BreakerItem.failures.set(in_a_row),
        BreakerItem.last_failure_at.set(now),
        BreakerItem.expires_at.set(now // 1000 + MAX_OPEN_SECONDS + WINDOW_SECONDS),
    ]
    if in_a_row >= THRESHOLD or rest_seconds:
        seconds = min(rest_seconds or max(OPEN_SECONDS, 2 * int(item.open_seconds)), MAX_OPEN_SECONDS)
        actions += [BreakerItem.open_until.set(now + seconds * 1000), BreakerItem.open_seconds.set(seconds)]
    _forget(merchant_id, connector)
    # Two that fail at once may count as one: the breaker then opens a call later.
    _quietly(storage.update(BreakerItem, BreakerItem.wire_key(breaker_id), actions, None))


def _take_probe(item: BreakerItem, now: int) -> bool:
    """One probe at a time: the first caller that moves the moment on may call."""
    moved = [BreakerItem.open_until.set(now + OPEN_SECONDS * 1000)]
    _known.forget(item.breaker_id)
    try:
        unmoved = BreakerItem.open_until == int(item.open_until)
        storage.run(storage.update(BreakerItem, BreakerItem.wire_key(item.breaker_id), moved, unmoved))
    except (storage.ConditionRefused, storage.Unavailable, storage.OutcomeUnknown):
        return False
    return True


def _find(merchant_id: str, connector: str) -> BreakerItem:
    breaker_id = _id(merchant_id, connector)
    known = _known.get(breaker_id)
    if known is None:
        try:
            known = storage.get(BreakerItem, breaker_id, consistent=False) or _CLOSED
        except storage.Unavailable:
            # A breaker protects; it must not be what stops a payment.
            return _CLOSED
        _known.put(breaker_id, known)
    return known


def _forget(merchant_id: str, connector: str) -> None:
    _known.forget(_id(merchant_id, connector))


def _id(merchant_id: str, connector: str) -> str:
    return f"{merchant_id}#{connector}"


def _quietly(write: storage.Write) -> None:
    """A count that is lost costs a call more or less, never a payment."""
    try:
        storage.run(write)
    except (storage.Unavailable, storage.OutcomeUnknown):
        return
