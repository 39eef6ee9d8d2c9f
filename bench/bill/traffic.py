"""How payments of a month come: how many in a second, how large the batches get that Lambda brings, how many environments start cold."""

import math
from dataclasses import dataclass
from typing import Final

from paycorex.ledger.proof.seal_times import MANY_ACCOUNTS

MONTH_SECONDS: Final = 730 * 3600.0
MONTH_MINUTES: Final = MONTH_SECONDS / 60
# How often Lambda looks into a shard of a stream, and into a queue.
STREAM_POLL_SECONDS: Final = 0.25
QUEUE_POLL_SECONDS: Final = 0.1
STREAM_LIMIT: Final = 100
QUEUE_LIMIT: Final = 10
# What an on-demand table starts with; a partition takes a thousand write units a second.
FIRST_SHARDS: Final = 4
SHARD_WRITE_UNITS: Final = 1_000
LEDGER_WRITE_UNITS: Final = 4
# What one lane of a merchant takes, and how many there may be.
LANE_PER_SECOND: Final = 25
MAX_LANES: Final = 64
# How long Lambda keeps an environment that is in use.
ENVIRONMENT_SECONDS: Final = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Payments a month, evenly spread over time, all of one merchant's, each by another wallet."""

    payments: int

    @property
    def per_second(self) -> float:
        """Payments a second."""
        return self.payments / MONTH_SECONDS

    @property
    def lanes(self) -> int:
        """The merchant's ledger lanes."""
        return min(MAX_LANES, max(1, math.ceil(self.per_second / LANE_PER_SECOND)))

    @property
    def shards(self) -> int:
        """Of a table's stream."""
        return max(FIRST_SHARDS, math.ceil(self.per_second * LEDGER_WRITE_UNITS / SHARD_WRITE_UNITS))

    def stream_batch(self, records_per_payment: float, window_seconds: float) -> float:
        """Records in a batch of one shard: the first, and what comes while Lambda waits."""
        return min(STREAM_LIMIT, 1 + self.per_second * records_per_payment * max(window_seconds, STREAM_POLL_SECONDS))

    @property
    def queue_batch(self) -> float:
        """Messages in a batch."""
        return min(QUEUE_LIMIT, 1 + self.per_second * QUEUE_POLL_SECONDS)

    @property
    def busy_minutes(self) -> float:
        """Minutes of a month with at least one payment, by Poisson's law."""
        return MONTH_MINUTES * (1 - math.exp(-self.payments / MONTH_MINUTES))

    def seals(self, window_seconds: float) -> float:
        """Checkpoints of a month: one for each busy minute, or one when the first of some changes has waited for the window or many have
        gathered, and half a minute until the tick."""
        if self.payments == 0:
            return 0.0
        gathered = min(window_seconds, MANY_ACCOUNTS / self.per_second)
        return min(self.busy_minutes, MONTH_SECONDS / (1 / self.per_second + gathered + 30))

    def waiting_ticks(self, window_seconds: float) -> float:
        """Ticks of a month that find changes and leave them for later."""
        if self.payments == 0:
            return 0.0
        seals = self.seals(window_seconds)
        return max(0.0, MONTH_MINUTES - seals / self.per_second / 60 - seals)

    def cold_starts(self, invocations: float, seconds: float) -> float:
        """Of a function in a month: as many environments as are busy at once and one, renewed every two hours; never more than calls."""
        at_once = invocations * seconds / MONTH_SECONDS
        return min(invocations, (1 + at_once) * MONTH_SECONDS / ENVIRONMENT_SECONDS) if invocations else 0.0
