// PayCoreX for TypeScript: a typed client of its HTTP API, and the check of its webhooks.
import { Resources } from "./resources.js";
import { type Settings, Transport } from "./transport.js";

/** A merchant's client; one serves a whole program. */
export class PayCoreX extends Resources {
  /** openapi-fetch on the contract's paths, signed and retried: `raw.GET("/v1/payments")`. */
  readonly raw: Transport["raw"];

  constructor(settings: Settings) {
    const transport = new Transport(settings);
    super(transport);
    this.raw = transport.raw;
  }
}

export { Content, type Page, Pages } from "./answers.js";
export * as codes from "./codes.js";
export { ApiError, NotSigned, PayCoreXError, Unreachable, UnreadableAnswer, WebhookRefused } from "./errors.js";
export type { components, paths } from "./schema.js";
export * as signing from "./signing.js";
export type { Options, Settings } from "./transport.js";
export * as webhooks from "./webhooks.js";
