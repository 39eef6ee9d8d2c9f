"""Caches of a warm Lambda environment: bounded in time and in number, and forgettable all at once.

A cache may make an answer cheaper, never different: each use states for how long a value may be stale.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from paycorex import clock

_all: list["TimedCache[object]"] = []
_others: list[Callable[[], None]] = []


class TimedCache[V]:
    """At most `max_entries` values, each at most `lifetime_seconds` old; the least recently used goes first."""

    def __init__(self, *, lifetime_seconds: float, max_entries: int) -> None:
        self._lifetime: Final = lifetime_seconds
        self._max: Final = max_entries
        self._entries: OrderedDict[str, tuple[float, V]] = OrderedDict()
        _all.append(self)  # type: ignore[arg-type]  # only clear() is used through this list

    def get(self, key: str) -> V | None:
        """The value, unless absent or too old."""
        found = self._entries.get(key)
        if found is None:
            return None
        if clock.now_seconds() - found[0] >= self._lifetime:
            self._entries.pop(key, None)
            return None
        with suppress(KeyError):  # another thread may have dropped it since; the value is still good
            self._entries.move_to_end(key)
        return found[1]

    def put(self, key: str, value: V) -> None:
        """Remember a value as of now."""
        with suppress(KeyError):
            self._entries[key] = (clock.now_seconds(), value)
            self._entries.move_to_end(key)
            while len(self._entries) > self._max:
                self._entries.popitem(last=False)

    def forget(self, key: str) -> None:
        """Drop one value."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Drop every value."""
        self._entries.clear()


def on_forget(forget: Callable[[], None]) -> None:
    """Have a module's own memory forgotten with the caches."""
    _others.append(forget)


def forget_everything() -> None:
    """What a new execution environment knows: nothing."""
    for cache in _all:
        cache.clear()
    for forget in _others:
        forget()
