// When a call is tried again, with what, and what is thrown in the end.
import assert from "node:assert/strict";
import test from "node:test";
import { ApiError, codes, NotSigned, PayCoreX, Unreachable, UnreadableAnswer } from "../dist/index.js";

const json = (status, body, headers = {}) => () => new Response(JSON.stringify(body), { status, headers });
const refused = (status, code, headers) => json(status, { error: { code, message: "m", details: {}, request_id: "req_1" } }, headers);
const broken = () => {
  throw new TypeError("fetch failed");
};
const cut = () => new Response(new ReadableStream({ pull: (stream) => stream.error(new Error("cut off")) }), { status: 201 });

/** A client whose requests are answered by these steps, the last one again and again; and the requests. */
function clientOf(steps, settings = {}) {
  const seen = [];
  const fetch = async (request) => {
    seen.push(request);
    return (steps.length > 1 ? steps.shift() : steps[0])();
  };
  return { seen, client: new PayCoreX({ apiKey: "pk", secret: "sk", baseUrl: "http://api", firstPauseMs: 1, fetch, ...settings }) };
}

const troubles = { broken, cut, 500: refused(500, "internal_error"), 503: refused(503, "temporarily_unavailable"), 502: json(502, []),
  429: refused(429, "rate_limited", { "Retry-After": "0" }), 409: refused(409, "request_in_progress") };
for (const [name, trouble] of Object.entries(troubles)) {
  test(`an unknown outcome is asked for again under the same key: ${name}`, async () => {
    const { client, seen } = clientOf([trouble, trouble, json(201, { wallet_id: "wal_1" })]);
    assert.equal((await client.wallets.create({ user_id: "asha" })).wallet_id, "wal_1");
    assert.equal(seen.length, 3);
    assert.equal(new Set(seen.map((request) => request.headers.get("Idempotency-Key"))).size, 1);
    assert.equal(new Set(seen.map((request) => request.headers.get("X-Signature"))).size, 3);
  });
}

test("an answer that stays is not asked for again, and is of its code's class", async () => {
  const { client, seen } = clientOf([refused(402, "insufficient_funds")]);
  await assert.rejects(client.wallets.create({ user_id: "asha" }), (error) => {
    assert.ok(error instanceof codes.InsufficientFunds && error instanceof ApiError);
    assert.deepEqual([error.status, error.code, error.requestId, error.name], [402, "insufficient_funds", "req_1", "InsufficientFunds"]);
    return true;
  });
  assert.equal(seen.length, 1);
});

test("Retry-After is waited for, unless that would pass the time for retries", async () => {
  const { client, seen } = clientOf([refused(429, "rate_limited", { "Retry-After": "2" })], { retryForMs: 1000 });
  await assert.rejects(client.merchant.get(), (error) => error.retryAfter === 2);
  assert.equal(seen.length, 1);
});

test("retries end in time, and say under which key to go on", async () => {
  const { client, seen } = clientOf([broken], { retryForMs: 30 });
  const began = performance.now();
  await assert.rejects(client.wallets.create({ user_id: "asha" }, { idempotencyKey: "mine" }), (error) => {
    return error instanceof Unreachable && error.idempotencyKey === "mine";
  });
  assert.ok(performance.now() - began < 1000);
  assert.ok(seen.length > 1 && seen.every((request) => request.headers.get("Idempotency-Key") === "mine"));
});

test("a success that is no JSON says what came", async () => {
  const { client } = clientOf([() => new Response("<html>", { status: 201 })]);
  await assert.rejects(client.wallets.create({ user_id: "asha" }), (error) => error instanceof UnreadableAnswer && error.body === "<html>");
});

test("a caller's abort ends the call at once", async () => {
  const { client } = clientOf([broken]);
  await assert.rejects(client.merchant.get({ signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a signed call without credentials, half of them, and an empty id are refused before anything is sent", async () => {
  const { client, seen } = clientOf([json(200, {})], { apiKey: undefined, secret: undefined });
  await assert.rejects(client.merchant.get(), NotSigned);
  await assert.rejects(async () => client.payments.get(""), TypeError);
  assert.equal(seen.length, 0);
  assert.throws(() => new PayCoreX({ apiKey: "pk", baseUrl: "http://api" }), TypeError);
});

test("a list asks for page after page", async () => {
  const pages = ["two", "three", null].map((cursor, n) => json(200, { data: [{ payment_id: `pay_${n}` }], next_cursor: cursor }));
  const { client, seen } = clientOf(pages);
  assert.equal((await client.payments.list({ status: "success" }).all()).length, 3);
  assert.deepEqual(seen.map((request) => new URL(request.url).search), ["?status=success", "?cursor=two&status=success", "?cursor=three&status=success"]);
});
