"""The emulator's clock, which can be moved forward: what its tables, queues and schedules go by, and through them every function.

How far it is ahead is kept beside the saved state, so that the next start goes on where this one ended. What the emulator takes from its
clients' signatures, its own waiting and its idle processes stay with the machine's time.
"""

import json
import os
import time
from pathlib import Path
from typing import Any, Final

# Beside the directory of the saved state.
FILE: Final = "clock.json"
# The emulator's modules whose time is moved.
SERVICES: Final = ("dynamodb", "sqs", "scheduler")


class MovedClock:
    """How far the emulator is ahead of the machine, in seconds; below 0, behind it."""

    def __init__(self) -> None:
        self.ahead_seconds = 0.0
        self._file: Path | None = None

    def load(self, file: Path | None) -> None:
        """Go on where the file says, and keep it up to date from now on; None keeps nothing."""
        self._file = file
        if file is not None and file.is_file():
            self.ahead_seconds = float(json.loads(file.read_text())["ahead_seconds"])

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.ahead_seconds

    def move_to(self, moment: float) -> None:
        """Only forward: a moment that has passed changes nothing."""
        ahead = moment - time.time()
        if ahead <= self.ahead_seconds:
            return
        self.ahead_seconds = ahead
        if self._file is not None:
            write(self._file, ahead)


def write(file: Path, ahead_seconds: float) -> None:
    """Let the emulator that keeps its state beside this file be so far ahead from its next start on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"ahead_seconds": ahead_seconds}))
    fresh.replace(file)


CLOCK: Final = MovedClock()


class _MovedTime:
    """The standard library's module `time`, with another `time()`."""

    time = staticmethod(CLOCK.now)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


def install(services: dict[str, Any]) -> None:
    """services: the emulator's modules named in SERVICES."""
    state = os.environ.get("STATE_DIR")
    keeps = os.environ.get("PERSIST_STATE") == "1" and state
    CLOCK.load(Path(str(state)).parent / FILE if keeps else None)
    moved = _MovedTime()
    for module in services.values():
        module.time = moved
