"""Fault rates: which faults AWS calls meet in the simulator, and how often."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fakes.faults import Call, Fault, FaultyClient
from tests.support.world import World

_EVERY_FAULT = {
    Fault.THROTTLED: 0.015,
    Fault.THROUGHPUT_EXCEEDED: 0.01,
    Fault.INTERNAL_ERROR: 0.01,
    Fault.CONFLICT: 0.04,
    Fault.IN_PROGRESS: 0.005,
    Fault.CONNECT_TIMEOUT: 0.01,
    Fault.KILL_BEFORE: 0.01,
    Fault.COMMIT_THEN_TIMEOUT: 0.03,
    Fault.KILL_AFTER: 0.02,
}


@dataclass
class FaultRates:
    """Chooses the fault of every call; another environment may act between two calls of the running one.

    interlude: called now and then just before a transaction, as another environment that is faster.
    """

    seed: int
    active: bool = True
    interlude: Callable[[], None] | None = None
    _dice: random.Random = field(init=False)
    _inside: bool = False

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def install(self, world: World) -> None:
        """Let these faults meet every call of the world's functions."""
        services = ((world.dynamo, "dynamodb"), (world.kms, "kms"), (world.sqs, "sqs"))
        world.install(*(FaultyClient(client, self, service=service) for client, service in services))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """No faults inside the block: for external systems, and for checks."""
        was, self.active = self.active, False
        try:
            yield
        finally:
            self.active = was

    def __call__(self, call: Call) -> Fault:
        if not self.active or self._inside:
            return Fault.PASS
        if self.interlude is not None and call.operation == "TransactWriteItems" and self._dice.random() < 0.1:
            self._inside = True
            try:
                self.interlude()
            finally:
                self._inside = False
        thrown = self._dice.random()
        for fault, weight in _EVERY_FAULT.items():
            thrown -= weight
            if thrown < 0:
                return fault
        return Fault.PASS
