// When a call is tried again: its outcome is unknown, or the server asks for it. Always under the same Idempotency-Key.
import { BY_CODE } from "./codes.js";
import { ApiError, type ErrorBody, Unreachable } from "./errors.js";

const RETRIED_STATUSES = new Set([429, 500, 502, 503, 504]);
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

/** An answer with its whole body, or why there is none. */
export type Outcome = { response: Response; bytes: ArrayBuffer } | { failure: unknown };

/** The attempts of one call. No attempt begins later than `retryForMs` after the first. */
export class Attempts {
  private readonly ends: number;
  private pauseMs: number;

  constructor(
    retryForMs: number,
    private readonly idempotencyKey: string | undefined,
    firstPauseMs: number = FIRST_PAUSE_MS,
  ) {
    this.ends = performance.now() + retryForMs;
    this.pauseMs = firstPauseMs;
  }

  /** Milliseconds until the next attempt; undefined when this outcome stays. */
  pause(outcome: Outcome): number | undefined {
    if (!mayChange(outcome)) return undefined;
    const asked = "response" in outcome ? retryAfter(outcome.response) : undefined;
    // Spread, so that clients who were cut off together do not come back together.
    const pause = asked === undefined ? this.pauseMs * (0.5 + Math.random() / 2) : asked * 1000;
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    return performance.now() + pause <= this.ends ? pause : undefined;
  }

  /** The answer, if it is a success. Throws Unreachable, or the ApiError of the answer's code. */
  success(outcome: Outcome, what: string): { response: Response; bytes: ArrayBuffer } {
    if ("failure" in outcome) throw new Unreachable(`${what}: ${String(outcome.failure)}`, this.idempotencyKey, outcome.failure);
    if (outcome.response.ok) return outcome;
    const error = errorOf(outcome);
    const kind = BY_CODE[error.code ?? ""] ?? ApiError;
    throw new kind(outcome.response.status, error, retryAfter(outcome.response), this.idempotencyKey);
  }
}

function mayChange(outcome: Outcome): boolean {
  if ("failure" in outcome) return true;
  const status = outcome.response.status;
  return RETRIED_STATUSES.has(status) || (status === 409 && errorOf(outcome).code === "request_in_progress");
}

/** The contract's error, or what a proxy in between said. */
function errorOf(outcome: { bytes: ArrayBuffer }): ErrorBody {
  const text = new TextDecoder().decode(outcome.bytes);
  try {
    const error: unknown = (JSON.parse(text) as { error?: unknown }).error;
    if (typeof error === "object" && error !== null) return error;
  } catch {
    // No JSON: a proxy's own page.
  }
  return { message: text.slice(0, 500) };
}

/** Seconds of `Retry-After` (RFC 9110, 10.2.3), a number or a date. */
function retryAfter(response: Response): number | undefined {
  const given = response.headers.get("Retry-After") ?? "";
  if (/^\d+$/.test(given)) return Number(given);
  const moment = Date.parse(given);
  return Number.isNaN(moment) ? undefined : Math.max(0, (moment - Date.now()) / 1000);
}
