"""Failures of a call to the store, by what the caller should do next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)

from paycorex import redaction

logger = redaction.logger("storage")

Attributes = Mapping[str, Any]
# An alarm counts these lines. A conflict of two transactions is not one of them: a busy account has them all the time.
TROUBLE = "AWS is busy or does not answer"

# The service takes no more calls of this kind now.
_THROTTLED = frozenset({"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "LimitExceededException"})
# The store is busy, and nothing of this call was written. (A 5xx tells nothing about that: its outcome is unknown.)
_BUSY = _THROTTLED | {"TransactionConflictException"}


class Unavailable(Exception):
    """Nothing was written; the same call may succeed later. `code` is the service's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OutcomeUnknown(Exception):
    """The call may or may not have been carried out: look before trying again."""


class WriteRefused(Exception):
    """A condition did not hold, or a transaction was cancelled: nothing was written."""


class ConditionRefused(WriteRefused):
    """A single write's condition did not hold. `item` is the item that is there instead, if any."""

    def __init__(self, item: Attributes | None) -> None:
        super().__init__("condition refused")
        self.item = item


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one write of a transaction was refused; code `None` for writes that were not the cause."""

    code: str
    item: Attributes | None

    @property
    def is_condition(self) -> bool:
        """True when this write's condition did not hold."""
        return self.code == "ConditionalCheckFailed"

    @property
    def is_conflict(self) -> bool:
        """True when another transaction was writing the same item."""
        return self.code == "TransactionConflict"

    @property
    def is_busy(self) -> bool:
        """True when trying again makes sense."""
        return self.is_conflict or self.code in {"ThrottlingError", "ProvisionedThroughputExceeded"}


class TransactionRefused(WriteRefused):
    """A transaction was cancelled and nothing was written. `reasons` are in the order of its writes."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons

    @property
    def is_passing(self) -> bool:
        """True when another writer was faster or the store is busy, and not when a write can never be carried out."""
        return any(reason.is_condition or reason.is_busy for reason in self.reasons)


class TransactionInProgress(Unavailable):
    """The same transaction is still running; AWS advises to go on asking for at least five seconds."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn botocore's exceptions into the ones above."""
    try:
        yield
    except ClientError as error:
        raise _translate(error) from error
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        _note(type(error).__name__)
        raise Unavailable(type(error).__name__) from error
    except (ConnectionClosedError, HTTPClientError) as error:
        _note(type(error).__name__)
        raise OutcomeUnknown(type(error).__name__) from error
    except BotoCoreError as error:
        _note(type(error).__name__)
        raise Unavailable(type(error).__name__) from error


def _note(code: str) -> None:
    logger.warning(TROUBLE, extra={"code": code})


def _translate(error: ClientError) -> Exception:
    response: Any = error.response
    code = response["Error"]["Code"]
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    if status >= 500 or code in _THROTTLED:
        _note(code)
    if code == "ConditionalCheckFailedException":
        return ConditionRefused(response.get("Item"))
    if code == "TransactionCanceledException":
        reasons = tuple(Reason(r.get("Code", "None"), r.get("Item")) for r in response.get("CancellationReasons", []))
        for reason in reasons:
            if reason.is_busy and reason.code != "TransactionConflict":
                _note(reason.code)
        return TransactionRefused(reasons)
    if code == "TransactionInProgressException":
        return TransactionInProgress(code)
    if code in _BUSY:
        return Unavailable(code)
    return OutcomeUnknown(code) if status >= 500 else error
