"""What the package raises inside itself; the client turns it into botocore's `ClientError` (see errors)."""

from typing import Any


class RefusedError(Exception):
    """A request that DynamoDB answers with an error: `code` is the AWS error code, `extra` its modelled members."""

    def __init__(self, code: str, message: str, extra: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.extra = extra or {}


class ConditionFailedError(RefusedError):
    """The condition does not hold; `extra["Item"]` is the present item when the caller asked for ALL_OLD."""

    def __init__(self, item: dict[str, Any] | None) -> None:
        extra = {} if item is None else {"Item": item}
        super().__init__("ConditionalCheckFailedException", "The conditional request failed", extra)


def invalid(message: str) -> RefusedError:
    """A ValidationException with DynamoDB's wording."""
    return RefusedError("ValidationException", message)


def invalid_parameter(detail: str) -> RefusedError:
    """A ValidationException about the values of the request."""
    return invalid(f"One or more parameter values were invalid: {detail}")
