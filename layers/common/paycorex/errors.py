"""Every error a caller can see: stable codes, each mapped to exactly one HTTP status.

Domain rules raise `Refusal` subclasses that live beside the rule; this module owns the table that turns a code into a status and the
one class they share. The HTTP shape is made in `paycorex.http`.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

STATUS_BY_CODE: Mapping[str, int] = MappingProxyType(
    {
        "invalid_request": 400,
        "invalid_amount": 400,
        "invalid_cursor": 400,
        "unauthorized": 401,
        "insufficient_funds": 402,
        "card_declined": 402,
        "payment_declined": 402,
        "forbidden": 403,
        "not_found": 404,
        "method_not_allowed": 405,
        "idempotency_key_reused": 409,
        "signature_reused": 409,
        "request_in_progress": 409,
        "conflict": 409,
        "wallet_exists": 409,
        "invalid_state": 409,
        "already_captured": 409,
        "authorization_expired": 409,
        "payload_too_large": 413,
        "refund_exceeds_payment": 422,
        "payment_not_refundable": 422,
        "capture_exceeds_authorization": 422,
        "not_capturable": 422,
        "evidence_closed": 422,
        "unsupported_amount": 422,
        "processor_unavailable": 422,
        "unsupported_method": 422,
        "unsupported_currency": 422,
        "unsupported_network": 422,
        "provider_configuration": 422,
        "wrong_mode": 422,
        "limit_exceeded": 422,
        "rate_limited": 429,
        "internal_error": 500,
        "provider_unavailable": 503,
        "temporarily_unavailable": 503,
    }
)

# In every 503 and 429 that knows no better number.
RETRY_AFTER_SECONDS = 2
# In the answer when a limit of number is reached: nothing changes by waiting alone.
RETRY_WHEN_FULL_SECONDS = 60


class Refusal(Exception):
    """A request that is refused for a documented reason.

    code: one of STATUS_BY_CODE. message: for people, never carries secrets. details: JSON-ready facts for programs.
    retry_after_seconds: when trying again makes sense, else None.
    """

    code: str = "invalid_request"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        details: Mapping[str, object] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        if self.code not in STATUS_BY_CODE:
            msg = f"unknown error code {self.code!r}"
            raise AssertionError(msg)
        self.details: dict[str, object] = dict(details or {})
        if retry_after_seconds is None and self.status in {429, 503}:
            retry_after_seconds = RETRY_AFTER_SECONDS
        self.retry_after_seconds = retry_after_seconds

    @property
    def status(self) -> int:
        """The HTTP status of this refusal."""
        return STATUS_BY_CODE[self.code]


class InvalidRequest(Refusal):
    """The request is malformed: wrong type, unknown field, out of its limits."""

    code = "invalid_request"


class InvalidAmount(Refusal):
    """Not a positive amount with at most the currency's decimals."""

    code = "invalid_amount"


class InvalidCursor(Refusal):
    """A cursor that this API did not issue to this merchant for this list."""

    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__("The cursor is not of this list with these filters: begin the list without cursor.")


class Unauthorized(Refusal):
    """The signature check failed. `reason` is for the log only: the answer is the same for every cause that a key has to do with.

    hint: what is said beside it, where the request alone shows that it cannot be right. details: the same for programs.
    """

    code = "unauthorized"

    def __init__(self, reason: str, *, hint: str | None = None, details: Mapping[str, object] | None = None) -> None:
        super().__init__(f"The request signature is missing or not valid.{f' {hint}' if hint else ''}", details=details)
        self.reason = reason
        self.hint = hint


class Forbidden(Refusal):
    """Authenticated, but the key's scopes do not allow this."""

    code = "forbidden"


class NotFound(Refusal):
    """No such object for this merchant. The same answer whether it belongs to another merchant or does not exist.

    hint: how to get one.
    """

    code = "not_found"

    def __init__(self, noun: str, *, hint: str | None = None) -> None:
        super().__init__(f"No such {noun}.{f' {hint}' if hint else ''}")


class MethodNotAllowed(Refusal):
    """The path is known, and takes other methods than this one.

    allow: the methods that it takes (RFC 9110, 15.5.6: the answer names them in `Allow`). hint: what was probably meant.
    """

    code = "method_not_allowed"

    def __init__(self, allow: Sequence[str], *, hint: str = "", details: Mapping[str, object] | None = None) -> None:
        super().__init__(f"This path takes {' and '.join(allow)}.{hint}", details={"allow": list(allow), **(details or {})})
        self.allow = tuple(allow)


class Conflict(Refusal):
    """The object changed meanwhile, or the request collides with another."""

    code = "conflict"


class InvalidState(Refusal):
    """The object's state does not allow this."""

    code = "invalid_state"


class PayloadTooLarge(Refusal):
    """Body over the documented limit."""

    code = "payload_too_large"


class UnsupportedCurrency(Refusal):
    """Not an ISO 4217 currency with a minor unit that PayCoreX books."""

    code = "unsupported_currency"


class UnsupportedAmount(Refusal):
    """An amount that the provider of a payment or refund has no number for, or does not take."""

    code = "unsupported_amount"


class ProviderConfiguration(Refusal):
    """The provider does not take the request as the merchant's connector settings make it: no retry mends it, other settings do."""

    code = "provider_configuration"


class LimitExceeded(Refusal):
    """A named limit would be exceeded."""

    code = "limit_exceeded"


class RateLimited(Refusal):
    """Too many requests."""

    code = "rate_limited"


class TooMany(RateLimited):
    """A merchant has as many of something as one may have. There is room again when it gives one up."""

    def __init__(self, message: str, *, limit: int) -> None:
        super().__init__(message, details={"limit": limit}, retry_after_seconds=RETRY_WHEN_FULL_SECONDS)


class TemporarilyUnavailable(Refusal):
    """Nothing was written, or what was written will be found by a retry with the same key."""

    code = "temporarily_unavailable"

    def __init__(self, reason: str = "The service is busy. Retry with the same Idempotency-Key.") -> None:
        super().__init__(reason)
