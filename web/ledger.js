/** The merchant's ledger: every entry with the balance behind it. */

import { download } from "./api.js";
import { field, fill, h, time, toast, values } from "./dom.js";
import { money } from "./money.js";
import { table } from "./table.js";

const shown = (amount, currency) => (/^0(\.0+)?$/.test(amount) ? "" : money(amount, currency));

export function ledger(place, merchant) {
  const rows = h("div", { class: "card" });
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); show(); } },
    field("Account", "entity", { options: [["merchant", "Merchant"], ["wallet", "Wallet"], ["suspense", "Suspense"], ["clearing", "Clearing"]] }),
    field("Wallet or place", "entity_id", { size: "16" }), field("Currency", "currency", { value: merchant.currency, size: "5" }), h("button", {}, "Show"),
    h("button", { class: "quiet", type: "button", onclick: () => download("/v1/dashboard/ledgers", values(form), "ledger.csv").catch((error) => toast(error.message)) }, "Download CSV"));
  const show = () => fill(rows, table({
    path: "/v1/dashboard/ledgers", query: values(form), label: "Ledger entries", none: "No entries.",
    columns: [["At", (row) => time(row.created_at)], ["For", (row) => row.reference_type.replaceAll("_", " ")], ["Reference", (row) => h("code", {}, row.reference_id)],
      ["Credit", (row) => shown(row.credit, row.currency), "num"], ["Debit", (row) => shown(row.debit, row.currency), "num"],
      ["Balance", (row) => money(row.balance, row.currency), "num"], ["Lane", (row) => `${row.lane}/${row.seq}`, "num"]],
  }));
  fill(place, form, rows);
  show();
}
