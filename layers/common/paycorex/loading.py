"""How a door loads its modules: without the garbage collector, and some of them only when they are first used.

Lambda's init is the part of a cold start in which nothing is answered. A door loads there what most of its requests need. What few need
(`later`) is loaded by the first request that uses it, or after the first answer, in the times when a request waits for AWS.
"""

import gc
import importlib.util
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Final

# Libraries import these, and hardly a request needs them: for PynamoDB's times, a server's date, a proposal in a 404.
_SELDOM: Final = frozenset({"calendar", "difflib", "email.utils"})
_waiting: Final[list[str]] = []
_loaders: Final[list[Callable[[], None]]] = []


@contextmanager
def at_once() -> Iterator[None]:
    """Import what stands inside without the garbage collector: all of it stays, so that looking through it again and again is waste.

    A few modules of the standard library wait until one of their names is used. Afterwards the collector is as it was, and leaves alone
    what there is.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    finder = _Later(_SELDOM)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
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


def with_the_rest(load: Callable[[], None]) -> None:
    """Call this too when the rest is imported: it imports what waits for something else than its first use."""
    _loaders.append(load)


def rest() -> None:
    """Import now whatever still waits for its first use."""
    while _loaders:
        _loaders.pop()()
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
    """Finds modules as usual; what it finds for the thread that made it is loaded later: all modules, or only some, which `rest` leaves."""

    def __init__(self, names: Collection[str] | None = None) -> None:
        self._thread: Final = threading.get_ident()
        self._names: Final = names

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As the import system calls it; None leaves the module to the next finder."""
        if threading.get_ident() != self._thread or (self._names is not None and name not in self._names):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return None
        if self._names is None:
            _waiting.append(name)
        spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec
