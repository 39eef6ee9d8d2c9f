// Makes a merchant of the sandbox for this shop, once, and keeps its keys in .env.local.
// Where registration is closed, ask the operator for a key and write .env.local by hand: the names below, with your values.
import { readFile, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { codes, PayCoreX } from "@paycorex/client";

const FILE = ".env.local";
const { PAYCOREX_URL: baseUrl, SHOP_URL: shop } = process.env;

/** True when the file has keys for this platform and this address of the shop, and they still work. */
async function isKnown() {
  const kept = parseEnv(await readFile(FILE, "utf8").catch(() => ""));
  if (kept.PAYCOREX_URL !== baseUrl || kept.SHOP_URL !== shop) return false;
  try {
    await new PayCoreX({ baseUrl, apiKey: kept.PAYCOREX_API_KEY, secret: kept.PAYCOREX_SECRET }).merchant.get();
    return true;
  } catch (error) {
    if (error instanceof codes.Unauthorized) return false;
    throw error;
  }
}

/** A new merchant, whose webhooks come to this shop. The secrets are shown this once. */
async function register() {
  const details = { name: "Chai Point", email: "books@chai.example", webhook_url: `${shop}/webhooks` };
  const made = await new PayCoreX({ baseUrl }).merchant.register(details);
  const values = {
    PAYCOREX_URL: baseUrl,
    PAYCOREX_API_KEY: made.api_key,
    PAYCOREX_SECRET: made.secret,
    PAYCOREX_WEBHOOK_SECRET: made.webhook.secret,
    SHOP_URL: shop,
  };
  await writeFile(FILE, Object.entries(values).map(([name, value]) => `${name}=${value}\n`).join(""), { mode: 0o600 });
}

if (!(await isKnown())) await register();
