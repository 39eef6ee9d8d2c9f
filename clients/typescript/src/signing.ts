// Request signatures, scheme v2, and HMAC-SHA256 (RFC 2104) by WebCrypto.

const encoder = new TextEncoder();

/** UTF-8 bytes. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Lower-case hex. */
export function hex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Percent-encoded per RFC 3986: encodeURIComponent leaves five characters that are reserved. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Pairs percent-encoded, sorted by name then value, joined by `&`. It is also what the client sends. */
export function canonicalQuery(pairs: Iterable<readonly [string, string]>): string {
  const sorted = Array.from(pairs, ([name, value]): [string, string] => [encoded(name), encoded(value)]).sort(
    (one, other) => compare(one[0], other[0]) || compare(one[1], other[1]),
  );
  return sorted.map(([name, value]) => `${name}=${value}`).join("&");
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** What a v2 signature covers. `path` is without host, stage and base path; `query` in canonical form. */
export interface Signable {
  method: string;
  path: string;
  query: string;
  timestamp: string;
  nonce: string;
  idempotencyKey: string;
  body: Uint8Array<ArrayBuffer>;
}

/** The text that v2 signs. */
export async function signedText(parts: Signable): Promise<string> {
  const digest = hex(await crypto.subtle.digest("SHA-256", parts.body));
  return ["PCX2", parts.method, parts.path, parts.query, parts.timestamp, parts.nonce, parts.idempotencyKey, digest].join("\n");
}

/** The headers of a signed request; the Idempotency-Key, if there is one, is sent beside them. */
export async function signedHeaders(apiKey: string, secret: string, parts: Signable): Promise<Record<string, string>> {
  const key = await hmacKey(bytesOf(secret), "sign");
  const signature = await crypto.subtle.sign("HMAC", key, bytesOf(await signedText(parts)));
  return {
    "X-API-Key": apiKey,
    "X-Timestamp": parts.timestamp,
    "X-Nonce": parts.nonce,
    "X-Content-SHA256": hex(await crypto.subtle.digest("SHA-256", parts.body)),
    "X-Signature-Version": "2",
    "X-Signature": hex(signature),
  };
}

/** A key of HMAC-SHA256. */
export function hmacKey(secret: Uint8Array<ArrayBuffer>, use: "sign" | "verify"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}

/** Random bytes as hex. */
export function randomHex(bytes: number): string {
  return hex(crypto.getRandomValues(new Uint8Array(bytes)));
}
