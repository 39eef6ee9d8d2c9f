"""Tallies: counts and minor units by name, kept per quarter of an hour, a UTC day at a time.

A quarter is what every time zone's midnight falls on, so days of any zone are sums of quarters. A whole day packs into a few hundred bytes.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

QUARTER_MS: Final = 15 * 60 * 1000
DAY_MS: Final = 24 * 60 * 60 * 1000
QUARTERS_PER_DAY: Final = DAY_MS // QUARTER_MS


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to be counted: when, under which name, how many, and how much in minor units."""

    at_ms: int
    name: str
    count: int
    minor: int = 0

    def negated(self) -> "Mark":
        """What takes it out again."""
        return Mark(self.at_ms, self.name, -self.count, -self.minor)


Quarter = dict[str, list[int]]
# As they are stored: JSON has text for keys.
Quarters = dict[str, Quarter]


def unpacked(packed: bytes) -> Quarters:
    """A stored day."""
    quarters: Quarters = json.loads(zlib.decompress(packed))
    return quarters


class Tally:
    """Sums of marks by quarter; quarters are numbered from the epoch."""

    def __init__(self) -> None:
        self.quarters: dict[int, Quarter] = {}

    def add(self, mark: Mark) -> None:
        """Count one mark."""
        self.add_to_quarter(mark.at_ms // QUARTER_MS, mark.name, mark.count, mark.minor)

    def add_to_quarter(self, quarter: int, name: str, count: int, minor: int) -> None:
        """Count in a quarter; what comes to nothing leaves no trace."""
        names = self.quarters.setdefault(quarter, {})
        sums = names.setdefault(name, [0, 0])
        sums[0] += count
        sums[1] += minor
        if sums == [0, 0]:
            del names[name]

    def lines(self) -> Iterator[tuple[int, str, int, int]]:
        """Quarter, name, count and minor units of everything in it."""
        for quarter, names in self.quarters.items():
            for name, (count, minor) in names.items():
                yield quarter, name, count, minor

    def by_day(self) -> "dict[int, Tally]":
        """The same, apart by UTC day (numbered from the epoch)."""
        days: dict[int, Tally] = {}
        for quarter, name, count, minor in self.lines():
            days.setdefault(quarter // QUARTERS_PER_DAY, Tally()).add_to_quarter(quarter, name, count, minor)
        return days

    def include(self, other: "Tally") -> None:
        """Add everything of another."""
        for line in other.lines():
            self.add_to_quarter(*line)

    def packed(self) -> bytes:
        """As it is stored."""
        return zlib.compress(json.dumps({str(quarter): names for quarter, names in sorted(self.quarters.items()) if names}).encode())

    def include_packed(self, packed: bytes) -> None:
        """Add everything of a stored one."""
        for quarter, names in unpacked(packed).items():
            for name, (count, minor) in names.items():
                self.add_to_quarter(int(quarter), name, count, minor)
