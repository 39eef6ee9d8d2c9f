"""Rate limits that must hold across all environments: one counter a window, in `replay_guard`, forgotten by its TTL."""

from dataclasses import dataclass
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, storage
from paycorex.errors import RateLimited

_MINUTE_SECONDS: Final = 60


class GuardItem(storage.Item):
    """One counter."""

    class Meta:
        """Which table."""

        table_name = "replay_guard"

    guard_id = UnicodeAttribute(hash_key=True)
    uses = NumberAttribute(default=0)
    expires_at = NumberAttribute()


@dataclass(frozen=True, slots=True)
class Limit:
    """So many `times` one may do `what` in a window of time. Every window begins anew, for all at the same moment."""

    what: str
    times: int
    window_seconds: int = _MINUTE_SECONDS

    def take(self, who: str) -> None:
        """Count one use by `who`. One write unit. Raises RateLimited past the limit, storage.Unavailable."""
        now = int(clock.now_seconds())
        room = GuardItem.guard_id.does_not_exist() | (GuardItem.uses < self.times)
        actions = [GuardItem.uses.add(1), GuardItem.expires_at.set(now + 2 * self.window_seconds)]
        try:
            storage.run(storage.update(GuardItem, GuardItem.wire_key(self._key(who, now)), actions, room))
        except storage.ConditionRefused as refused:
            raise self._refusal(now) from refused

    def give_back(self, who: str) -> None:
        """One use by `who` of this window counts no more. One write unit. Raises storage.Unavailable."""
        key = GuardItem.wire_key(self._key(who, int(clock.now_seconds())))
        try:
            storage.run(storage.update(GuardItem, key, [GuardItem.uses.add(-1)], GuardItem.uses > 0))
        except storage.ConditionRefused:
            return  # It was used in a window that is over, which counts for nothing.

    def refuse_if_spent(self, who: str) -> None:
        """Count nothing. One read unit. Raises RateLimited when `who` has no use left, storage.Unavailable."""
        now = int(clock.now_seconds())
        found = storage.get(GuardItem, self._key(who, now))
        if found is not None and int(found.uses) >= self.times:
            raise self._refusal(now)

    def _key(self, who: str, now: int) -> str:
        return f"{self.what}#{who}#{now // self.window_seconds}"

    def _refusal(self, now: int) -> RateLimited:
        wait = (now // self.window_seconds + 1) * self.window_seconds - now
        details = {"limit": self.times, "window_seconds": self.window_seconds}
        return RateLimited("Too many requests of this kind.", details=details, retry_after_seconds=wait)


def take(what: str, who: str, *, per_minute: int) -> None:
    """Count one use of `what` by `who`, under a limit that is a setting. Raises as `Limit.take` does."""
    Limit(what, per_minute).take(who)
