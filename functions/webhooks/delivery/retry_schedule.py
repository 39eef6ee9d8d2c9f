"""When a failed delivery is tried again: 2^n units after failure n, with jitter, until no retries are left."""

import hashlib
from typing import Final

from paycorex import settings
from webhooks.queues import MAX_VISIBILITY_SECONDS

# The jitter, as a part of the wait: deliveries that failed together are not tried again together.
JITTER: Final = 0.1
# A receiver may ask for a longer wait (Retry-After), within this bound.
MAX_RETRY_AFTER_FACTOR: Final = 2


def delay_seconds(retry: int, *, spread: str, retry_after_seconds: float | None = None) -> float:
    """How long to wait before this retry, counted from 1.

    spread: any text; the jitter follows from it, so that a repeated decision is the same decision. retry_after_seconds: what the
    receiver asked for; waited for at most twice as long as without.
    """
    base: float = settings.current().webhook_backoff_unit_seconds * 2**retry
    wait = base * (1 + JITTER * _spread(f"{spread}#{retry}"))
    if retry_after_seconds is not None:
        wait = min(max(wait, retry_after_seconds), base * MAX_RETRY_AFTER_FACTOR)
    return min(wait, MAX_VISIBILITY_SECONDS)


def retries_left(attempts_in_round: int) -> int:
    """How many more attempts a round has after this many."""
    return settings.current().webhook_max_retries + 1 - attempts_in_round


def _spread(text: str) -> float:
    """From -1 to 1."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 0xFFFF_FFFF * 2 - 1
