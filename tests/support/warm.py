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
        self.cold()

    def cold(self) -> None:
        """Forget everything."""
        self._memory: Memory = [OrderedDict() for _ in caching._all]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Remember in this environment only."""
        others = _exchange(self._memory)
        try:
            yield
        finally:
            self._memory = _exchange(others)


def _exchange(memory: Memory) -> Memory:
    before = [cache._entries for cache in caching._all]
    for cache, entries in zip(caching._all, memory, strict=True):
        cache._entries = entries
    return before
