// An error class for each code of the contract. Generated from the contract.
import { ApiError } from "./errors.js";

/** `invalid_request`, HTTP 400. */
export class InvalidRequest extends ApiError {}

/** `invalid_amount`, HTTP 400. */
export class InvalidAmount extends ApiError {}

/** `invalid_cursor`, HTTP 400. */
export class InvalidCursor extends ApiError {}

/** `unauthorized`, HTTP 401. */
export class Unauthorized extends ApiError {}

/** `insufficient_funds`, HTTP 402. */
export class InsufficientFunds extends ApiError {}

/** `card_declined`, HTTP 402. */
export class CardDeclined extends ApiError {}

/** `payment_declined`, HTTP 402. */
export class PaymentDeclined extends ApiError {}

/** `forbidden`, HTTP 403. */
export class Forbidden extends ApiError {}

/** `not_found`, HTTP 404. */
export class NotFound extends ApiError {}

/** `method_not_allowed`, HTTP 405. */
export class MethodNotAllowed extends ApiError {}

/** `idempotency_key_reused`, HTTP 409. */
export class IdempotencyKeyReused extends ApiError {}

/** `signature_reused`, HTTP 409. */
export class SignatureReused extends ApiError {}

/** `request_in_progress`, HTTP 409. */
export class RequestInProgress extends ApiError {}

/** `conflict`, HTTP 409. */
export class Conflict extends ApiError {}

/** `wallet_exists`, HTTP 409. */
export class WalletExists extends ApiError {}

/** `invalid_state`, HTTP 409. */
export class InvalidState extends ApiError {}

/** `already_captured`, HTTP 409. */
export class AlreadyCaptured extends ApiError {}

/** `authorization_expired`, HTTP 409. */
export class AuthorizationExpired extends ApiError {}

/** `payload_too_large`, HTTP 413. */
export class PayloadTooLarge extends ApiError {}

/** `refund_exceeds_payment`, HTTP 422. */
export class RefundExceedsPayment extends ApiError {}

/** `payment_not_refundable`, HTTP 422. */
export class PaymentNotRefundable extends ApiError {}

/** `capture_exceeds_authorization`, HTTP 422. */
export class CaptureExceedsAuthorization extends ApiError {}

/** `not_capturable`, HTTP 422. */
export class NotCapturable extends ApiError {}

/** `evidence_closed`, HTTP 422. */
export class EvidenceClosed extends ApiError {}

/** `unsupported_amount`, HTTP 422. */
export class UnsupportedAmount extends ApiError {}

/** `processor_unavailable`, HTTP 422. */
export class ProcessorUnavailable extends ApiError {}

/** `unsupported_method`, HTTP 422. */
export class UnsupportedMethod extends ApiError {}

/** `unsupported_currency`, HTTP 422. */
export class UnsupportedCurrency extends ApiError {}

/** `unsupported_network`, HTTP 422. */
export class UnsupportedNetwork extends ApiError {}

/** `provider_configuration`, HTTP 422. */
export class ProviderConfiguration extends ApiError {}

/** `wrong_mode`, HTTP 422. */
export class WrongMode extends ApiError {}

/** `limit_exceeded`, HTTP 422. */
export class LimitExceeded extends ApiError {}

/** `rate_limited`, HTTP 429. */
export class RateLimited extends ApiError {}

/** `internal_error`, HTTP 500. */
export class InternalError extends ApiError {}

/** `provider_unavailable`, HTTP 503. */
export class ProviderUnavailable extends ApiError {}

/** `temporarily_unavailable`, HTTP 503. */
export class TemporarilyUnavailable extends ApiError {}

export const BY_CODE: Readonly<Record<string, typeof ApiError>> = {
  invalid_request: InvalidRequest,
  invalid_amount: InvalidAmount,
  invalid_cursor: InvalidCursor,
  unauthorized: Unauthorized,
  insufficient_funds: InsufficientFunds,
  card_declined: CardDeclined,
  payment_declined: PaymentDeclined,
  forbidden: Forbidden,
  not_found: NotFound,
  method_not_allowed: MethodNotAllowed,
  idempotency_key_reused: IdempotencyKeyReused,
  signature_reused: SignatureReused,
  request_in_progress: RequestInProgress,
  conflict: Conflict,
  wallet_exists: WalletExists,
  invalid_state: InvalidState,
  already_captured: AlreadyCaptured,
  authorization_expired: AuthorizationExpired,
  payload_too_large: PayloadTooLarge,
  refund_exceeds_payment: RefundExceedsPayment,
  payment_not_refundable: PaymentNotRefundable,
  capture_exceeds_authorization: CaptureExceedsAuthorization,
  not_capturable: NotCapturable,
  evidence_closed: EvidenceClosed,
  unsupported_amount: UnsupportedAmount,
  processor_unavailable: ProcessorUnavailable,
  unsupported_method: UnsupportedMethod,
  unsupported_currency: UnsupportedCurrency,
  unsupported_network: UnsupportedNetwork,
  provider_configuration: ProviderConfiguration,
  wrong_mode: WrongMode,
  limit_exceeded: LimitExceeded,
  rate_limited: RateLimited,
  internal_error: InternalError,
  provider_unavailable: ProviderUnavailable,
  temporarily_unavailable: TemporarilyUnavailable,
};
