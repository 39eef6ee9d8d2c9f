"""The `routing_outcomes` table: a window for each connector in each segment of a merchant. Written by the fold alone, read by routing."""

from collections.abc import Iterable, Mapping
from typing import Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, storage
from paycorex.backoff import jitter
from paycorex.caching import TimedCache
from paycorex.routing_outcomes.segment import Segment
from paycorex.routing_outcomes.window import Observation, Tally, Window

# What a decision goes by is at most so old.
KNOWN_SECONDS: Final = 60
# Windows of a segment in which nothing happens are forgotten.
KEPT_SECONDS: Final = 90 * 24 * 3600
# Says that no person wrote it.
FOLD: Final = "fold"
MAX_TRIES: Final = 8
_CEILING_SECONDS: Final = 0.05
_PAGE: Final = 50


class OutcomesItem(storage.Item):
    """One window. `updated_at` is milliseconds since the epoch, `expires_at` seconds (TTL)."""

    class Meta:
        """Which table."""

        table_name = "routing_outcomes"

    merchant_id = UnicodeAttribute(hash_key=True)
    segment = UnicodeAttribute(range_key=True)
    packed = BinaryAttribute(legacy_encoding=False)
    version = NumberAttribute(default=0)
    made_by = UnicodeAttribute(default=FOLD)
    updated_at = NumberAttribute()
    expires_at = NumberAttribute()


_known: TimedCache[Mapping[str, Tally]] = TimedCache(lifetime_seconds=KNOWN_SECONDS, max_entries=500)


def tallies(merchant_id: str, segment: Segment) -> Mapping[str, Tally]:
    """What is known of each connector in a segment, at most a minute old. Raises storage.Unavailable."""
    key = f"{merchant_id}#{segment.prefix}"
    found = _known.get(key)
    if found is None:
        condition = (OutcomesItem.merchant_id == merchant_id) & OutcomesItem.segment.startswith(segment.prefix)
        rows = storage.query(OutcomesItem, condition).items
        now = int(clock.now_seconds())
        found = {Segment.of_row(row.segment)[1]: Window.unpack(row.packed).tally(now) for row in rows}
        _known.put(key, found)
    return found


def page(merchant_id: str, position: str | None, limit: int = _PAGE) -> tuple[list[OutcomesItem], str | None]:
    """Some of a merchant's windows, by segment, and the position to go on after. Raises storage.Unavailable."""
    start = None if position is None else OutcomesItem.wire_key(merchant_id, position)
    found = storage.query(OutcomesItem, OutcomesItem.merchant_id == merchant_id, limit=limit, start=start)
    return found.items, None if found.next_start is None else found.items[-1].segment


def add(merchant_id: str, segment: str, observations: Iterable[Observation]) -> bool:
    """Put outcomes into a window; False when it had them already. Raises storage.Unavailable when others were always faster."""
    seen = list(observations)
    for tries in range(1, MAX_TRIES + 1):
        known = storage.get(OutcomesItem, merchant_id, segment)
        before = Window.empty() if known is None else Window.unpack(known.packed)
        after = before.merged(seen)
        if after == before:
            return False
        try:
            storage.run(_write(merchant_id, segment, known, after))
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            clock.sleep(jitter(_CEILING_SECONDS * tries))
        else:
            return True
    raise storage.Unavailable("routing outcomes contended")


def _write(merchant_id: str, segment: str, known: OutcomesItem | None, after: Window) -> storage.Write:
    now = clock.now_ms()
    version = int(known.version) if known else 0
    item = OutcomesItem(
        merchant_id=merchant_id,
        segment=segment,
        packed=after.pack(),
        version=version + 1,
        updated_at=now,
        expires_at=now // 1000 + KEPT_SECONDS,
    )
    return storage.put(item, OutcomesItem.version == version if known else OutcomesItem.segment.does_not_exist())
