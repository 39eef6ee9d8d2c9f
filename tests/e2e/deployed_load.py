"""A load of payments on the deployed template: many clients at a pace, calls made twice, function processes killed with kill -9.

The emulator itself is never killed: its tables are in its memory, so that would show nothing.
"""

import http.client
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil  # type: ignore[import-untyped]  # it has no stubs

from tests.e2e.deployed import Deployed
from tests.support.gateway import Reply
from tests.support.world import Signer

# At once. Each of them is an environment of every function that it meets, and all of those start at the same time.
CLIENTS = int(os.environ.get("LOAD_CLIENTS", "4"))


@dataclass
class DeployedApi:
    """The deployed API under load; notes how long answers took, and what they were. twins: how often a call is made twice."""

    deployed: Deployed
    twins: float = 0.0
    patience_seconds: float = 1.0
    # http.client's own errors are no OSErrors.
    lost: tuple[type[BaseException], ...] = (OSError, http.client.HTTPException)
    latencies_ms: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    _dice: random.Random = field(default_factory=lambda: random.Random(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, who: Signer, method: str, target: str, body: Any = None, *, key: str | None = None) -> Reply:
        return self._perhaps_twice(lambda: self.deployed.call(who, method, target, body, key=key))

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        return self._perhaps_twice(lambda: self.deployed.send(method, target, headers, body))

    def wait(self, seconds: float) -> None:
        """A client's patience is shorter here than in pretended time: what it did not learn it asks for at the end."""
        time.sleep(min(seconds, self.patience_seconds))

    def _perhaps_twice(self, ask: Callable[[], Reply]) -> Reply:
        with self._lock:
            is_double = self._dice.random() < self.twins
        if not is_double:
            return self._timed(ask)
        twin = threading.Thread(target=self._ignoring, args=(ask,))
        twin.start()
        try:
            return self._timed(ask)
        finally:
            twin.join()

    def _ignoring(self, ask: Callable[[], Reply]) -> None:
        with suppress(*self.lost):
            self._timed(ask)

    def _timed(self, ask: Callable[[], Reply]) -> Reply:
        began = time.monotonic()
        try:
            reply = ask()
        except self.lost:
            self._note(began, "no answer")
            raise
        self._note(began, str(reply.status))
        return reply

    def _note(self, began: float, answer: str) -> None:
        with self._lock:
            self.latencies_ms.append((time.monotonic() - began) * 1000)
            self.answers[answer] += 1

    def report(self) -> str:
        """Latency and answers, for people."""
        ordered = sorted(self.latencies_ms)
        shown = ", ".join(f"p{part} {ordered[len(ordered) * part // 100]:.0f} ms" for part in (50, 95, 99))
        return f"{len(ordered)} requests: {shown}, max {ordered[-1]:.0f} ms; answers {dict(sorted(self.answers.items()))}"


def run(pay: Callable[[int], None], payments: int, per_second: float) -> float:
    """So many payments, each begun at its time however long the others take; how many a second that came to."""
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        waiting = []
        for number in range(payments):
            time.sleep(max(0.0, began + number / per_second - time.monotonic()))
            waiting.append(clients.submit(pay, number))
        for one in waiting:
            one.result()
    return payments / (time.monotonic() - began)


@dataclass
class Killer:
    """Kills one of the stack's function processes for so many payments, so that a slow machine is not one where nothing ever ends."""

    deployed: Deployed
    every: int
    killed: Counter[str] = field(default_factory=Counter)
    _dice: random.Random = field(default_factory=lambda: random.Random(2))
    _begun: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def strike(self) -> None:
        """A payment begins."""
        with self._lock:
            self._begun += 1
            if self._begun % self.every == 0:
                self._kill()

    def _kill(self) -> None:
        workers = function_processes(self.deployed)
        if workers:
            name, process = self._dice.choice(workers)
            with suppress(psutil.NoSuchProcess):
                process.kill()
                self.killed[name] += 1


def function_processes(deployed: Deployed) -> list[tuple[str, psutil.Process]]:
    """The processes that run the stack's functions now, which the emulator started."""
    found = []
    for process in psutil.Process(deployed.emulator.process_id).children(recursive=True):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            name = process.environ().get("AWS_LAMBDA_FUNCTION_NAME", "")
            if name.startswith(f"{deployed.stack.name}-"):
                found.append((name.removeprefix(f"{deployed.stack.name}-").partition("-")[0], process))
    return found
