"""Many execution environments on one simulated clock: each runs the real code, one at a time, and time passes only while all wait.

A task is a thread that holds the baton while it runs. It gives it away where the code sleeps, to the task that wakes first. So waits are
exact whatever the machine does, and a run with the same seeds is the same run.
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.support.warm import Environment

type Task = Callable[[], None]


@dataclass(order=True)
class _Turn:
    """When a task goes on."""

    at: float
    number: int
    go: threading.Semaphore = field(compare=False)


@dataclass
class Timeline:
    """Seconds since the epoch that pass in sleeps only."""

    now: float = 1_800_000_000.0
    _turns: list[_Turn] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _errors: list[BaseException] = field(default_factory=list)
    _tasks: set[int] = field(default_factory=set)

    def time(self) -> float:
        """The moment it is."""
        return self.now

    @property
    def is_beside(self) -> bool:
        """True in a thread that a task began beside the timeline."""
        return bool(self._tasks) and threading.get_ident() not in self._tasks

    def sleep(self, seconds: float) -> None:
        """Let others run until so much time has passed."""
        turn = self._turn_at(self.now + max(0.0, seconds))
        following = heapq.heappop(self._turns)
        self.now = following.at
        if following is not turn:
            following.go.release()
            turn.go.acquire()

    def run(self, tasks: Sequence[Task]) -> None:
        """Run tasks that begin together, and those that they begin; returns when all have ended. Raises the first error of a task."""
        for task in tasks:
            self.begin(task)
        if tasks:
            self._hand_over()
            self._ended.acquire()
        if self._errors:
            raise self._errors[0]

    def begin(self, task: Task) -> None:
        """Begin a task now, beside the one that runs."""
        turn = self._turn_at(self.now)

        def body() -> None:
            turn.go.acquire()
            self._tasks.add(threading.get_ident())
            try:
                task()
            except BaseException as error:  # noqa: BLE001 - raised by `run`, whatever it is
                self._errors.append(error)
            self._tasks.discard(threading.get_ident())
            self._hand_over()

        threading.Thread(target=body, daemon=True).start()

    def _turn_at(self, moment: float) -> _Turn:
        turn = _Turn(moment, next(self._numbers), threading.Semaphore(0))
        heapq.heappush(self._turns, turn)
        return turn

    def _hand_over(self) -> None:
        """A task has ended: the next one goes on, or all have ended."""
        if not self._turns:
            self._ended.release()
            return
        following = heapq.heappop(self._turns)
        self.now = following.at
        following.go.release()


@dataclass
class Pool:
    """Environments as Lambda keeps them: a request goes to one that is idle, the last used first; a new one is made when all are busy."""

    timeline: Timeline
    idle: list[Environment] = field(default_factory=list)
    made: int = 0
    _running: dict[int, Environment] = field(default_factory=dict)

    def serve(self, task: Task) -> None:
        """Run a task in an environment."""
        if self.idle:
            environment = self.idle.pop()
        else:
            environment = Environment()
            self.made += 1
        self._running[threading.get_ident()] = environment
        try:
            with environment.running():
                task()
        finally:
            del self._running[threading.get_ident()]
            self.idle.append(environment)

    def sleep(self, seconds: float) -> None:
        """Wait on the timeline; other environments run meanwhile, with memories of their own.

        A thread that a request began beside its own waits no time: the request has the baton.
        """
        environment = self._running.get(threading.get_ident())
        if environment is not None:
            with environment.resting():
                self.timeline.sleep(seconds)
        elif not self.timeline.is_beside:
            self.timeline.sleep(seconds)
