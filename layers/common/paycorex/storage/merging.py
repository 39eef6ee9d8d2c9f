"""Lists over partitions that were split to spread writes: a k-way merge, newest first.

The position is the sort key of the last row that was shown; every partition goes on below it, so a cursor needs no state per partition.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from paycorex.storage.reads import Page

# A filter that matches little ends the page early, with a cursor, instead of reading on for ever.
MAX_ROWS_READ: Final = 2_000


@dataclass(frozen=True, slots=True)
class Merged[M]:
    """Some rows of a merged list, and where to go on (None at the end)."""

    items: list[M]
    position: str | None


def merge_newest_first[M](
    partitions: Sequence[str],
    read: Callable[[str, str | None], Page[M]],
    *,
    sort_key: Callable[[M], str],
    keep: Callable[[M], bool],
    limit: int,
    position: str | None,
) -> Merged[M]:
    """At most `limit` rows that `keep` accepts, over all partitions, below `position`."""
    streams = [_rows(partition, read, sort_key, position) for partition in partitions]
    return take_newest(streams, sort_key=sort_key, keep=keep, limit=limit)


def take_newest[M](
    streams: Sequence[Iterator[M]],
    *,
    sort_key: Callable[[M], str],
    limit: int,
    keep: Callable[[M], bool] = lambda _row: True,
) -> Merged[M]:
    """At most `limit` rows that `keep` accepts of streams that are each newest first."""
    kept: list[M] = []
    last: str | None = None
    for seen, row in enumerate(heapq.merge(*streams, key=lambda row: _descending(sort_key(row)))):
        if len(kept) == limit or seen == MAX_ROWS_READ:
            return Merged(kept, last)
        last = sort_key(row)
        if keep(row):
            kept.append(row)
    return Merged(kept, None)


def _rows[M](partition: str, read: Callable[[str, str | None], Page[M]], sort_key: Callable[[M], str], position: str | None) -> Iterator[M]:
    while True:
        page = read(partition, position)
        yield from page.items
        if page.next_start is None or not page.items:
            return
        position = sort_key(page.items[-1])


@dataclass(frozen=True, slots=True, order=False)
class _Descending:
    text: str

    def __lt__(self, other: "_Descending") -> bool:
        return self.text > other.text


def _descending(text: str) -> _Descending:
    return _Descending(text)


__all__ = ["MAX_ROWS_READ", "Merged", "merge_newest_first", "take_newest"]
