"""When a key was last used: written at most once an hour for each key, to keep its cost low."""

from typing import Final

from paycorex import clock, storage
from paycorex.caching import TimedCache
from paycorex.credentials import ApiKey
from paycorex.records.api_key import ApiKeyItem

INTERVAL_MS: Final = 3_600_000

_written: TimedCache[bool] = TimedCache(lifetime_seconds=INTERVAL_MS / 1000, max_entries=500)


def note(key: ApiKey) -> None:
    """Note that the key is in use. Raises storage.Unavailable or storage.OutcomeUnknown."""
    now = clock.now_ms()
    if _written.get(key.key_hash) or (key.last_used_at is not None and now - key.last_used_at < INTERVAL_MS):
        return
    _written.put(key.key_hash, value=True)
    older = ApiKeyItem.last_used_at.does_not_exist() | (ApiKeyItem.last_used_at < now - INTERVAL_MS)
    still_there = ApiKeyItem.key_hash.exists()
    actions = [ApiKeyItem.last_used_at.set(now)]
    try:
        storage.run(storage.update(ApiKeyItem, ApiKeyItem.wire_key(key.key_hash), actions, still_there & older))
    except storage.ConditionRefused:
        return  # another environment has just noted it
