"""Sums by day of one period's time zone, out of quarters. The one loop of statistics whose length grows: with days, never with payments."""

from collections.abc import Mapping
from datetime import date

from dashboard.periods import Period
from dashboard.tallies import Quarter


class DaySums:
    """Counts and minor units by day and name."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self.days: dict[date, Quarter] = {}

    def include_whole(self, quarters: Mapping[int, Quarter] | Mapping[str, Quarter]) -> None:
        """Add those quarters that lie in the period as a whole."""
        first, end = self._period.first_quarter, self._period.end_quarter
        for key, names in quarters.items():
            quarter = int(key)
            if first <= quarter < end:
                self._add(quarter, names)

    def include_all(self, quarters: Mapping[int, Quarter]) -> None:
        """Add all of them: what was counted at the period's edges."""
        for quarter, names in quarters.items():
            self._add(quarter, names)

    def _add(self, quarter: int, names: Quarter) -> None:
        day = self.days.setdefault(self._period.date_of(quarter), {})
        for name, (count, minor) in names.items():
            sums = day.get(name)
            if sums is None:
                day[name] = [count, minor]
            else:
                sums[0] += count
                sums[1] += minor
