// Webhooks: whether one is genuine and fresh (Standard Webhooks), and what it says. Verify the raw bytes, before anything parses them.
import { WebhookRefused } from "./errors.js";
import type { Item } from "./operations.js";
import { bytesOf, hmacKey } from "./signing.js";

/** An event; `event` says which object `data` is. `id` is the same in every delivery: remember it and skip what was seen. */
export type Event = Item<"/v1/events", "get">;

/** A request's headers: a Headers object, or Node's. */
export type HeadersLike = Headers | Record<string, string | string[] | undefined>;

export const TOLERANCE_SECONDS = 300;

/** Throws WebhookRefused unless one of the secrets made one of the signatures, at most five minutes ago. `now` is in seconds. */
export async function verify(body: string | Uint8Array, headers: HeadersLike, secret: string | readonly string[], now = Date.now() / 1000): Promise<void> {
  const moment = header(headers, "webhook-timestamp");
  if (!/^\d+$/.test(moment)) throw new WebhookRefused("webhook-timestamp is missing or no number");
  if (Math.abs(now - Number(moment)) > TOLERANCE_SECONDS) throw new WebhookRefused("the webhook was signed more than five minutes away from now");
  const head = bytesOf(`${header(headers, "webhook-id")}.${moment}.`);
  const rest = typeof body === "string" ? bytesOf(body) : body;
  const signed = new Uint8Array(head.length + rest.length);
  signed.set(head);
  signed.set(rest, head.length);
  const given = header(headers, "webhook-signature").split(" ").filter((each) => each.startsWith("v1,"));
  for (const each of typeof secret === "string" ? [secret] : secret) {
    const key = await hmacKey(decoded(each.replace(/^whsec_/, "")), "verify");
    for (const signature of given) {
      if (await crypto.subtle.verify("HMAC", key, decoded(signature.slice(3)), signed)) return;
    }
  }
  throw new WebhookRefused("no signature of the webhook is right");
}

/** The event of a genuine webhook. Throws WebhookRefused. */
export async function parse(body: string | Uint8Array, headers: HeadersLike, secret: string | readonly string[], now?: number): Promise<Event> {
  await verify(body, headers, secret, now);
  const event: unknown = JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  if (typeof event !== "object" || event === null || !("event" in event) || !("data" in event)) throw new WebhookRefused("the body is not an event");
  return event as Event;
}

function header(headers: HeadersLike, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? "";
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
  return Array.isArray(found) ? found.join(" ") : found;
}

/** The bytes of base64; none for what is no base64, which no signature matches. */
function decoded(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
