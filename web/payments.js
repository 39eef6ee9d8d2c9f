/** Payments: filters, table, CSV. One payment opens in a drawer. */

import { download } from "./api.js";
import { field, fill, h, status, time, toast, values } from "./dom.js";
import { openPayment } from "./payment.js";
import { money } from "./money.js";
import { table } from "./table.js";

const METHODS = ["wallet", "tokenized", "upi_intent", "crypto"];
const STATUSES = ["success", "failed", "pending", "processing"];
const choices = (names) => [["", "any"], ...names.map((name) => [name, name.replaceAll("_", " ")])];

export function payments(place) {
  const rows = h("div", { class: "card" });
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); show(); } },
    field("Status", "status", { options: choices(STATUSES) }), field("Method", "method", { options: choices(METHODS) }),
    field("User", "user_id", {}), field("Reference", "reference", {}),
    field("From amount", "min_amount", { inputmode: "decimal", size: "8" }), field("To amount", "max_amount", { inputmode: "decimal", size: "8" }),
    field("From", "from", { type: "datetime-local" }), field("To", "to", { type: "datetime-local" }),
    h("button", {}, "Filter"),
    h("button", { class: "quiet", type: "button", onclick: () => download("/v1/dashboard/payments", query(), "payments.csv").catch((error) => toast(error.message)) }, "Download CSV"));
  const query = () => {
    const chosen = values(form);
    for (const end of ["from", "to"]) if (chosen[end]) chosen[end] = new Date(chosen[end]).toISOString();
    return chosen;
  };
  const show = () => fill(rows, table({ path: "/v1/dashboard/payments", query: query(), label: "Payments", none: "No payments match.", columns: columns(show) }));
  fill(place, h("details", { class: "filters", open: innerWidth > 620 }, h("summary", {}, "Filters"), form), rows);
  show();
}

const columns = (changed) => [
  ["Payment", (row) => h("button", { class: "link", onclick: () => openPayment(row.payment_id, changed) }, h("code", {}, `${row.payment_id.slice(0, 12)}…`))],
  ["Made", (row) => time(row.created_at)],
  ["Status", (row) => [status(row.status), row.failure_code ? ` ${row.failure_code}` : ""]],
  ["Method", (row) => row.method.replaceAll("_", " ")],
  ["User", (row) => row.user_id ?? "–"],
  ["Amount", (row) => money(row.amount, row.currency), "num"],
  ["Refunded", (row) => (row.refund_status === "none" ? "–" : money(row.amount_refunded, row.currency)), "num"],
];
