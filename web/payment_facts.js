/** What is known of a payment: how it is paid and by whom, what it costs, the merchant's own values, and the API's answer as it came. */

import { get, keep, may } from "./api.js";
import { action, facts, fill, h, identifier } from "./dom.js";
import { doing } from "./forms.js";
import { flat, indented } from "./json.js";
import { money } from "./money.js";
import { method, network, words } from "./names.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const isNothing = (amount) => !/[1-9]/.test(amount);

export const details = (payment) => [
  facts([[t("ID"), identifier(payment.payment_id)], [t("Failure"), payment.failure_code && [words(payment.failure_code), payment.failure_message && h("span", { class: "hint" }, ` ${payment.failure_message}`)]],
    [t("Method"), method(payment.method)], [t("Card"), payment.token_id && stored(payment.token_id)], ...coins(payment),
    [t("Description"), payment.description], [t("Provider"), payment.provider && words(payment.provider)], [t("Reference"), payment.provider_reference && identifier(payment.provider_reference)],
    [t("Network reference"), payment.network_transaction_id && identifier(payment.network_transaction_id)],
    [t("Route"), payment.routing?.reason], [t("Risk"), payment.risk && judged(payment.risk)],
    [t("On the statement"), payment.statement_descriptor], ...times(payment), ...people(payment), ...sums(payment), ...ways(payment)]),
];

const judged = ({ rule_id: rule, action: act, decision }) => (act === "block" ? t("Blocked by {rule}", { rule }) : act === "review" ? t("Held by {rule}: {decision}", { rule, decision: words(decision ?? "pending").toLowerCase() }) : t("Confirmed at the payer's bank, as {rule} wants", { rule }));

const times = (payment) => [[t("Created"), time(payment.created_at)], [t("Changed"), time(payment.updated_at)], [t("Expires"), payment.expires_at && time(payment.expires_at)]];

const people = (payment) => [[t("User"), payment.user_id && identifier(payment.user_id)], [t("Customer"), payment.customer_id && (may("customers:read") ? h("a", { href: `#customers/${payment.customer_id}` }, h("code", {}, payment.customer_id)) : identifier(payment.customer_id))],
  [t("Wallet"), payment.wallet_id && identifier(payment.wallet_id)], [t("Checkout"), payment.session_id && identifier(payment.session_id)],
  [t("Started by"), !payment.customer_initiated && t("You, without the payer")]];

function sums({ fee, platform_fee: platform, ...payment }) {
  const shown = (amount) => money(amount, payment.currency);
  return [
    [t("Fee"), fee && t("{fee} and {tax} tax ({source})", { fee: money(fee.amount, fee.currency), tax: money(fee.tax, fee.currency), source: words(fee.source) })],
    [t("Net of fee"), fee && fee.net !== null && shown(fee.net)],
    [t("Platform fee"), platform && t("{fee} and {tax} tax", { fee: shown(platform.amount), tax: shown(platform.tax) })],
    [t("Refunded"), payment.refund_status !== "none" && `${shown(payment.amount_refunded)} (${words(payment.refund_status).toLowerCase()})`],
    [t("Disputed"), !isNothing(payment.amount_disputed) && shown(payment.amount_disputed)],
  ];
}

/** How many coins, to which address: for this payment alone. */
function coins({ next_action: asked }) {
  if (asked?.type !== "crypto_transfer") return [];
  return [[t("Coins"), `${asked.crypto_amount} ${asked.asset}`], [t("Network"), network(asked.network)], [t("Address"), identifier(asked.address)]];
}

/** Where the payer pays, and where they go then. An API that does not know its own address gives a path. */
function ways({ next_action: asked, return_url: back, status }) {
  const given = asked?.pay_url ?? asked?.url ?? "", page = given.startsWith("/") ? new URL(`.${given}`, document.baseURI).href : given;
  const isAsked = /^https?:/.test(page) && ["pending", "processing"].includes(status);
  return [[t("Pay link"), isAsked && [h("a", { href: page, rel: "noopener", target: "_blank" }, t("Open the payer's page")), " ", identifier(page, { short: true })]], [t("Returns to"), back]];
}

/** The card or account that was stored, without its number. */
function stored(id) {
  const place = h("span", {}, identifier(id, { short: true }));
  if (may("tokens:read")) {
    get(`/v1/tokens/${id}`).then((token) => fill(place, [token.brand && words(token.brand), token.last4 && `•••• ${token.last4}`, token.expiry_month && `${String(token.expiry_month).padStart(2, "0")}/${token.expiry_year}`,
      token.is_active ? null : t("deleted")].filter(Boolean).join(" "), " ", identifier(id, { short: true })), () => null);
  }
  return place;
}

/** The merchant's own names and values, numbers as they came. @param {boolean} [titled] */
export function metadata({ metadata: given, text }, titled = true) {
  if (!given || !Object.keys(given).length) return null;
  return [titled && h("h3", {}, t("Metadata")), h("dl", {}, flat(text, "metadata").map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))];
}

/** The API's answer. */
export function raw({ payment_id: id, text }) {
  const shown = indented(text);
  return h("details", { class: "raw" }, h("summary", {}, t("As JSON")), h("pre", { class: "scroll json", tabindex: "0" }, shown), h("p", { class: "buttons" },
    navigator.clipboard && action(t("Copy"), doing(() => navigator.clipboard.writeText(shown))), action(t("Download"), doing(() => keep(`/v1/payments/${id}`, `${id}.json`)))));
}
