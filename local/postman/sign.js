// Signs each request (scheme v2) with the environment's api_key and secret. docs/guides/signing.md explains it.
const hashes = require("crypto-js");
const fill = (text) => pm.variables.replaceIn(text === undefined || text === null ? "" : String(text));
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase());
const header = (key, value) => pm.request.headers.upsert({ key, value });

pm.collectionVariables.set("today", new Date().toISOString().slice(0, 10));
pm.collectionVariables.set("month", new Date().toISOString().slice(0, 7));

// What is signed is what is sent: variables are filled in here, once.
const path = "/" + pm.request.url.path.map(fill).join("/");
const pairs = [];
pm.request.url.query.each((each) => {
  if (each.disabled) return;
  each.value = encode(fill(each.value));
  pairs.push([encode(fill(each.key)), each.value]);
});
pairs.sort((one, other) => (one[0] === other[0] ? (one[1] < other[1] ? -1 : 1) : one[0] < other[0] ? -1 : 1));
const hasBody = pm.request.body && !pm.request.body.isEmpty();
if (hasBody) pm.request.body.raw = fill(pm.request.body.raw);
const key = fill(pm.request.headers.get("Idempotency-Key"));
if (key) header("Idempotency-Key", key);

if (!UNSIGNED.includes(path)) {
  const secret = fill(pm.environment.get("secret"));
  if (!secret) throw new Error("No key yet: send \"Register a merchant\", or fill api_key and secret into the environment.");
  const time = String(Date.now());
  const nonce = hashes.lib.WordArray.random(16).toString();
  const digest = hashes.SHA256(hasBody ? pm.request.body.raw : "").toString();
  const query = pairs.map((pair) => pair.join("=")).join("&");
  const text = ["PCX2", pm.request.method, path, query, time, nonce, key, digest].join("\n");
  header("X-API-Key", pm.environment.get("api_key"));
  header("X-Timestamp", time);
  header("X-Nonce", nonce);
  header("X-Content-SHA256", digest);
  header("X-Signature-Version", "2");
  header("X-Signature", hashes.HmacSHA256(text, secret).toString());
}
