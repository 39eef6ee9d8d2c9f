"""A bounded pool of function processes: which one a request takes, who waits, and when one more is started.

Without a bound, twenty requests at once to a function start twenty processes, and on two cores all of them are slow to start. Here a
request takes whichever process is free first, in the order in which requests came. Processes are started beside the requests, never by
one of them: so a request does not wait for a start when another process is free sooner.
"""

import contextvars
import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Final, Protocol

# A request that has waited this long beside processes that run has one more started.
PATIENCE_SECONDS: Final = 0.3


class Process(Protocol):
    """A process of a function. `in_use` and `last_used` are the emulator's own marks."""

    in_use: bool
    last_used: float

    def start(self) -> None:
        """Return when it can take an invocation. Raises RuntimeError when it cannot be started."""

    def is_alive(self) -> bool:
        """False when it can take no further invocation."""

    def end(self) -> None:
        """Kill it."""


class Pool:
    """Processes by the key of their function, in the emulator's own register of them, guarded by its own lock.

    limit: how many processes one function may have. starts: how many are started at the same time, all functions together.
    """

    def __init__(self, register: dict[str, list[Any]], lock: threading.Lock, *, limit: int, starts: int | None = None) -> None:
        self._register = register
        self._changed = threading.Condition(lock)
        self._limit = limit
        self._starts = threading.Semaphore(starts or os.cpu_count() or 1)
        self._starting: set[str] = set()
        self._started_at: defaultdict[str, float] = defaultdict(float)
        self._waiting: defaultdict[str, deque[object]] = defaultdict(deque)
        self._failed: dict[object, Exception] = {}

    def take(self, key: str, make: Callable[[], Process], *, seconds: float) -> Process | None:
        """A free process, in this caller's use until it is given back; None when none became free in time.

        Raises what a start raised when this caller waited for it and no process of the function runs.
        """
        ticket, came = object(), time.monotonic()
        with self._changed:
            queue = self._waiting[key]
            queue.append(ticket)
            try:
                while time.monotonic() < came + seconds:
                    if ticket in self._failed:
                        raise self._failed[ticket]
                    if queue[0] is ticket and (found := self._free(key)):
                        return found
                    self._changed.wait(min(self._grow(key, make, came), came + seconds - time.monotonic()))
                return None
            finally:
                queue.remove(ticket)
                self._failed.pop(ticket, None)
                self._changed.notify_all()

    def give_back(self, process: Process) -> None:
        """The caller has ended its use; a process that has died leaves the pool."""
        with self._changed:
            process.in_use = False
            if not process.is_alive():
                self._forget(process)
            self._changed.notify_all()

    def start_ahead(self, key: str, make: Callable[[], Process]) -> None:
        """Start the function's first process, where it has none, beside the caller."""
        with self._changed:
            self._grow(key, make, time.monotonic())

    def _free(self, key: str) -> Process | None:
        """The process that was used last of those that are free: it is the warmest, and the others may be ended when they stay idle.

        One that has died while it was idle leaves the pool.
        """
        idle = [process for process in self._register.get(key, ()) if not process.in_use]
        for process in idle:
            if not process.is_alive():
                self._forget(process)
        free = [process for process in self._register.get(key, ()) if not process.in_use]
        found: Process | None = max(free, key=lambda process: process.last_used, default=None)
        if found is not None:
            found.in_use, found.last_used = True, time.time()
        return found

    def _grow(self, key: str, make: Callable[[], Process], came: float) -> float:
        """Start one more when it is time for one. Returns after how many seconds to ask again."""
        running = self._register.setdefault(key, [])
        if key in self._starting or len(running) >= self._limit:
            return float("inf")
        impatient_at = max(came, self._started_at[key]) + PATIENCE_SECONDS
        if running and time.monotonic() < impatient_at:
            return impatient_at - time.monotonic()
        process = make()
        process.in_use = True
        running.append(process)
        self._starting.add(key)
        # In the caller's context: it says whose account and region this is.
        start = contextvars.copy_context().run
        threading.Thread(target=start, args=(self._start, key, process), name=f"start {key}", daemon=True).start()
        return float("inf")

    def _start(self, key: str, process: Process) -> None:
        failure: Exception | None = None
        with self._starts:
            try:
                process.start()
            except Exception as error:  # noqa: BLE001 - whatever it was: the caller who waits for this start gets it
                failure = error
        with self._changed:
            self._starting.discard(key)
            self._started_at[key] = time.monotonic()
            if process not in self._register.get(key, ()):
                # The function was changed or deleted meanwhile.
                process.end()
            elif failure is None:
                process.in_use = False
            else:
                self._forget(process)
                self._fail(key, failure)
            self._changed.notify_all()

    def _fail(self, key: str, failure: Exception) -> None:
        """Let all who wait have the failure, unless there are processes that will serve them."""
        if not self._register[key]:
            self._failed.update(dict.fromkeys(self._waiting[key], failure))

    def _forget(self, process: Process) -> None:
        for processes in self._register.values():
            if process in processes:
                processes.remove(process)
