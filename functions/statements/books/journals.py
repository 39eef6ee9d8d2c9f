"""Journals of a period in the order of time, read from all of the merchant's chains at once.

The entries of one journal may be dated some moments apart, so a journal is dated by the last of its entries: on which side of a moment it
lies is then the same for each of its accounts. Entries are read with a margin around the period, and a journal that is not whole is
completed by `users` or refused.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from paycorex.ledger import Entry
from statements.books import chains, concerns, users
from statements.books.booked import MARGIN_MS, Booked, journal_of

# How many journals are completed together.
_TOGETHER: Final = 200


def booked(merchant_id: str, *, from_ms: int, to_ms: int, after: str | None = None) -> Iterator[Booked]:
    """Journals with from ≤ t < to, oldest first. after: go on after this place. Raises storage.Unavailable, Incomplete."""
    start_ms = max(from_ms, int(after.partition("#")[0])) if after else from_ms
    streams = chains.ascending(merchant_id, from_ms=start_ms - MARGIN_MS, to_ms=to_ms + MARGIN_MS)
    wanted = (each for each in _grouped(streams) if start_ms <= each.at_ms < to_ms and (after is None or each.place > after))
    for part in _parts(wanted):
        yield from concerns.noted(list(users.completed(part)))


def _parts(journals: Iterator[Booked]) -> Iterator[list[Booked]]:
    part: list[Booked] = []
    for journal in journals:
        part.append(journal)
        if len(part) == _TOGETHER:
            yield part
            part = []
    yield part


def _grouped(streams: list[Iterator[Entry]]) -> Iterator[Booked]:
    """Journals in the order of their places."""
    gathering = _Gathering()
    for entry in heapq.merge(*streams, key=lambda entry: entry.created_at):
        yield from gathering.passed(entry.created_at)
        gathering.add(entry)
    yield from gathering.passed(None)


@dataclass(slots=True)
class _Gathering:
    """Entries that wait for the rest of their journal, and journals that wait for those dated before them."""

    waiting: dict[str, list[Entry]] = field(default_factory=dict)
    whole: list[tuple[str, Booked]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        self.waiting.setdefault(entry.journal_id, []).append(entry)

    def passed(self, now_ms: int | None) -> Iterator[Booked]:
        """What is certain once the merged streams are at a moment; None: at their end."""
        # Journals wait in the order of their first entries.
        while self.waiting:
            entries = next(iter(self.waiting.values()))
            if now_ms is not None and entries[0].created_at + MARGIN_MS >= now_ms:
                break
            del self.waiting[entries[0].journal_id]
            journal = journal_of(entries)
            heapq.heappush(self.whole, (journal.place, journal))
        while self.whole and (now_ms is None or self.whole[0][1].at_ms + MARGIN_MS < now_ms):
            yield heapq.heappop(self.whole)[1]
