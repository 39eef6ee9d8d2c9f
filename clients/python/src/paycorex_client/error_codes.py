"""An error class for each code of the contract. Generated from the contract."""

from collections.abc import Mapping
from typing import Final

from paycorex_client.errors import ApiError


class InvalidRequest(ApiError):
    """`invalid_request`, HTTP 400."""

    code = "invalid_request"


class InvalidAmount(ApiError):
    """`invalid_amount`, HTTP 400."""

    code = "invalid_amount"


class InvalidCursor(ApiError):
    """`invalid_cursor`, HTTP 400."""

    code = "invalid_cursor"


class Unauthorized(ApiError):
    """`unauthorized`, HTTP 401."""

    code = "unauthorized"


class InsufficientFunds(ApiError):
    """`insufficient_funds`, HTTP 402."""

    code = "insufficient_funds"


class CardDeclined(ApiError):
    """`card_declined`, HTTP 402."""

    code = "card_declined"


class PaymentDeclined(ApiError):
    """`payment_declined`, HTTP 402."""

    code = "payment_declined"


class Forbidden(ApiError):
    """`forbidden`, HTTP 403."""

    code = "forbidden"


class NotFound(ApiError):
    """`not_found`, HTTP 404."""

    code = "not_found"


class MethodNotAllowed(ApiError):
    """`method_not_allowed`, HTTP 405."""

    code = "method_not_allowed"


class IdempotencyKeyReused(ApiError):
    """`idempotency_key_reused`, HTTP 409."""

    code = "idempotency_key_reused"


class SignatureReused(ApiError):
    """`signature_reused`, HTTP 409."""

    code = "signature_reused"


class RequestInProgress(ApiError):
    """`request_in_progress`, HTTP 409."""

    code = "request_in_progress"


class Conflict(ApiError):
    """`conflict`, HTTP 409."""

    code = "conflict"


class WalletExists(ApiError):
    """`wallet_exists`, HTTP 409."""

    code = "wallet_exists"


class InvalidState(ApiError):
    """`invalid_state`, HTTP 409."""

    code = "invalid_state"


class AlreadyCaptured(ApiError):
    """`already_captured`, HTTP 409."""

    code = "already_captured"


class AuthorizationExpired(ApiError):
    """`authorization_expired`, HTTP 409."""

    code = "authorization_expired"


class PayloadTooLarge(ApiError):
    """`payload_too_large`, HTTP 413."""

    code = "payload_too_large"


class RefundExceedsPayment(ApiError):
    """`refund_exceeds_payment`, HTTP 422."""

    code = "refund_exceeds_payment"


class PaymentNotRefundable(ApiError):
    """`payment_not_refundable`, HTTP 422."""

    code = "payment_not_refundable"


class CaptureExceedsAuthorization(ApiError):
    """`capture_exceeds_authorization`, HTTP 422."""

    code = "capture_exceeds_authorization"


class NotCapturable(ApiError):
    """`not_capturable`, HTTP 422."""

    code = "not_capturable"


class EvidenceClosed(ApiError):
    """`evidence_closed`, HTTP 422."""

    code = "evidence_closed"


class UnsupportedAmount(ApiError):
    """`unsupported_amount`, HTTP 422."""

    code = "unsupported_amount"


class ProcessorUnavailable(ApiError):
    """`processor_unavailable`, HTTP 422."""

    code = "processor_unavailable"


class UnsupportedMethod(ApiError):
    """`unsupported_method`, HTTP 422."""

    code = "unsupported_method"


class UnsupportedCurrency(ApiError):
    """`unsupported_currency`, HTTP 422."""

    code = "unsupported_currency"


class UnsupportedNetwork(ApiError):
    """`unsupported_network`, HTTP 422."""

    code = "unsupported_network"


class ProviderConfiguration(ApiError):
    """`provider_configuration`, HTTP 422."""

    code = "provider_configuration"


class WrongMode(ApiError):
    """`wrong_mode`, HTTP 422."""

    code = "wrong_mode"


class LimitExceeded(ApiError):
    """`limit_exceeded`, HTTP 422."""

    code = "limit_exceeded"


class RateLimited(ApiError):
    """`rate_limited`, HTTP 429."""

    code = "rate_limited"


class InternalError(ApiError):
    """`internal_error`, HTTP 500."""

    code = "internal_error"


class ProviderUnavailable(ApiError):
    """`provider_unavailable`, HTTP 503."""

    code = "provider_unavailable"


class TemporarilyUnavailable(ApiError):
    """`temporarily_unavailable`, HTTP 503."""

    code = "temporarily_unavailable"


BY_CODE: Final[Mapping[str, type[ApiError]]] = {
    "invalid_request": InvalidRequest,
    "invalid_amount": InvalidAmount,
    "invalid_cursor": InvalidCursor,
    "unauthorized": Unauthorized,
    "insufficient_funds": InsufficientFunds,
    "card_declined": CardDeclined,
    "payment_declined": PaymentDeclined,
    "forbidden": Forbidden,
    "not_found": NotFound,
    "method_not_allowed": MethodNotAllowed,
    "idempotency_key_reused": IdempotencyKeyReused,
    "signature_reused": SignatureReused,
    "request_in_progress": RequestInProgress,
    "conflict": Conflict,
    "wallet_exists": WalletExists,
    "invalid_state": InvalidState,
    "already_captured": AlreadyCaptured,
    "authorization_expired": AuthorizationExpired,
    "payload_too_large": PayloadTooLarge,
    "refund_exceeds_payment": RefundExceedsPayment,
    "payment_not_refundable": PaymentNotRefundable,
    "capture_exceeds_authorization": CaptureExceedsAuthorization,
    "not_capturable": NotCapturable,
    "evidence_closed": EvidenceClosed,
    "unsupported_amount": UnsupportedAmount,
    "processor_unavailable": ProcessorUnavailable,
    "unsupported_method": UnsupportedMethod,
    "unsupported_currency": UnsupportedCurrency,
    "unsupported_network": UnsupportedNetwork,
    "provider_configuration": ProviderConfiguration,
    "wrong_mode": WrongMode,
    "limit_exceeded": LimitExceeded,
    "rate_limited": RateLimited,
    "internal_error": InternalError,
    "provider_unavailable": ProviderUnavailable,
    "temporarily_unavailable": TemporarilyUnavailable,
}
