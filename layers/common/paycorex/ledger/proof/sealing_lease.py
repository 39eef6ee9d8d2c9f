"""The lease of the sealing, a row of `ledger_work`: of ticks at the same time one seals, and the others leave its work to it.

Nothing that is proven rests on it. A tick that goes on after its lease has ended, or beside another one, is refused by the number of the
next checkpoint, which is free once.
"""

from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from paycorex import clock, ids, storage

# Longer than a tick may run, because clocks differ, and over before the next one.
LEASE_MS: Final = 27_000
_SCOPE: Final = "lease"
_POSITION: Final = "sealing"


class LeaseItem(storage.Item):
    """Who seals, and until when at the latest (milliseconds since the epoch)."""

    class Meta:
        """Which table."""

        table_name = "ledger_work"

    scope = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    owner = UnicodeAttribute(null=True)
    until = NumberAttribute(default=0)


class Lease:
    """One tick's claim to be the only one. It is taken when there is something to do: most ticks find nothing."""

    def __init__(self) -> None:
        self._owner: Final = ids.new("att")
        self._is_mine = False

    def take(self) -> bool:
        """True when this tick holds the lease, now or since before. Raises storage.Unavailable or OutcomeUnknown."""
        if not self._is_mine:
            free = LeaseItem.position.does_not_exist() | (LeaseItem.until < clock.now_ms())
            # Before the answer: one that gets lost may have been a yes, and is given back then.
            self._is_mine = True
            self._is_mine = self._put(clock.now_ms() + LEASE_MS, free)
        return self._is_mine

    def give_back(self) -> None:
        """Let the next tick have it at once; no effect without one. Raises storage.Unavailable or OutcomeUnknown."""
        if self._is_mine:
            self._put(0, LeaseItem.owner == self._owner)
            self._is_mine = False

    def _put(self, until: int, condition: Condition) -> bool:
        try:
            storage.run(storage.put(LeaseItem(scope=_SCOPE, position=_POSITION, owner=self._owner, until=until), condition))
        except storage.ConditionRefused:
            return False
        return True
