// Sends calls through openapi-fetch: signs each attempt, and tries again what may have been lost.
import createClient, { type Client } from "openapi-fetch";
import { Content } from "./answers.js";
import { NotSigned, UnreadableAnswer } from "./errors.js";
import { Attempts, type Outcome } from "./retries.js";
import type { paths } from "./schema.js";
import { canonicalQuery, randomHex, signedHeaders } from "./signing.js";

export const VERSION = "0.1.0";
const MUTATING = new Set(["POST", "PATCH", "PUT", "DELETE"]);
const NO_BODY = new Set([204, 205, 304]);

/** What a client is made of. */
export interface Settings {
  /** Where the API is, such as https://pay.example.com; a stage or base path belongs to it. */
  baseUrl: string;
  /** With its secret, but for registration alone. */
  apiKey?: string | null | undefined;
  secret?: string | null | undefined;
  /** Milliseconds for one attempt. */
  timeoutMs?: number;
  /** Milliseconds in which a call is tried again; 0 turns retries off. */
  retryForMs?: number;
  /** Milliseconds before the second attempt, half to all of it; then twice as long each time. */
  firstPauseMs?: number;
  fetch?: (request: Request) => Promise<Response>;
}

/** What one call may say beside what it asks. */
export interface Options {
  /** A key of your own, where your program may repeat the call after a restart. */
  idempotencyKey?: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What a call gives. */
export interface Given {
  path?: Record<string, string>;
  query?: object;
  body?: unknown;
  signed?: boolean;
}

/** Sends calls and reads their answers. */
export class Transport {
  /** The contract's paths, typed, for what the resources do not show: `raw.GET("/v1/payments")`. Signed and retried alike. */
  readonly raw: Client<paths>;
  private readonly base: URL;

  constructor(private readonly settings: Settings) {
    if ((settings.apiKey == null) !== (settings.secret == null)) throw new TypeError("apiKey and secret are given together");
    this.base = new URL(settings.baseUrl);
    this.raw = createClient<paths>({
      baseUrl: settings.baseUrl.replace(/\/+$/, ""),
      fetch: (request) => this.send(request, {}, settings.apiKey != null),
    });
  }

  /** The JSON object that a call answers. */
  async json<T>(method: string, path: string, given: Given, options: Options): Promise<T> {
    const response = await this.ask(method, path, given, options);
    const text = await response.text();
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new UnreadableAnswer(`${method} ${path}: the answer is no JSON`, response.status, text);
    }
  }

  /** The file that a call answers. */
  async content(method: string, path: string, given: Given, options: Options): Promise<Content> {
    const response = await this.ask(method, path, given, options);
    return new Content(response.headers, new Uint8Array(await response.arrayBuffer()));
  }

  private ask(method: string, path: string, given: Given, options: Options): Promise<Response> {
    const query = canonicalQuery(pairs(given.query ?? {}));
    const target = `${path.replace(/\{(\w+)\}/g, (_, name: string) => segment(given.path?.[name] ?? ""))}${query ? `?${query}` : ""}`;
    const url = this.settings.baseUrl.replace(/\/+$/, "") + target;
    const headers: Record<string, string> = given.body === undefined ? {} : { "Content-Type": "application/json" };
    const body = given.body === undefined ? null : JSON.stringify(given.body);
    return this.send(new Request(url, { method, headers, body }), options, given.signed ?? true);
  }

  private async send(request: Request, options: Options, signed: boolean): Promise<Response> {
    const key = options.idempotencyKey ?? request.headers.get("Idempotency-Key") ?? (MUTATING.has(request.method) ? randomHex(16) : undefined);
    const body = new Uint8Array(await request.arrayBuffer());
    const attempts = new Attempts(this.settings.retryForMs ?? 60_000, key, this.settings.firstPauseMs);
    for (;;) {
      const outcome = await this.once(await this.attempt(request, body, key, signed), options);
      const pause = attempts.pause(outcome);
      if (pause === undefined) {
        const { response, bytes } = attempts.success(outcome, `${request.method} ${new URL(request.url).pathname}`);
        return new Response(NO_BODY.has(response.status) ? null : bytes, { status: response.status, headers: response.headers });
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
      options.signal?.throwIfAborted();
    }
  }

  private async attempt(request: Request, body: Uint8Array<ArrayBuffer>, key: string | undefined, signed: boolean): Promise<Request> {
    const url = new URL(request.url);
    const query = canonicalQuery(url.searchParams);
    url.search = query;
    const headers = new Headers(request.headers);
    if (key !== undefined) headers.set("Idempotency-Key", key);
    if (signed) {
      const { apiKey, secret } = this.settings;
      if (apiKey == null || secret == null) throw new NotSigned(`${request.method} ${url.pathname} is signed: give the client an apiKey and a secret`);
      const path = url.pathname.slice(this.base.pathname.replace(/\/+$/, "").length);
      const timestamp = String(Date.now());
      const parts = { method: request.method, path, query, timestamp, nonce: randomHex(16), idempotencyKey: key ?? "", body };
      for (const [name, value] of Object.entries(await signedHeaders(apiKey, secret, parts))) headers.set(name, value);
    }
    return new Request(url, { method: request.method, headers, body: body.length === 0 ? null : body, redirect: "manual" });
  }

  /** One attempt with its whole answer. A caller's own abort is no outcome, and is thrown. */
  private async once(request: Request, options: Options): Promise<Outcome> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? this.settings.timeoutMs ?? 30_000);
    const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
    try {
      const response = await (this.settings.fetch ?? fetch)(new Request(request, { signal }));
      return { response, bytes: await response.arrayBuffer() };
    } catch (failure) {
      options.signal?.throwIfAborted();
      return { failure };
    }
  }
}

/** A path parameter as it is sent; what RFC 3986 lets a segment hold stays as it is. */
function segment(value: string): string {
  if (value === "" || value === "." || value === "..") throw new TypeError("an id in a path is empty");
  return encodeURIComponent(value).replace(/%(24|26|2B|2C|3B|3D|3A|40)/g, (sign) => decodeURIComponent(sign));
}

/** A list gives one pair each; undefined and null give none. */
function pairs(query: object): [string, string][] {
  return Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => each !== undefined && each !== null)
      .map((each): [string, string] => [name, each instanceof Date ? each.toISOString() : String(each)]),
  );
}
