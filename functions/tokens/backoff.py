"""Waiting a moment before trying again: twins that write the same items at once conflict, and one of them wins each round."""

import random
from typing import Final

from paycorex import clock

MAX_ROUNDS: Final = 10
_FIRST_SECONDS: Final = 0.02
_CAP_SECONDS: Final = 0.3


def back_off(attempt: int) -> None:
    """Wait with full jitter; `attempt` counts from 0."""
    ceiling = min(_CAP_SECONDS, _FIRST_SECONDS * 2**attempt)
    clock.sleep(random.uniform(0, ceiling))  # noqa: S311 - jitter
