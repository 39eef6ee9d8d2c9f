"""Progress on the terminal: one line per step, with its name, duration and result."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_WIDTH: Final = 34
_TICK_SECONDS: Final = 0.5


@dataclass
class Step:
    """A step under way. `note` is shown behind its time."""

    name: str
    note: str = ""


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Show a step while it runs, and its seconds when it is done."""
    current = Step(name)
    started = time.monotonic()
    done = threading.Event()
    label = f"  {name} ".ljust(_WIDTH, ".")
    ticker = threading.Thread(target=_tick, args=(label, started, done), daemon=True)
    if sys.stdout.isatty():
        ticker.start()
    else:
        print(label, end="", flush=True)
    try:
        yield current
    except BaseException:
        current.note = "failed"
        raise
    finally:
        done.set()
        if ticker.is_alive():
            ticker.join()
        start_of_line = f"\r{label}" if sys.stdout.isatty() else ""
        print(f"{start_of_line} {time.monotonic() - started:6.1f} s  {current.note}".rstrip(), flush=True)


def _tick(label: str, started: float, done: threading.Event) -> None:
    while not done.wait(_TICK_SECONDS):
        print(f"\r{label} {time.monotonic() - started:6.1f} s", end="", flush=True)
