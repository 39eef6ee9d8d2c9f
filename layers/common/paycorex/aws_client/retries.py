"""When a request is sent again, and after which wait. The codes and waits are those of botocore's standard mode."""

import random
import threading
from collections.abc import Callable
from enum import Enum
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)

_THROTTLED: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
_TRANSIENT: Final = frozenset({"RequestTimeout", "RequestTimeoutException", "ReplicatedWriteConflictException"})
_TRANSIENT_STATUS: Final = frozenset({500, 502, 503, 504})
# Seconds; the unit of a wait after a throttled request, and the longest wait.
_THROTTLED_UNIT: Final = 1.0
_LONGEST: Final = 20.0
_QUOTA: Final = 500
_COST: Final = 5


class Failure(Enum):
    """What a failed send says about the request. After UNKNOWN it may have been carried out; after the others it was not."""

    NOT_SENT = "not sent"
    THROTTLED = "throttled"
    UNKNOWN = "unknown"
    FINAL = "final"


def failure_of(error: Exception) -> Failure:
    """The kind of a failed send."""
    match error:
        case ClientError():
            return _refusal(error)
        case EndpointConnectionError() | ConnectTimeoutError():
            return Failure.NOT_SENT
        case HTTPClientError():
            return Failure.UNKNOWN
        case _:
            # A certificate that is not right, or no credentials: the same the next time.
            return Failure.FINAL


def _refusal(error: ClientError) -> Failure:
    if error.response["Error"]["Code"] in _THROTTLED:
        return Failure.THROTTLED
    if error.response["ResponseMetadata"]["HTTPStatusCode"] in _TRANSIENT_STATUS:
        return Failure.UNKNOWN
    return Failure.UNKNOWN if error.response["Error"]["Code"] in _TRANSIENT else Failure.FINAL


class Retries:
    """Decides for one client. The quota keeps a service in trouble from being asked twice as much: it falls with each retry.

    Waits are full jitter: anything between nothing and a bound that doubles.
    """

    def __init__(self, sends: int, unit_seconds: float, budget_seconds: float, dice: Callable[[], float] = random.random) -> None:
        self._sends = sends
        self._unit = unit_seconds
        self._budget = budget_seconds
        self._dice = dice
        self._quota = _QUOTA
        self._lock = threading.Lock()

    def wait_after(self, error: ClientError | BotoCoreError, *, sent: int, elapsed_seconds: float, may_repeat: bool) -> float | None:
        """Seconds to wait before the request is sent again; None when it is not. `sent`: how often it was."""
        kind = failure_of(error)
        if kind is Failure.FINAL or (kind is Failure.UNKNOWN and not may_repeat) or sent >= self._sends:
            return None
        unit = _THROTTLED_UNIT if kind is Failure.THROTTLED else self._unit
        wait = self._dice() * min(unit * 2.0 ** (sent - 1), _LONGEST)
        if elapsed_seconds + wait > self._budget or not self._spend():
            return None
        return wait

    def succeeded(self, *, sent: int) -> None:
        """A request was answered after so many sends: what its last retry cost is given back."""
        if sent == 1 and self._quota >= _QUOTA:
            return
        with self._lock:
            self._quota = min(_QUOTA, self._quota + (_COST if sent > 1 else 1))

    def _spend(self) -> bool:
        with self._lock:
            if self._quota < _COST:
                return False
            self._quota -= _COST
            return True
