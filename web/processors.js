/** Processors: what each can do, and which credentials it wants, with a word of help for those of our own adapters. */

import { get } from "./api.js";
import { facts, h } from "./dom.js";
import { words } from "./names.js";
import { t } from "./texts.js";

const NAMES = { stripe: "Stripe", razorpay: "Razorpay", "prism:paypal": "PayPal", "prism:payu": "PayU", "prism:phonepe": "PhonePe", "prism:aci": "ACI", "prism:authorizedotnet": "Authorize.Net", "prism:bluesnap": "BlueSnap", "prism:globalpay": "Global Payments", "prism:checkout": "Checkout.com" };
// Texts of several lines: a key or a certificate.
const LINES = /private_key|public_key$|certificate/;

/** "prism:adyen" → "Adyen", and our own adapters by their names. */
export const titled = (name) => NAMES[name] ?? words(name.replace("prism:", ""));

/** All pages of processors. */
export async function everyProcessor() {
  const all = [];
  let cursor;
  do {
    const page = await get("/v1/processors", { limit: 100, cursor });
    all.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return all;
}

const helps = () => ({
  "stripe.secret_key": t("Stripe dashboard, Developers, API keys: sk_… or a restricted key rk_…"), "stripe.publishable_key": t("pk_…, of the same mode as the secret key; for card fields in the payer's browser."),
  "stripe.webhook_secret": t("whsec_… of the endpoint in Stripe. Without it no callback is believed."), card_features: t("Of holds, what Stripe has enabled for the account, with commas between."),
  "razorpay.key_id": t("Razorpay dashboard, Account and settings, API keys: rzp_…"), "razorpay.key_secret": t("Shown once by Razorpay when the key is made."),
  "razorpay.webhook_secret": t("The secret of the webhook in Razorpay. Without it no callback is believed."), "razorpay.email": t("For cards: the payer's address where you send none."), "razorpay.contact": t("For cards: a phone number with 8 to 15 digits."),
  "sandbox.failure_percent": t("How many of a hundred calls fail, 0 to 100."), "sandbox.webhook_secret": t("Of the sandbox's own callbacks."),
  webhook_secret: t("The secret with which the processor signs its callbacks."), webhook_additional_secret: t("Where the processor signs with two."), publishable_key: t("For the processor's card fields in the payer's browser."),
});

/** The fields of a processor's settings: its own, and of the library's also what our callbacks and card fields want. */
export function fieldsOf(processor) {
  const help = helps(), kind = processor.name.replace("_backup", "");
  const own = processor.credentials.map((each) => ({ ...each }));
  if (processor.name.startsWith("prism:")) {
    for (const name of ["webhook_secret", "webhook_additional_secret", "publishable_key"]) if (!own.some((each) => each.name === name)) own.push({ name, required: false, secret: true });
    if (processor.name === "prism:stripe") own.push({ name: "card_features", required: false, secret: false });
  }
  return own.map((each) => ({ ...each, label: words(each.name), lines: LINES.test(each.name) ? 3 : null, help: help[`${kind}.${each.name}`] ?? help[each.name] ?? "" })).sort((one, other) => Number(other.required) - Number(one.required));
}

const flows = () => ({
  authorize: t("Take payments"), capture: t("Capture later"), void: t("Release a hold"), increment: t("Hold more"), refund: t("Refund"), lookup: t("Ask how a payment stands"), refund_lookup: t("Ask how a refund stands"),
  callbacks: t("Callbacks"), disputes: t("Disputes"), three_ds: t("3-D Secure"), recurring: t("Later payments without the payer"), card_fields: t("Card fields of its own"),
});

/** What it can do, as a table. */
export function abilities(processor) {
  const named = flows();
  const line = ([name, can]) => h("li", {}, h("span", {}, named[name] ?? words(name)), h("span", { class: can ? "end good" : "end quiet" }, can ? t("Yes") : t("No")));
  return h("div", { class: "inset" }, processor.unavailable_reason && h("p", { class: "problem" }, processor.unavailable_reason),
    facts([[t("Ways to pay"), many(processor.methods.map(words))], [t("Currencies"), processor.currencies ? many(processor.currencies) : t("As the account has them")], [t("Tested"), processor.certified ? t("As its documents say") : t("Not yet: try it in its test mode first")]]),
    h("details", {}, h("summary", {}, t("What it can do")), h("ul", { class: "rows columns" }, Object.entries(processor.flows).map(line))));
}

const many = (all) => (all.length > 8 ? `${all.slice(0, 8).join(", ")} ${t("and {count} more", { count: all.length - 8 })}` : all.join(", "));
