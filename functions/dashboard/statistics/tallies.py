"""Tallies: counts and minor units by name, kept per quarter of an hour.

In every time zone, midnight is at the start of a quarter, so a day of any zone is a sum of quarters.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

QUARTER_MS: Final = 15 * 60 * 1000
DAY_MS: Final = 24 * 60 * 60 * 1000
QUARTERS_PER_DAY: Final = DAY_MS // QUARTER_MS


@dataclass(frozen=True, slots=True)
class Count:
    """What one entry or payment adds to the statistics: when, under which name, how many, and how much in minor units."""

    at_ms: int
    name: str
    count: int
    minor: int = 0

    def negated(self) -> "Count":
        """The count that removes this one again."""
        return Count(self.at_ms, self.name, -self.count, -self.minor)


Quarter = dict[str, list[int]]


class Tally:
    """Sums of counts by quarter; quarters are numbered from the epoch."""

    def __init__(self) -> None:
        self.quarters: dict[int, Quarter] = {}

    def add(self, added: Count) -> None:
        """Add one count."""
        self.add_to_quarter(added.at_ms // QUARTER_MS, added.name, added.count, added.minor)

    def add_to_quarter(self, quarter: int, name: str, count: int, minor: int) -> None:
        """Count in a quarter; sums that return to zero are removed."""
        names = self.quarters.setdefault(quarter, {})
        sums = names.setdefault(name, [0, 0])
        sums[0] += count
        sums[1] += minor
        if sums == [0, 0]:
            del names[name]

    def lines(self) -> Iterator[tuple[int, str, int, int]]:
        """Quarter, name, count and minor units of everything in the tally."""
        for quarter, names in self.quarters.items():
            for name, (count, minor) in names.items():
                yield quarter, name, count, minor

    def by_day(self) -> "dict[int, Tally]":
        """One tally for each UTC day (numbered from the epoch)."""
        days: dict[int, Tally] = {}
        for quarter, name, count, minor in self.lines():
            days.setdefault(quarter // QUARTERS_PER_DAY, Tally()).add_to_quarter(quarter, name, count, minor)
        return days

    def include(self, other: "Tally") -> None:
        """Add another tally."""
        self.include_lines(other.lines())

    def include_lines(self, lines: Iterable[tuple[int, str, int, int]]) -> None:
        """Add lines as `lines` gives them."""
        for line in lines:
            self.add_to_quarter(*line)
