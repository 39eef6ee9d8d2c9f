"""The last outcomes of one connector in one segment: a bounded set that comes out the same in whatever order, and however often, they come.

Each outcome has a place: when its attempt began, and a hash of the attempt. The window keeps the newest places. Of two reports about one
place the better outcome counts, because an attempt that was approved stays so, and what was unknown may still be approved. So merging is
commutative, associative and idempotent. Pure.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final, NamedTuple, Self

# 12 bytes each: a full window is 3.6 KB. A larger one would follow a change more slowly.
SIZE: Final = 300
# What is older says nothing about today.
MAX_AGE_SECONDS: Final = 30 * 24 * 3600
# Fees are millionths of the amount, in three bytes.
FEE_SCALE: Final = 1_000_000
MAX_FEE: Final = 2**24 - 1
_ENTRY: Final = struct.Struct(">IIBBH")


class Outcome(IntEnum):
    """What an attempt came to; the better one has the larger number."""

    UNAVAILABLE = 1
    DECLINED = 2
    APPROVED = 3


class Place(NamedTuple):
    """Where an attempt stands: when it began, in seconds since the epoch, and 32 bits of its id's hash."""

    began: int
    number: int


@dataclass(frozen=True, slots=True)
class Observation:
    """One attempt that was decided. fee: millionths of the amount, 0 while it is not measured."""

    place: Place
    outcome: Outcome
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What a window says: attempts that were decided, how many of them were approved, and in millionths the mean of the fees
    that are measured, 0 where none is.
    """

    samples: int = 0
    approved: int = 0
    fee: int = 0

    @property
    def rate(self) -> int:
        """Approved of all, in millionths; 0 where nothing is known."""
        return FEE_SCALE * self.approved // self.samples if self.samples else 0


@dataclass(frozen=True, slots=True)
class Window:
    """The newest outcomes: by place, the outcome and the fee."""

    entries: Mapping[Place, tuple[int, int]]

    @classmethod
    def empty(cls) -> Self:
        """Of a connector of which nothing is known."""
        return cls(MappingProxyType({}))

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """From its stored form."""
        found = {Place(began, number): (outcome, high << 16 | low) for began, number, outcome, high, low in _ENTRY.iter_unpack(packed)}
        return cls(MappingProxyType(found))

    def pack(self) -> bytes:
        """Its stored form, the oldest first."""
        every = sorted(self.entries.items())
        return b"".join(_ENTRY.pack(at.began, at.number, outcome, fee >> 16, fee & 0xFFFF) for at, (outcome, fee) in every)

    def merged(self, observations: Iterable[Observation]) -> "Window":
        """With these, the newest SIZE of all."""
        every = dict(self.entries)
        for seen in observations:
            known = every.get(seen.place, (0, 0))
            every[seen.place] = max(known, (int(seen.outcome), min(max(seen.fee, 0), MAX_FEE)))
        kept = sorted(every, reverse=True)[:SIZE]
        return Window(MappingProxyType({place: every[place] for place in kept}))

    def tally(self, now_seconds: int) -> Tally:
        """What it says now."""
        fresh = [entry for place, entry in self.entries.items() if place.began > now_seconds - MAX_AGE_SECONDS]
        fees = [fee for outcome, fee in fresh if outcome == Outcome.APPROVED]
        measured = [fee for fee in fees if fee]
        return Tally(len(fresh), len(fees), sum(measured) // len(measured) if measured else 0)
