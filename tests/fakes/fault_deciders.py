"""Faults of a call, and the deciders that choose them."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The result of a call. COMMIT_THEN_TIMEOUT and KILL_AFTER execute it and lose the answer; the rest do not."""

    PASS = "pass"
    THROTTLED = "ThrottlingException"
    THROUGHPUT_EXCEEDED = "ProvisionedThroughputExceededException"
    REQUEST_LIMIT = "RequestLimitExceeded"
    INTERNAL_ERROR = "InternalServerError"
    CONFLICT = "TransactionConflict"
    IN_PROGRESS = "TransactionInProgressException"
    CONNECT_TIMEOUT = "connect-timeout"
    NO_ENDPOINT = "no-endpoint"
    KILL_BEFORE = "kill-before"
    COMMIT_THEN_TIMEOUT = "commit-then-timeout"
    KILL_AFTER = "kill-after"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `index` counts from 0; `tables` are the tables (or queue, or key) it names, in order, once each."""

    index: int
    operation: str
    tables: tuple[str, ...]


type Decider = Callable[[Call], Fault]


def healthy(call: Call) -> Fault:
    """The decider of a system without faults."""
    return Fault.PASS


class _Counted:
    """Counts the calls a decider is about: all, or those of one operation."""

    def __init__(self, operation: str | None) -> None:
        self._operation = operation
        self._seen = 0

    def position(self, call: Call) -> int | None:
        if self._operation is not None and call.operation != self._operation:
            return None
        self._seen += 1
        return self._seen - 1


class Script:
    """Faults by position from 0, as a list or {position: fault}; every other call passes.

    With `operation` ("TransactWriteItems") only calls of that operation are counted and touched.
    """

    def __init__(self, faults: Sequence[Fault] | Mapping[int, Fault], *, operation: str | None = None) -> None:
        self._faults = dict(faults) if isinstance(faults, Mapping) else dict(enumerate(faults))
        self._counted = _Counted(operation)

    def __call__(self, call: Call) -> Fault:
        position = self._counted.position(call)
        return Fault.PASS if position is None else self._faults.get(position, Fault.PASS)


class Nth(Script):
    """`fault` for the n-th call, counted from 1; with `operation`, the n-th of that operation."""

    def __init__(self, n: int, fault: Fault, *, operation: str | None = None) -> None:
        super().__init__({n - 1: fault}, operation=operation)


class Seeded:
    """Faults by chance, the same for the same seed: `weights` gives each its probability, what is left of 1 passes."""

    def __init__(self, seed: int, weights: Mapping[Fault, float], *, operations: frozenset[str] | None = None) -> None:
        if sum(weights.values()) > 1:
            raise ValueError("the probabilities add up to more than 1")
        self._dice = random.Random(seed)
        self._weights = dict(weights)
        self._operations = operations

    def __call__(self, call: Call) -> Fault:
        if self._operations is not None and call.operation not in self._operations:
            return Fault.PASS
        thrown = self._dice.random()
        for fault, weight in self._weights.items():
            thrown -= weight
            if thrown < 0:
                return fault
        return Fault.PASS
