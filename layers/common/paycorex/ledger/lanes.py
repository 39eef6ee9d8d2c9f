"""Lanes: which of a merchant's chains this process appends to, and the heads that it remembers of them.

A warm environment keeps to one lane and remembers its head, so with at least as many lanes as concurrent environments there are neither
conflicts nor head reads. A remembered head may be stale: then the append is refused and the head is read again.
"""

import random
from typing import Final

from paycorex import snapshots
from paycorex.caching import TimedCache
from paycorex.ledger import store
from paycorex.ledger.account import Account, Entity
from paycorex.ledger.entry import Entry

HEADS_LIFETIME_SECONDS: Final = 900
HEADS_MAX_ENTRIES: Final = 2_000

_heads: TimedCache[Entry] = TimedCache(lifetime_seconds=HEADS_LIFETIME_SECONDS, max_entries=HEADS_MAX_ENTRIES)
_choice: TimedCache[int] = TimedCache(lifetime_seconds=HEADS_LIFETIME_SECONDS, max_entries=HEADS_MAX_ENTRIES)
_random = random.Random()  # noqa: S311 - spreads load, guards nothing
snapshots.after_restore(_random.seed)


def reseed(seed: int) -> None:
    """Make the choices of this process repeatable, for tests."""
    _random.seed(seed)


def choose(merchant_id: str, lanes: int) -> int:
    """The lane that this process keeps to for a merchant."""
    lane = _choice.get(merchant_id)
    if lane is None or lane >= lanes:
        lane = _random.randrange(lanes)
        _choice.put(merchant_id, lane)
    return lane


def switch_lane(merchant_id: str, lane: int, lanes: int) -> int:
    """Another lane, because this one is contended; the same when there is only one."""
    if lanes > 1:
        lane = (lane + _random.randrange(1, lanes)) % lanes
        _choice.put(merchant_id, lane)
    return lane


def head(account: Account, *, fresh: bool) -> Entry | None:
    """An account's newest entry as far as this process knows; `fresh` asks the store for the latest."""
    if not fresh and account.entity is not Entity.WALLET:
        known = _heads.get(account.key)
        if known is not None:
            return known
    return store.head(account, consistent=fresh)


def remember(entries: tuple[Entry, ...]) -> None:
    """These entries are the heads now. Wallets move in every environment, so theirs are not worth keeping."""
    for entry in entries:
        if entry.account.entity is not Entity.WALLET:
            _heads.put(entry.account.key, entry)


def forget(accounts: tuple[Account, ...]) -> None:
    """Forget the heads of chains that another process appended to."""
    for account in accounts:
        _heads.forget(account.key)
