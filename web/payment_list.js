/** What the list of payments can be filtered by, and the columns that it has. */

import { h, status } from "./dom.js";
import { amounts, currencyCode, dates, oneOf, typed } from "./list_filters.js";
import { money } from "./money.js";
import { method, methods, networks, words } from "./names.js";
import { openPayment } from "./payment.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const STATUSES = ["success", "authorized", "failed", "pending", "processing"];
export const FAILURES = ["card_declined", "payment_declined", "insufficient_funds", "expired", "canceled", "provider_unavailable", "provider_configuration", "unsupported_amount", "risk_rule", "underpaid", "reorged", "returned"];

/** @param {object} merchant the filters offer its connectors */
export function filters(merchant) {
  const providers = [...new Set([...Object.keys(merchant.connectors ?? {}), "sandbox", ...networks])];
  return [
    oneOf(t("Status"), "status", STATUSES), oneOf(t("Method"), "method", methods, method), amounts(), dates(),
    typed(t("UPI code of a counter"), "qr_code_id", { pattern: "qrc_[a-z2-7]{26}", title: t("An id such as qrc_…") }),
    typed(t("Provider"), "provider", { pattern: "[a-z0-9_]+(:[a-z0-9_]+)?", title: t("A connector's name, as the settings have it"), called: words }, providers),
    typed(t("Failure reason"), "failure_code", { pattern: "[a-z0-9_]+", title: t("A code such as card_declined"), called: words }, FAILURES),
    typed(t("User"), "user_id", { maxlength: "128" }), typed(t("Reference"), "reference", { maxlength: "128" }), currencyCode(),
  ];
}

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
