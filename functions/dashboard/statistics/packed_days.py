"""How a day of a tally is stored: a column of counts and one of minor units for each name, a number a quarter, as narrow as the day allows.

Columns are added up by slices, so reading a year costs a few additions a day and not one for every quarter and name.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.statistics.tallies import QUARTERS_PER_DAY, Tally

_HEAD: Final = struct.Struct("<iB")
_NAME: Final = struct.Struct("<BBB")
_WIDTHS: Final = {1: "b", 2: "h", 4: "i", 8: "q"}
_WIDEST: Final = 16


@dataclass(frozen=True, slots=True)
class Column:
    """One name's counts and minor units, by quarter of the day."""

    counts: Sequence[int]
    minors: Sequence[int]


@dataclass(frozen=True, slots=True)
class Day:
    """A UTC day, numbered from the epoch."""

    number: int
    columns: dict[str, Column]

    def lines(self) -> Iterator[tuple[int, str, int, int]]:
        """Quarter, name, count and minor units, as a tally has them."""
        for name, column in self.columns.items():
            for index, (count, minor) in enumerate(zip(column.counts, column.minors, strict=True)):
                if count or minor:
                    yield self.number * QUARTERS_PER_DAY + index, name, count, minor


def pack(number: int, tally: Tally) -> bytes:
    """The day of a tally that holds nothing else."""
    columns: dict[str, tuple[list[int], list[int]]] = {}
    for quarter, name, count, minor in tally.lines():
        counts, minors = columns.setdefault(name, ([0] * QUARTERS_PER_DAY, [0] * QUARTERS_PER_DAY))
        place = quarter - number * QUARTERS_PER_DAY
        counts[place], minors[place] = count, minor
    parts = [_HEAD.pack(number, len(columns))]
    for name, both in sorted(columns.items()):
        widths, label = [_width(numbers) for numbers in both], name.encode()
        parts += [_NAME.pack(len(label), *widths), label, *map(_written, both, widths)]
    return zlib.compress(b"".join(parts))


def unpack(packed: bytes) -> Day:
    """A stored day."""
    raw = zlib.decompress(packed)
    number, names = _HEAD.unpack_from(raw)
    columns, at = {}, _HEAD.size
    for _ in range(names):
        length, *widths = _NAME.unpack_from(raw, at)
        at += _NAME.size + length
        name, both = raw[at - length : at].decode(), []
        for width in widths:
            both.append(_read(raw[at : at + width * QUARTERS_PER_DAY], width))
            at += width * QUARTERS_PER_DAY
        columns[name] = Column(*both)
    return Day(number, columns)


def _width(numbers: Sequence[int]) -> int:
    """Bytes that the largest of them needs, its sign included."""
    bits = max(number.bit_length() for number in numbers) + 1
    return next((width for width in _WIDTHS if bits <= 8 * width), _WIDEST)


def _written(numbers: Sequence[int], width: int) -> bytes:
    if width in _WIDTHS:
        return struct.pack(f"<{QUARTERS_PER_DAY}{_WIDTHS[width]}", *numbers)
    return b"".join(number.to_bytes(width, "little", signed=True) for number in numbers)


def _read(raw: bytes, width: int) -> Sequence[int]:
    if width in _WIDTHS:
        return struct.unpack(f"<{QUARTERS_PER_DAY}{_WIDTHS[width]}", raw)
    return [int.from_bytes(raw[at : at + width], "little", signed=True) for at in range(0, len(raw), width)]
