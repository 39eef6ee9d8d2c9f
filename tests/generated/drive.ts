// A client that openapi-typescript typed: it pays, tops up, refunds and reads, against a running API.
import { createHash, createHmac, randomBytes } from "node:crypto";

import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema.js";

const [url, key, secret] = process.argv.slice(2) as [string, string, string];

function canonical(query: URLSearchParams): string {
  const escaped = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...query].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort().join("&");
}

const signed: Middleware = {
  async onRequest({ request }) {
    const { pathname, searchParams } = new URL(request.url);
    const body = Buffer.from(await request.clone().arrayBuffer());
    const digest = createHash("sha256").update(body).digest("hex");
    const time = String(Math.floor(Date.now() / 1000));
    const nonce = randomBytes(12).toString("hex");
    const once = request.headers.get("Idempotency-Key") ?? "";
    const lines = ["PCX2", request.method, pathname, canonical(searchParams), time, nonce, once, digest];
    request.headers.set("X-API-Key", key);
    request.headers.set("X-Timestamp", time);
    request.headers.set("X-Nonce", nonce);
    request.headers.set("X-Content-SHA256", digest);
    request.headers.set("X-Signature-Version", "2");
    request.headers.set("X-Signature", createHmac("sha256", secret).update(lines.join("\n")).digest("hex"));
    return request;
  },
};

function right<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const client = createClient<paths>({ baseUrl: url });
client.use(signed);

const toppedUp = right(await client.POST("/v1/wallet/topup", { body: { user_id: "asha", amount: "100.00" } }));
const body: components["schemas"]["CreatePayment"] = { amount: "40.00", method: "wallet", user_id: "asha" };
const paid = right(await client.POST("/v1/payments/create", { body, params: { header: { "Idempotency-Key": "order-1" } } }));
if (!("payment_id" in paid)) throw new Error("a dry run");
const status: "pending" | "processing" | "authorized" | "success" | "failed" = paid.status;
const refund = right(await client.POST("/v1/payments/refund", { body: { payment_id: paid.payment_id, amount: "10.00" } }));
const link = right(await client.POST("/v1/payments/create", { body: { amount: "5.00", method: "upi_intent" } }));
const action = "next_action" in link ? link.next_action : null;
const upi = action?.type === "upi_intent" ? action.upi_url : "";
const list = right(await client.GET("/v1/payments", { params: { query: { limit: 1, status: "success" } } }));
const events = right(await client.GET("/v1/events", { params: { query: { limit: 50 } } }));
const kinds = events.data.map((event) => (event.event === "payment.success" ? event.data.amount_refunded : event.event));
const refused = await client.POST("/v1/payments/create", { body: { amount: "4000.00", method: "wallet", user_id: "asha" } });
const code = refused.error?.error.code;

console.log(
  JSON.stringify({
    transfer: toppedUp.transfer.type,
    balance: toppedUp.wallet.balance,
    status,
    refund: refund.amount,
    upi: upi.startsWith("upi://pay?"),
    listed: list.data.length,
    events: kinds.length > 0,
    code,
  }),
);
