"""Backoff: a random wait before a conflicting write is tried again (full jitter), so that writers that met do not meet again."""

import random
from typing import Final

from paycorex import clock, snapshots

MAX_ROUNDS: Final = 10
_FIRST_SECONDS: Final = 0.02
_CAP_SECONDS: Final = 0.3

_random = random.Random()  # noqa: S311 - spreads load, guards nothing
snapshots.after_restore(_random.seed)


def reseed(seed: int) -> None:
    """Make the waits of this process repeatable, for tests."""
    _random.seed(seed)


def jitter(ceiling_seconds: float) -> float:
    """A random number of seconds up to a ceiling."""
    return _random.uniform(0, ceiling_seconds)


def wait(ceiling_seconds: float) -> None:
    """Sleep for a random time up to a ceiling, by the clock."""
    clock.sleep(jitter(ceiling_seconds))


def back_off(attempt: int) -> None:
    """Sleep before round `attempt` + 1, with a ceiling that doubles with each round from 20 to 300 ms; `attempt` counts from 0."""
    wait(min(_CAP_SECONDS, _FIRST_SECONDS * 2**attempt))
