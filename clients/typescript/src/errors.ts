// What can go wrong in a call. `codes` has a class for each code of the contract.

/** Everything that this library throws on its own. */
export class PayCoreXError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The call needs an API key and a secret, and the client has none. */
export class NotSigned extends PayCoreXError {}

/** A webhook whose signature, time or body is not right. Answer it with 400, and do nothing with its content. */
export class WebhookRefused extends PayCoreXError {}

/**
 * No answer came in the time for retries, so the outcome is unknown. Make the same call again with `idempotencyKey`:
 * it has one effect, and is answered with the first outcome.
 */
export class Unreachable extends PayCoreXError {
  constructor(
    message: string,
    readonly idempotencyKey: string | undefined,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/** A success whose body is no JSON object. The call took effect; `body` is what came. */
export class UnreadableAnswer extends PayCoreXError {
  constructor(
    message: string,
    readonly status: number,
    readonly body: string,
  ) {
    super(message);
  }
}

/** The contract's error object. */
export interface ErrorBody {
  code?: string;
  message?: string;
  details?: Record<string, unknown>;
  request_id?: string;
}

/** The API refused the call. `code` is stable; `retryAfter` is in seconds, when the answer names them. */
export class ApiError extends PayCoreXError {
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly requestId: string;

  constructor(
    readonly status: number,
    error: ErrorBody,
    readonly retryAfter: number | undefined,
    readonly idempotencyKey: string | undefined,
  ) {
    super(`${error.code ?? ""}: ${error.message ?? ""} (HTTP ${status}, request ${error.request_id ?? ""})`);
    this.code = error.code ?? "";
    this.details = error.details ?? {};
    this.requestId = error.request_id ?? "";
  }
}
