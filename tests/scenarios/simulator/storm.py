"""What storms share: one merchant in a world of faults, clients that insist, and books that are checked after every step."""

import random
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

from paycorex import storage
from paycorex.records.payment import PaymentItem
from tests.fakes.faults import Killed
from tests.scenarios.simulator.fault_rates import FaultRates
from tests.scenarios.simulator.run import Broken
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

# After so many answers that say "again" something never ends.
MAX_TRIES = 60
# How long a function may run before it is ended: the time of some that are killed.
TIME_OUT_SECONDS = 29
AGAIN = frozenset({429, 503})
# Refusals that are not remembered and stored nothing: another request was faster, or the store would not take two at once.
OVERTAKEN = frozenset({"request_in_progress", "conflict"})


@dataclass
class Storm(ABC):
    """What may happen is a `step`, what must hold after each is `check`, and what must hold at rest is `end`."""

    seed: int

    def __post_init__(self) -> None:
        self.dice = random.Random(f"storm {self.seed}")
        self.world = World(seed=self.seed, eventual_lag=0.2)
        self.fault_rates = FaultRates(self.seed, active=False, interlude=self.interlude)
        self.steps = 0

    def run(self, steps: int) -> None:
        """Raises Broken with the seed when something does not hold."""
        drawn = random.Random(f"secrets of {self.seed}")
        with patch.object(secrets, "token_bytes", drawn.randbytes), self.world.running():
            try:
                self._run(steps)
            except AssertionError as broken:
                raise Broken(f"seed {self.seed} after {self.steps} steps: {broken}") from broken

    def _run(self, steps: int) -> None:
        self.fault_rates.install(self.world)
        self.who: Signer = self.world.register("Shop")
        self.open()
        # What is read eventually is read by now.
        self.world.clock.now += 60
        self.world.restart()
        self.fault_rates.active = True
        for _ in range(steps):
            self.steps += 1
            self.step()
            with self.fault_rates.paused():
                self._check_books()
                self.check()
        self.fault_rates.active = False
        self.world.restart()
        self.end()
        self._check_books()
        self.check()

    @abstractmethod
    def open(self) -> None:
        """What is there before the storm, made without faults."""

    @abstractmethod
    def step(self) -> None:
        """One event of many."""

    @abstractmethod
    def check(self) -> None:
        """What holds at any time."""

    @abstractmethod
    def end(self) -> None:
        """Bring all to its end, without faults, and check what holds then."""

    def interlude(self) -> None:
        """What another environment does just before a transaction."""
        return

    def ask(self, call: Callable[[], Reply]) -> Reply | None:
        """An answer; None when the process was killed before there was one."""
        self.world.clock.now += 1
        try:
            reply = call()
        except Killed:
            self.world.clock.now += self.dice.choice((0, 0, 0, TIME_OUT_SECONDS))
            self.world.restart()
            return None
        assert reply.status != 500, reply.raw
        return reply

    def insist(self, call: Callable[[], Reply]) -> Reply:
        """The answer of a client that asks the same again until it is answered."""
        for _ in range(MAX_TRIES):
            reply = self.ask(call)
            if reply is not None and _is_final(reply):
                return reply
        raise AssertionError("it never ends")

    def tick(self, seconds: float) -> None:
        """A run of the janitor, which may be killed."""
        try:
            support.tick(self.world, after_seconds=seconds)
        except Killed:
            self.world.restart()
        except (storage.Unavailable, storage.OutcomeUnknown):
            return

    def key(self) -> str:
        """Of a new request."""
        return f"key-{self.dice.randrange(10**12)}"

    def payments(self) -> list[PaymentItem]:
        """All that are stored, oldest first."""
        with self.fault_rates.paused():
            return sorted(storage.scan_all(PaymentItem), key=lambda item: int(item.created_at))

    def _check_books(self) -> None:
        found = support.findings()
        assert not found, found[:3]
        twice = support.charged_twice()
        assert not twice, f"charged twice: {twice}"


def _is_final(reply: Reply) -> bool:
    """False for "try again"; what names a payment has an outcome, though it be that nothing is known yet."""
    if reply.code is not None and "payment" in reply.body["error"]["details"]:
        return True
    return reply.status not in AGAIN and reply.code not in OVERTAKEN


def storms(kind: type[Storm], seeds: range, *, steps: int) -> None:
    """Run a kind of storm over seeds. Raises Broken with the first seed that shows something."""
    for seed in seeds:
        try:
            kind(seed).run(steps)
        except Killed as killed:
            raise Broken(f"seed {seed}: killed outside a request: {killed}") from killed
