"""A deadline on the wall clock for an operation of many small steps.

Uses the system's monotonic clock and not `paycorex.clock`: that one stands still in simulations, and real sockets must time out there too.
"""

import time


class Deadline:
    """`seconds` from now."""

    __slots__ = ("_at",)

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def remaining_seconds(self) -> float:
        """More than 0. Raises TimeoutError, as the socket that is given this number would, once nothing remains."""
        remaining = self._at - time.monotonic()
        if remaining <= 0:
            msg = "the deadline passed"
            raise TimeoutError(msg)
        return remaining
