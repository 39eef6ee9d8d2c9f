"""Warm environments in one process: each remembers what it has seen, and nothing of what the others have."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paycorex import caching

Memory = list["OrderedDict[str, tuple[float, Any]]"]


class Environment:
    """A Lambda environment's caches, in place while `running()`."""

    def __init__(self) -> None:
        self._before: Memory = []
        self.cold()

    def cold(self) -> None:
        """Forget everything."""
        self._memory: Memory = [OrderedDict() for _ in caching._all]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Remember in this environment only."""
        self._before = _exchange(self._memory)
        try:
            yield
        finally:
            self._memory = _exchange(self._before)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """While it is `running()`: let others remember meanwhile."""
        self._memory = _exchange(self._before)
        try:
            yield
        finally:
            self._before = _exchange(self._memory)


def _exchange(memory: Memory) -> Memory:
    # Modules that were loaded meanwhile have caches of their own.
    memory += [OrderedDict() for _ in caching._all[len(memory) :]]
    before = [cache._entries for cache in caching._all]
    for cache, entries in zip(caching._all, memory, strict=True):
        cache._entries = entries
    return before
