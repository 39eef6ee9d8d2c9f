"""Lanes: which of a merchant's chains this process appends to, and the heads that it remembers of them.

A warm environment keeps to one lane and remembers its head, so with at least as many lanes as concurrent environments there are neither
conflicts nor head reads. A remembered head may be stale: then the append is refused and the head is read again. An environment that was
refused goes to another lane, and where that happens to one posting again and again, the merchant gets more lanes (`lane_counts`).
"""

import random
from typing import Final

from paycorex import snapshots, storage
from paycorex.caching import TimedCache
from paycorex.ledger import lane_counts, store
from paycorex.ledger.account import Account
from paycorex.ledger.entry import Entry

HEADS_LIFETIME_SECONDS: Final = 900
HEADS_MAX_ENTRIES: Final = 2_000
# For so long this process knows of a growth itself; then the caller's lanes say it, which are at most as old.
COUNTS_LIFETIME_SECONDS: Final = 75
# How long a lane that refused is avoided.
BUSY_SECONDS: Final = 1.0

_heads: TimedCache[Entry] = TimedCache(lifetime_seconds=HEADS_LIFETIME_SECONDS, max_entries=HEADS_MAX_ENTRIES)
_choice: TimedCache[int] = TimedCache(lifetime_seconds=HEADS_LIFETIME_SECONDS, max_entries=HEADS_MAX_ENTRIES)
_counts: TimedCache[int] = TimedCache(lifetime_seconds=COUNTS_LIFETIME_SECONDS, max_entries=HEADS_MAX_ENTRIES)
_busy: TimedCache[bool] = TimedCache(lifetime_seconds=BUSY_SECONDS, max_entries=HEADS_MAX_ENTRIES)
_random = random.Random()  # noqa: S311 - spreads load, guards nothing
snapshots.after_restore(_random.seed)


def reseed(seed: int) -> None:
    """Make the choices of this process repeatable, for tests."""
    _random.seed(seed)


def known_lanes(merchant_id: str, lanes: int) -> int:
    """How many lanes a merchant has, as far as this process knows. lanes: what its caller knows."""
    return max(lanes, _counts.get(merchant_id) or 1)


def choose(merchant_id: str, lanes: int) -> int:
    """The lane that this process keeps to for a merchant. lanes: how many its caller knows of."""
    count = known_lanes(merchant_id, lanes)
    lane = _choice.get(merchant_id)
    if lane is None or lane >= count:
        lane = _random.randrange(count)
        _choice.put(merchant_id, lane)
    return lane


def switch_lane(merchant_id: str, lane: int, lanes: int) -> int:
    """Another lane, because this one refused: of two, one that did not refuse a moment ago. The same when there is only one."""
    if lanes > 1:
        _busy.put(f"{merchant_id}#{lane}", value=True)
        first, second = ((lane + _random.randrange(1, lanes)) % lanes for _ in range(2))
        lane = second if _busy.get(f"{merchant_id}#{first}") else first
        _choice.put(merchant_id, lane)
    return lane


def ask_for_more(merchant_id: str, lanes: int) -> int:
    """Give a merchant more lanes than these, unless another process did or its bound is reached; how many there are to use now."""
    try:
        counts = lane_counts.read(merchant_id)
        if counts.used <= lanes and counts.may_grow:
            counts = lane_counts.grow(merchant_id, counts)
    except (storage.Unavailable, storage.OutcomeUnknown):
        return lanes  # the posting goes on with those that are known
    _counts.put(merchant_id, counts.used)
    return counts.used


def lanes_to_read(merchant_id: str) -> int:
    """Over how many lanes a reader must look, so that it sees whatever was booked before now. One consistent read. Raises Unavailable."""
    return lane_counts.read(merchant_id).open


def head(account: Account, *, fresh: bool) -> Entry | None:
    """An account's newest entry as far as this process knows; `fresh` asks the store for the latest."""
    if not fresh and not account.must_not_be_negative:
        known = _heads.get(account.key)
        if known is not None:
            return known
    return store.head(account, consistent=fresh)


def remember(entries: tuple[Entry, ...]) -> None:
    """These entries are the heads now. Wallets and holds move in every environment, so theirs are not worth keeping."""
    for entry in entries:
        if not entry.account.must_not_be_negative:
            _heads.put(entry.account.key, entry)


def forget(accounts: tuple[Account, ...]) -> None:
    """Forget the heads of chains that another process appended to."""
    for account in accounts:
        _heads.forget(account.key)
