/** What the list of payments can be filtered by, and the columns that it has. */

import { h, status } from "./dom.js";
import { field } from "./forms.js";
import { money } from "./money.js";
import { choices, method, methods, networks, words } from "./names.js";
import { openPayment } from "./payment.js";
import { t } from "./texts.js";
import { instant, local, moment, time, zoneName } from "./time.js";

const STATUSES = ["success", "authorized", "failed", "pending", "processing"];
export const FAILURES = ["card_declined", "payment_declined", "insufficient_funds", "expired", "canceled", "provider_unavailable", "provider_configuration", "unsupported_amount", "risk_rule", "underpaid", "reorged", "returned"];
const AMOUNT = "[0-9]+([.][0-9]+)?";
const any = (named) => [["", t("Any")], ...named];
const listed = (id, values) => h("datalist", { id }, values.map((value) => h("option", { value })));

export const FILTERS = ["status", "method", "provider", "currency", "user_id", "reference", "min_amount", "max_amount", "from", "to", "failure_code", "qr_code_id"];

/** @param {object} merchant the filters offer its connectors */
export function filters(merchant) {
  const providers = [...new Set([...Object.keys(merchant.connectors ?? {}), "sandbox", ...networks])];
  const amount = (props) => ({ inputmode: "decimal", pattern: AMOUNT, title: t("An amount such as 12.50"), autocomplete: "off", size: "10", ...props });
  const plain = (label, name, props) => ({ label, names: [name], fields: () => [field(label, name, { autocomplete: "off", spellcheck: "false", ...props })], text: (chosen) => chosen[name] });
  return [
    { label: t("Status"), names: ["status"], fields: () => [field(t("Status"), "status", { options: any(choices(STATUSES)) })], text: ({ status: name }) => words(name) },
    { label: t("Method"), names: ["method"], fields: () => [field(t("Method"), "method", { options: any(choices(methods, method)) })], text: ({ method: name }) => method(name) },
    { label: t("Amount"), names: ["min_amount", "max_amount"], fields: () => [field(t("Amount from"), "min_amount", amount()), field(t("Amount to"), "max_amount", amount())], text: ({ min_amount: least, max_amount: most }) => `${least ?? ""} – ${most ?? ""}` },
    { label: t("Date"), names: ["from", "to"], shown: local, read: dates, fields: () => [field(t("From ({zone})", { zone: zoneName() }), "from", { type: "datetime-local" }), field(t("Before ({zone})", { zone: zoneName() }), "to", { type: "datetime-local" })],
      text: ({ from, to }) => `${from ? moment(from) : ""} – ${to ? moment(to) : ""}` },
    plain(t("UPI code of a counter"), "qr_code_id", { pattern: "qrc_[a-z2-7]{26}", title: t("An id such as qrc_…") }),
    { ...plain(t("Provider"), "provider"), fields: () => [field(t("Provider"), "provider", { list: "providers", autocomplete: "off", pattern: "[a-z0-9_]+(:[a-z0-9_]+)?", title: t("A connector's name, as the settings have it") }), listed("providers", providers)], text: ({ provider: name }) => words(name) },
    { ...plain(t("Failure reason"), "failure_code"), fields: () => [field(t("Failure reason"), "failure_code", { list: "failures", autocomplete: "off", pattern: "[a-z0-9_]+", title: t("A code such as card_declined") }), listed("failures", FAILURES)], text: ({ failure_code: code }) => words(code) },
    plain(t("User"), "user_id", { maxlength: "128" }), plain(t("Reference"), "reference", { maxlength: "128" }),
    { ...plain(t("Currency"), "currency", { size: "5", maxlength: "3", pattern: "[A-Za-z]{3}" }), read: (made) => ({ currency: new FormData(made).get("currency").trim().toUpperCase() }) },
  ];
}

const dates = (made) => Object.fromEntries(["from", "to"].map((name) => [name, instant(new FormData(made).get(name))]));

const cut = (text) => text && h("span", { class: "cut", title: text }, text);

/** Each column by its name: what it is called, what it shows, and how. `always` cannot be put away; `more` is not there at first. */
export const columns = (changed) => ({
  payment: { always: true, column: [t("Payment"), (row) => h("button", { class: "link", type: "button", title: row.payment_id, "data-opens": row.payment_id, onclick: () => openPayment(row.payment_id, changed) }, h("code", {}, `${row.payment_id.slice(0, 12)}…`)), "lead"] },
  amount: { always: true, column: [t("Amount"), (row) => money(row.amount, row.currency), "num side strong"] },
  status: { column: [t("Status"), (row) => [status(row.status), row.failure_code && h("span", { class: "hint" }, ` ${words(row.failure_code)}`)], "lead"] },
  method: { column: [t("Method"), (row) => method(row.method), "side"] },
  user: { column: [t("User"), (row) => cut(row.user_id), "meta"] },
  created: { column: [t("Created"), (row) => time(row.created_at), "side quiet"] },
  captured: { column: [t("Captured"), (row) => row.authorization && money(row.amount_captured, row.currency), "num"] },
  refunded: { column: [t("Refunded"), (row) => row.refund_status !== "none" && money(row.amount_refunded, row.currency), "num"] },
  provider: { more: true, column: [t("Provider"), (row) => row.provider && words(row.provider)] },
  reference: { more: true, column: [t("Reference"), (row) => cut(row.provider_reference)] },
  description: { more: true, column: [t("Description"), (row) => cut(row.description)] },
  customer: { more: true, column: [t("Customer"), (row) => cut(row.customer_id)] },
  fee: { more: true, column: [t("Fee"), (row) => row.fee && money(row.fee.amount, row.fee.currency), "num"] },
  net: { more: true, column: [t("Net of fee"), (row) => row.fee && row.fee.net !== null && money(row.fee.net, row.currency), "num"] },
  expires: { more: true, column: [t("Expires"), (row) => time(row.expires_at), "quiet"] },
});
