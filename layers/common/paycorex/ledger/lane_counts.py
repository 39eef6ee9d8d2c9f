"""How many lanes a merchant's accounts have: three attributes of its record, which only grow.

A number is stored before the first entry is appended to its lanes. So a reader that reads it consistently knows the lane of every entry
that was there when it asked, and no writer has to wait until readers know more lanes.
"""

from dataclasses import dataclass
from typing import Final, Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, storage

MAX_LANES: Final = 64
# From one growth to the next: by then what the first one changed shows.
GROWTH_SECONDS: Final = 2
GROWTH_FACTOR: Final = 2


class LanesItem(storage.Item):
    """The lanes of a merchant's record."""

    class Meta:
        """Which table."""

        table_name = "merchants"

    merchant_id = UnicodeAttribute(hash_key=True)
    # The release before called it so, and its readers look at as many.
    open = NumberAttribute(attr_name="ledger_lanes_ever", null=True)
    at_most = NumberAttribute(attr_name="ledger_lanes_at_most", null=True)
    grown_at = NumberAttribute(attr_name="ledger_lanes_grown_at", null=True)


@dataclass(frozen=True, slots=True)
class LaneCounts:
    """open: over how many lanes readers look. at_most: how many of them writers may use, and open. grown_at: milliseconds, 0 for never."""

    open: int = 1
    at_most: int = MAX_LANES
    grown_at: int = 0

    @classmethod
    def of(cls, item: LanesItem | None) -> Self:
        """The counts of a stored record; of one that is not there, a merchant's first."""
        if item is None:
            return cls()
        return cls(int(item.open or 1), int(item.at_most or MAX_LANES), int(item.grown_at or 0))

    @property
    def used(self) -> int:
        """Over how many lanes journals spread."""
        return min(self.open, self.at_most)

    @property
    def may_grow(self) -> bool:
        """True below the bound, and when the last growth is a while ago."""
        return self.open < self.at_most and clock.now_ms() - self.grown_at >= GROWTH_SECONDS * 1000


def read(merchant_id: str) -> LaneCounts:
    """The counts as they are now. Raises storage.Unavailable."""
    return LaneCounts.of(storage.get(LanesItem, merchant_id))


def grow(merchant_id: str, seen: LaneCounts) -> LaneCounts:
    """Open more lanes, unless another process did since they were read; the counts as they are then.

    Raises storage.Unavailable or OutcomeUnknown.
    """
    grown = LaneCounts(min(seen.open * GROWTH_FACTOR, seen.at_most), seen.at_most, clock.now_ms())
    actions = [LanesItem.open.set(grown.open), LanesItem.grown_at.set(grown.grown_at)]
    as_seen = (LanesItem.open == seen.open) if seen.open > 1 else (LanesItem.open == 1) | LanesItem.open.does_not_exist()
    try:
        storage.run(storage.update(LanesItem, LanesItem.wire_key(merchant_id), actions, LanesItem.merchant_id.exists() & as_seen))
    except storage.ConditionRefused as refused:
        return LaneCounts.of(LanesItem.load(refused.item)) if refused.item else seen
    return grown
