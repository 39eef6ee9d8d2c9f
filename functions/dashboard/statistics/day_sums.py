"""Sums by day of one period's time zone, out of quarters. Its loop is the only one that grows: with days, never with payments."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date

from dashboard.statistics.packed_days import Day
from dashboard.statistics.periods import Period
from dashboard.statistics.tallies import QUARTERS_PER_DAY, Quarter


class DaySums:
    """Counts and minor units by day and name."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self.days: dict[date, Quarter] = {}

    def include_day(self, day: Day) -> None:
        """Add those quarters of a stored day that lie in the period as a whole."""
        for local, low, high in self._parts_of_day(day.number * QUARTERS_PER_DAY):
            for name, column in day.columns.items():
                count, minor = sum(column.counts[low:high]), sum(column.minors[low:high])
                if count or minor:
                    self._add(local, name, count, minor)

    def include_whole(self, quarters: Mapping[int, Quarter]) -> None:
        """Add those quarters that lie in the period as a whole."""
        self.include_all({quarter: names for quarter, names in quarters.items() if quarter in self._period.quarters})

    def include_all(self, quarters: Mapping[int, Quarter]) -> None:
        """Add all of them: what was counted at the period's edges."""
        for quarter, names in quarters.items():
            for name, (count, minor) in names.items():
                self._add(self._period.date_of(quarter), name, count, minor)

    def _parts_of_day(self, start: int) -> Iterator[tuple[date, int, int]]:
        """The local day of each part of a UTC day in the period, with its first and last quarter. A zone splits a UTC day once at most."""
        within = self._period.quarters
        low, end = max(within.start - start, 0), min(within.stop - start, QUARTERS_PER_DAY)
        while low < end:
            local = self._period.date_of(start + low)
            cut = bisect_right(range(start + low, start + end), local, key=self._period.date_of) + low
            yield local, low, cut
            low = cut

    def _add(self, day: date, name: str, count: int, minor: int) -> None:
        sums = self.days.setdefault(day, {}).setdefault(name, [0, 0])
        sums[0] += count
        sums[1] += minor
