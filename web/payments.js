/** Payments: filters, table, CSV. One payment opens in a drawer. */

import { download } from "./api.js";
import { fill, h, status } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { choices, method, methods, words } from "./names.js";
import { openPayment } from "./payment.js";
import { table } from "./table.js";
import { time, zoneName } from "./time.js";

const STATUSES = ["success", "authorized", "failed", "pending", "processing"];
const any = (named) => [["", "Any"], ...named];

export function payments(place) {
  const rows = h("div", { class: "card" });
  const query = () => {
    const chosen = values(filters);
    for (const end of ["from", "to"]) if (chosen[end]) chosen[end] = new Date(chosen[end]).toISOString();
    return chosen;
  };
  const show = () => fill(rows, table({ path: "/v1/dashboard/payments", query: query(), label: "Payments", none: "No payments match.", columns: columns(show) }));
  const filters = form({ class: "filters" }, async () => show(),
    field("Status", "status", { options: any(choices(STATUSES)) }), field("Method", "method", { options: any(choices(methods, method)) }),
    field("User", "user_id", { autocomplete: "off" }), field("Reference", "reference", { autocomplete: "off" }),
    field("Amount from", "min_amount", { inputmode: "decimal" }), field("Amount to", "max_amount", { inputmode: "decimal" }),
    field(`From (${zoneName()})`, "from", { type: "datetime-local" }), field(`To (${zoneName()})`, "to", { type: "datetime-local" }),
    h("div", { class: "buttons" }, h("button", {}, "Filter"), h("button", { class: "quiet", type: "reset", onclick: () => setTimeout(show) }, "Clear"),
      h("button", { class: "quiet", type: "button", onclick: doing(() => download("/v1/dashboard/payments", query(), "payments.csv")) }, "Download CSV")));
  fill(place, h("details", { class: "card", open: innerWidth > 620 }, h("summary", {}, "Filters"), filters), rows);
  show();
}

const columns = (changed) => [
  ["Payment", (row) => h("button", { class: "link", type: "button", title: row.payment_id, "data-opens": row.payment_id, onclick: () => openPayment(row.payment_id, changed) }, h("code", {}, `${row.payment_id.slice(0, 12)}…`)), "lead"],
  ["Amount", (row) => money(row.amount, row.currency), "num side strong"],
  ["Status", (row) => [status(row.status), row.failure_code && h("span", { class: "hint" }, ` ${words(row.failure_code)}`)], "lead"],
  ["Method", (row) => method(row.method), "side"],
  ["User", (row) => row.user_id, "meta"],
  ["Created", (row) => time(row.created_at), "side quiet"],
  ["Captured", (row) => row.authorization && money(row.amount_captured, row.currency), "num"],
  ["Refunded", (row) => row.refund_status !== "none" && money(row.amount_refunded, row.currency), "num"],
];
