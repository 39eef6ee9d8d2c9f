"""Rate limits that must hold across all environments: one counter a minute, in `replay_guard`, forgotten by its TTL."""

from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, storage
from paycorex.errors import RateLimited

_WINDOW_SECONDS: Final = 60


class GuardItem(storage.Item):
    """One counter."""

    class Meta:
        """Which table."""

        table_name = "replay_guard"

    guard_id = UnicodeAttribute(hash_key=True)
    uses = NumberAttribute(default=0)
    expires_at = NumberAttribute()


def take(what: str, who: str, *, per_minute: int) -> None:
    """Count one use of `what` by `who`. One write unit. Raises RateLimited past the limit, storage.Unavailable."""
    now = int(clock.now_seconds())
    window = now // _WINDOW_SECONDS
    key = GuardItem.wire_key(f"{what}#{who}#{window}")
    room = GuardItem.guard_id.does_not_exist() | (GuardItem.uses < per_minute)
    actions = [GuardItem.uses.add(1), GuardItem.expires_at.set(now + 2 * _WINDOW_SECONDS)]
    try:
        storage.run(storage.update(GuardItem, key, actions, room))
    except storage.ConditionRefused as refused:
        wait = (window + 1) * _WINDOW_SECONDS - now
        raise RateLimited("Too many requests of this kind.", retry_after_seconds=wait) from refused
