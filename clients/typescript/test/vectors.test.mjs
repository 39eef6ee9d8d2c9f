// The published vectors: each step of a signature, what is sent for it, and the webhooks that are taken and refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { PayCoreX, signing, WebhookRefused, webhooks } from "../dist/index.js";

const vectors = JSON.parse(readFileSync(new URL("../../../docs/signing-vectors.json", import.meta.url), "utf8"));

/** `application/x-www-form-urlencoded` pairs of a query. */
const pairsOf = (target) => [...new URLSearchParams(target.split("?")[1] ?? "")];

for (const vector of vectors.v2) {
  test(`signature: ${vector.name}`, async () => {
    const path = vector.target.split("?")[0];
    const query = signing.canonicalQuery(pairsOf(vector.target));
    assert.equal(query, vector.canonical_query);
    const { method, timestamp, nonce, idempotency_key: idempotencyKey } = vector;
    const parts = { method, path, query, timestamp, nonce, idempotencyKey, body: signing.bytesOf(vector.body) };
    assert.equal(await signing.signedText(parts), vector.signed);
    const { "Idempotency-Key": _, ...headers } = vector.headers;
    assert.deepEqual(await signing.signedHeaders(vectors.api_key, vectors.secret, parts), headers);
  });

  test(`what is signed is sent: ${vector.name}`, async () => {
    const sent = [];
    const fetch = async (request) => (sent.push(request), new Response("{}", { headers: { "Content-Type": "application/json" } }));
    const client = new PayCoreX({ apiKey: vectors.api_key, secret: vectors.secret, baseUrl: "http://api/stage/", fetch });
    await client.raw[vector.method](vector.target, {
      body: vector.body === "" ? undefined : vector.body,
      bodySerializer: (body) => body,
      headers: vector.idempotency_key === "" ? {} : { "Idempotency-Key": vector.idempotency_key },
    });
    const [request] = sent;
    const url = new URL(request.url);
    assert.equal(`${url.pathname}${url.search}`, `/stage${vector.target.split("?")[0]}${vector.canonical_query && `?${vector.canonical_query}`}`);
    const value = (name) => request.headers.get(name) ?? "";
    const text = ["PCX2", vector.method, url.pathname.slice("/stage".length), url.search.slice(1), value("X-Timestamp"), value("X-Nonce"),
      value("Idempotency-Key"), vector.body_sha256].join("\n");
    const key = await signing.hmacKey(signing.bytesOf(vectors.secret), "sign");
    assert.equal(value("X-Signature"), signing.hex(await crypto.subtle.sign("HMAC", key, signing.bytesOf(text))));
    assert.equal(value("Idempotency-Key") !== "", vector.method !== "GET");
  });
}

for (const vector of vectors.webhooks) {
  test(`webhook: ${vector.name}`, async () => {
    for (const secret of vector.secrets) {
      const event = await webhooks.parse(vector.body, new Headers(vector.headers), ["whsec_AAAA", secret], vector.timestamp);
      assert.equal(event.event, "payment.success");
      await webhooks.verify(signing.bytesOf(vector.body), vector.headers, secret, vector.timestamp);
    }
  });
}

for (const vector of vectors.refused_webhooks) {
  test(`refused webhook: ${vector.name}`, async () => {
    await assert.rejects(webhooks.parse(vector.body, vector.headers, vector.secret, vector.now), WebhookRefused);
  });
}
