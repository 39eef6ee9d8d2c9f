"""How a door loads its modules: without the garbage collector, and some of them only when they are first used.

Lambda's init is the part of a cold start in which nothing is answered. A door loads there what most of its requests need. What few need
(`later`) is loaded by the first request that uses it, or after the first answer, in the times when a request waits for AWS.
"""

import gc
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Final

_waiting: Final[list[str]] = []


@contextmanager
def at_once() -> Iterator[None]:
    """Import what stands inside without the garbage collector: all of it stays, so that looking through it again and again is waste.

    Afterwards the collector is as it was, and leaves alone what there is.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def later() -> Iterator[None]:
    """Import modules of ours that stand inside (`from room import module`) when one of their names is first used.

    `from module import name` uses a name at once. A module that registers something when it is imported does not belong here, and none
    may use a name of a later one while it is imported itself: two threads could then wait for each other.
    """
    finder = _Later()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def rest() -> None:
    """Import now whatever still waits for its first use."""
    while _waiting:
        module = sys.modules.get(_waiting.pop())
        if module is not None:
            # Any name will do; this one is looked up in the module itself.
            vars(module)


def rest_after_first[**P, T](handler: Callable[P, T], *, ahead: bool) -> Callable[P, T]:
    """The handler, which after its first answer has the rest imported beside the requests that follow.

    ahead: no request waits for this environment yet, so the rest is imported now.
    """
    if ahead:
        rest()
        return handler
    started: list[threading.Thread] = []

    @wraps(handler)
    def answering(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return handler(*args, **kwargs)
        finally:
            if not started:
                started.append(threading.Thread(target=rest, name="rest of the imports", daemon=True))
                started[0].start()

    return answering


class _Later:
    """Finds modules as usual; what it finds is loaded later."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As the import system calls it; None leaves the module to the next finder."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return None
        _waiting.append(name)
        spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec
