"""Statements: balances and turnovers between two instants, for the price of a few reads.

Entries carry running totals, so the turnover between two instants is the difference of two entries, each found by binary search.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from paycorex.ledger import store
from paycorex.ledger.account import Account
from paycorex.ledger.entry import Entry

PAGE_ENTRIES = 100


def heads_of(account: Account, lanes: int, *, consistent: bool = True) -> list[Entry]:
    """The newest entry of each lane that has one. One read per lane."""
    found = (store.head(account.on_lane(lane), consistent=consistent) for lane in _lanes(account, lanes))
    return [entry for entry in found if entry is not None]


def balance_of(account: Account, lanes: int = 1) -> int:
    """Minor units, summed over the lanes, by consistent reads. (The lanes are read one after another.)"""
    return sum(entry.balance for entry in heads_of(account, lanes))


def head_at(account: Account, moment_ms: int, *, consistent: bool = False) -> Entry | None:
    """The last entry of one chain that was made at or before a moment: its state then. O(log n) single-item reads."""
    newest = store.head(account, consistent=consistent)
    if newest is None or newest.created_at <= moment_ms:
        return newest
    low, high = 0, newest.seq - 1
    found: Entry | None = None
    while low < high:
        middle = (low + high + 1) // 2
        entry = store.read(account, first_seq=middle, last_seq=middle, consistent=consistent).items[0]
        if entry.created_at <= moment_ms:
            low, found = middle, entry
        else:
            high = middle - 1
    return found


def entries_between(account: Account, *, from_ms: int = 0, to_ms: int | None = None, before_seq: int | None = None) -> Iterator[Entry]:
    """Entries of one chain with from ≤ created_at < to, newest first, read a page at a time as they are asked for.

    before_seq: go on below this sequence number of the same walk.
    """
    last = before_seq - 1 if before_seq is not None else _last_before(account, to_ms)
    while last is None or last > 0:
        page = store.read(account, last_seq=last, newest_first=True, limit=PAGE_ENTRIES)
        for entry in page.items:
            if entry.created_at < from_ms:
                return
            yield entry
        if len(page.items) < PAGE_ENTRIES:
            return
        last = page.items[-1].seq - 1


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """Some entries of one chain, newest first, and where to go on (None at the end)."""

    entries: list[Entry]
    position: str | None


def page_of(account: Account, *, limit: int, before_seq: int | None = None) -> EntriesPage:
    """The newest entries of one chain below a sequence number. One read."""
    last = None if before_seq is None else before_seq - 1
    if last == 0:
        return EntriesPage([], None)
    entries = store.read(account, last_seq=last, newest_first=True, limit=limit).items
    more = bool(entries) and entries[-1].seq > 1
    return EntriesPage(entries, str(entries[-1].seq) if more else None)


def _last_before(account: Account, to_ms: int | None) -> int | None:
    if to_ms is None:
        return None
    entry = head_at(account, to_ms - 1)
    return entry.seq if entry else 0


def _lanes(account: Account, lanes: int) -> range:
    return range(lanes if account.is_laned else 1)
