/** Requests of one who is signed in: by a session, whose cookie no script can read, or signed with an API key (scheme v2), which is meant for
 *  development. The key's secret becomes a key that cannot be read back, lives in this tab's memory and nowhere else. */

import { explained, t } from "./texts.js";

const encoder = new TextEncoder();
const base = new URL(".", document.baseURI).href.replace(/\/$/, "");
/** @type {{apiKey: string, key: CryptoKey} | null} */
let credentials = null;
/** Who is signed in by a session, as the API shows it. */
let session = null;

const STEP_UP = "/v1/console/session/step_up";

/** Keys of requests whose outcome is not known: sent again, the same request is the same to the server, and acts once. */
const unsettled = new Map();

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

export class ApiError extends Error {
  constructor(status, error) {
    const waits = error?.details?.approval_id && t("A second person has to approve this within a day, on the page of their account. Then do it again in the same way.");
    super(waits || (error?.message ? explained(error.code, error.message) : t("The server answered {status}.", { status })));
    Object.assign(this, { status, code: error?.code, details: error?.details ?? {}, requestId: error?.request_id });
  }
}

/** Take an API key. @param {string} apiKey @param {string} secret */
export async function enterByKey(apiKey, secret) {
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  credentials = { apiKey, key };
  session = null;
}

/** Go on with a session. @param {object} signedIn as the API answers it */
export function enterBySession(signedIn) {
  session = signedIn;
  credentials = null;
}

/** Take what changed of the person who is signed in. Another tab may have chosen the other mode: then the page begins anew. */
export const refresh = (console) => {
  if (console.signed_in?.mode !== session?.mode) document.dispatchEvent(new Event("signed-out"));
  else session = console.signed_in;
};
export const person = () => session;
/** Whether the one who is signed in may do this; a key is not asked. @param {string} scope */
export const may = (scope) => !session || session.scopes.includes(scope);

export async function signOut() {
  const ended = session;
  if (ended) await remove(`/v1/console/sessions/${ended.session.session_id}`).catch(() => null);
  credentials = session = null;
  unsettled.clear();
}
export const isSignedIn = () => credentials !== null || session !== null;
/** Whether requests are signed with the key that begins like this. @param {string} prefix */
export const isOwn = (prefix) => credentials?.apiKey.startsWith(prefix) ?? false;

/** What v2 signs: the path as the gateway hands it on, without the stage. */
async function headersFor(method, path, pairs, body, idempotencyKey) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = crypto.randomUUID();
  const digest = hex(await crypto.subtle.digest("SHA-256", encoder.encode(body)));
  const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join("&");
  const text = ["PCX2", method, path, query, timestamp, nonce, idempotencyKey, digest].join("\n");
  const signature = hex(await crypto.subtle.sign("HMAC", credentials.key, encoder.encode(text)));
  return {
    "X-API-Key": credentials.apiKey, "X-Timestamp": timestamp, "X-Signature": signature, "X-Signature-Version": "2",
    "X-Content-SHA256": digest, "X-Nonce": nonce, ...(idempotencyKey && { "Idempotency-Key": idempotencyKey }),
  };
}

async function send(method, path, query = {}, body = undefined) {
  try {
    return await once(method, path, query, body);
  } catch (error) {
    // The operators' page asks for itself.
    if (!error.details?.step_up || !session || path.startsWith("/operator/")) throw error;
  }
  await stepUp();
  return once(method, path, query, body);
}

/** Use one's passkey again: what is dangerous asks for one that was just used. */
async function stepUp() {
  const { sign } = await import("./passkeys.js");
  const challenge = await (await once("POST", STEP_UP, {}, {})).json();
  await once("PATCH", STEP_UP, {}, { credential: await sign(challenge) });
}

async function once(method, path, query, body) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "").map(([n, v]) => [n, String(v)]);
  const text = body === undefined ? "" : JSON.stringify(body);
  const same = method === "GET" ? "" : `${method} ${path} ${hex(await crypto.subtle.digest("SHA-256", encoder.encode(text)))}`;
  const key = same && (unsettled.get(same) ?? crypto.randomUUID());
  if (same) unsettled.set(same, key);
  const target = base + path + (pairs.length ? `?${pairs.map(([n, v]) => `${encode(n)}=${encode(v)}`).join("&")}` : "");
  const headers = session ? { "X-CSRF-Token": session.csrf_token, "X-Mode": session.mode, ...(key && { "Idempotency-Key": key }) } : await headersFor(method, path, pairs, text, key);
  const answer = await fetched(target, method, headers, text, session ? "same-origin" : "omit");
  if (answer.status < 500) unsettled.delete(same);
  if (answer.status === 401 && session) document.dispatchEvent(new Event("signed-out"));
  if (!answer.ok) throw new ApiError(answer.status, (await answer.json().catch(() => ({}))).error);
  return answer;
}

const fetched = (target, method, headers, text, credentials) =>
  fetch(target, { method, headers: text ? { ...headers, "Content-Type": "application/json" } : headers, body: text || undefined, credentials, cache: "no-store" }).catch(() => {
    throw new ApiError(0, { message: t("The server cannot be reached.") });
  });

/** A request by which people come in: it needs no one to be signed in yet. */
export async function open(method, path, body) {
  const answer = await fetched(base + path, method, {}, body === undefined ? "" : JSON.stringify(body), "same-origin");
  if (!answer.ok) throw new ApiError(answer.status, (await answer.json().catch(() => ({}))).error);
  return answer.json();
}

export const get = async (path, query) => (await send("GET", path, query)).json();
/** An answer as it came. */
export const getText = async (path, query) => (await send("GET", path, query)).text();
export const getBlob = async (path) => (await send("GET", path)).blob();
export const post = async (path, body = {}) => (await send("POST", path, {}, body)).json();
export const patch = async (path, body) => (await send("PATCH", path, {}, body)).json();
export const remove = async (path) => (await send("DELETE", path)).json();

/** Download a CSV of everything that matches. */
export async function download(path, query, name) {
  let cursor, text = "";
  do {
    const answer = await send("GET", `${path}/csv`, { ...query, cursor });
    const part = await answer.text();
    text += text ? part.slice(part.indexOf("\n") + 1) : part;
    cursor = answer.headers.get("X-Next-Cursor");
  } while (cursor);
  save(text, "text/csv", name);
}

/** Download an answer as it is: parsing it would round whole numbers that a script cannot hold. */
export const keep = async (path, name) => save(await (await send("GET", path)).text(), "application/json", name);

/** Download a file as it is. */
export const keepFile = async (path, name, query = {}) => save(await (await send("GET", path, query)).blob(), "application/octet-stream", name);

/** Download a text that comes in parts of one file: only the first has its head. */
export async function keepPages(path, query, name) {
  const parts = [];
  let cursor;
  do {
    const answer = await send("GET", path, { ...query, cursor });
    parts.push(await answer.text());
    cursor = answer.headers.get("X-Next-Cursor");
  } while (cursor);
  save(parts.join(""), "text/plain", name);
}

function save(text, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
