"""One partition of a table or index: rows sorted by sort key, found by bisection; with a lag also the last version.

Rows and keys are never changed once shared. A sort key here is a tuple whose first element is the comparable
sort value; index partitions append the table's key, since index keys need not be unique.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any, NamedTuple

from tests.fakes.memory_dynamo.values import Item

type SortKey = tuple[Any, ...]


class Row(NamedTuple):
    """An item and its size in bytes."""

    item: Item
    size: int


def _first(key: SortKey) -> Any:
    return key[0]


@dataclass(frozen=True, slots=True)
class SortRange:
    """The sort values a key condition admits; None leaves a side open, `prefix` is begins_with."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False
    prefix: str | bytes | None = None

    def find(self, order: list[SortKey]) -> tuple[int, int]:
        """The half-open range of positions in a sorted list of keys."""
        if self.prefix is not None:
            start = bisect_left(order, self.prefix, key=_first)
            return start, bisect_left(order, True, lo=start, key=lambda key: not key[0].startswith(self.prefix))
        start, stop = 0, len(order)
        if self.low is not None:
            start = (bisect_right if self.low_open else bisect_left)(order, self.low, key=_first)
        if self.high is not None:
            stop = (bisect_left if self.high_open else bisect_right)(order, self.high, key=_first)
        return start, stop

    def includes(self, key: SortKey) -> bool:
        return self.find([key]) == (0, 1)


EVERYTHING = SortRange()


class Partition:
    """Rows of one hash value. With `keeps_history` it can also be read as it was before its last write."""

    __slots__ = ("_before", "_last_keys", "_last_write", "_order", "keeps_history", "rows")

    def __init__(self, *, keeps_history: bool) -> None:
        self.keeps_history = keeps_history
        self.rows: dict[SortKey, Row] = {}
        self._order: list[SortKey] = []
        self._before: dict[SortKey, Row | None] = {}
        self._last_keys: set[SortKey] = set()
        self._last_write = 0

    def put(self, key: SortKey, row: Row, write: int) -> None:
        self._remember(key, write)
        if key not in self.rows:
            order = self._order
            if not order or order[-1] < key:
                order.append(key)
            else:
                order.insert(bisect_left(order, key), key)
        self.rows[key] = row

    def remove(self, key: SortKey, write: int) -> None:
        self._remember(key, write)
        del self.rows[key]
        del self._order[bisect_left(self._order, key)]

    def _remember(self, key: SortKey, write: int) -> None:
        """Keep the version that the write numbered `write` replaces; one write may touch several keys."""
        if not self.keeps_history:
            return
        if write != self._last_write:
            self._last_write = write
            self._last_keys = set()
        self._last_keys.add(key)
        self._before[key] = self.rows.get(key)

    def stale(self, key: SortKey) -> Row | None:
        """The row before its own last write."""
        return self._before[key] if key in self._before else self.rows.get(key)

    def walk(self, within: SortRange, *, forward: bool, after: SortKey | None, stale: bool) -> Iterator[tuple[SortKey, Row]]:
        """Rows in order, beyond the key `after`; a stale walk sees the partition before its last write."""
        order = self._order
        start, stop = within.find(order)
        if after is not None and forward:
            start = max(start, bisect_right(order, after))
        elif after is not None:
            stop = min(stop, bisect_left(order, after))
        positions = range(start, stop) if forward else range(stop - 1, start - 1, -1)
        if stale and self._last_keys:
            yield from self._walk_before(positions, within, forward=forward, after=after)
            return
        for position in positions:
            key = order[position]
            yield key, self.rows[key]

    def _walk_before(self, positions: range, within: SortRange, *, forward: bool, after: SortKey | None) -> Iterator[tuple[SortKey, Row]]:
        undone = {key: self._before[key] for key in self._last_keys}
        untouched = (self._order[position] for position in positions if self._order[position] not in undone)
        returned = sorted(
            (
                key
                for key, row in undone.items()
                if row is not None and within.includes(key) and (after is None or (key > after if forward else key < after))
            ),
            reverse=not forward,
        )
        for key in merge(untouched, returned, reverse=not forward):
            row = undone.get(key) or self.rows[key]
            yield key, row
