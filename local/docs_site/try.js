/** The page that tries operations: Swagger UI, whose requests are signed here by scheme v2. */

const form = document.querySelector("form");
const text = new TextEncoder();
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const encode = (value) => encodeURIComponent(value).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** Pairs percent-encoded by RFC 3986, sorted by name, then by value. */
function canonical(search) {
  const pairs = [...new URLSearchParams(search)].map(([name, value]) => [encode(name), encode(value)]);
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map((pair) => pair.join("=")).join("&");
}

async function signed(request) {
  const url = new URL(request.url, location.href);
  if (url.pathname.endsWith("openapi.json")) return request;
  const server = form.server.value.replace(/\/$/, "");
  const base = server ? new URL(server) : new URL(location.origin);
  const path = url.pathname.slice(url.pathname.indexOf("/v1/") < 0 ? 0 : url.pathname.indexOf("/v1/"));
  const prefix = server ? base.pathname.replace(/\/$/, "") : "";
  const query = canonical(url.search);
  request.url = `${base.origin}${prefix}${path}${query && `?${query}`}`;
  if (!form.key.value || !form.secret.value) return request;
  const body = text.encode(request.body ?? "");
  const now = String(Date.now()), nonce = hex(crypto.getRandomValues(new Uint8Array(16)));
  const digest = hex(await crypto.subtle.digest("SHA-256", body));
  const again = request.headers["Idempotency-Key"] ?? "";
  const lines = ["PCX2", request.method.toUpperCase(), path, query, now, nonce, again, digest].join("\n");
  const key = await crypto.subtle.importKey("raw", text.encode(form.secret.value), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  Object.assign(request.headers, {
    "X-API-Key": form.key.value, "X-Timestamp": now, "X-Nonce": nonce, "X-Content-SHA256": digest, "X-Signature-Version": "2",
    "X-Signature": hex(await crypto.subtle.sign("HMAC", key, text.encode(lines))),
  });
  return request;
}

window.ui = SwaggerUIBundle({
  url: "openapi.json", dom_id: "#ui", deepLinking: true, docExpansion: "none", defaultModelsExpandDepth: 0, filter: true,
  validatorUrl: null, requestInterceptor: signed,
});
