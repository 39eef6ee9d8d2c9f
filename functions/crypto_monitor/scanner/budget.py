"""The time that a job of a tick may use, so that what it did is stored before the function is stopped."""

from collections.abc import Callable


class Budget:
    """The part of a tick's time above `keep_ms`. A step is begun while one as long as the longest so far still fits."""

    def __init__(self, remaining_ms: Callable[[], int], keep_ms: int) -> None:
        self._remaining_ms = remaining_ms
        self._keep_ms = keep_ms
        self._longest = 0
        self._before: int | None = None

    def allows(self) -> bool:
        """True when there is time for another step. To be asked before each."""
        now = self._remaining_ms()
        if self._before is not None:
            self._longest = max(self._longest, self._before - now)
        self._before = now
        return now - self._longest > self._keep_ms

    def part(self, numerator: int, denominator: int) -> "Budget":
        """A budget of a part of what is left of this one."""
        left = max(self._remaining_ms() - self._keep_ms, 0)
        return Budget(self._remaining_ms, self._keep_ms + left - left * numerator // denominator)
