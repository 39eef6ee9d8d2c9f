/** The merchant's ledger: every entry with the balance behind it. */

import { download } from "./api.js";
import { fill, h, identifier } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { statements } from "./statements.js";
import { table } from "./table.js";
import { time } from "./time.js";

const PATH = "/v1/dashboard/ledgers";
const ACCOUNTS = [["merchant", "Merchant"], ["wallet", "Wallet"], ["suspense", "Suspense"], ["disputed", "Disputed"], ["fees", "Fees"], ["tax", "Tax on fees"], ["platform_fees", "Platform fees"], ["clearing", "Clearing"]];
const moved = (amount, currency) => /[1-9]/.test(amount) && money(amount, currency);

export function ledger(place, merchant) {
  const rows = h("div", { class: "card" });
  const show = () => fill(rows, table({ path: PATH, query: values(choice), label: "Ledger entries", none: "No entries.", columns: COLUMNS }));
  const choice = form({ class: "filters" }, async () => show(),
    field("Account", "entity", { options: ACCOUNTS }), field("Wallet's id, or connector", "entity_id", { autocomplete: "off" }),
    field("Currency", "currency", { value: merchant.currency, maxlength: "3" }),
    h("div", { class: "buttons" }, h("button", {}, "Show"), h("button", { class: "quiet", type: "button", onclick: doing(() => download(PATH, values(choice), "ledger.csv")) }, "Download CSV")));
  fill(place, h("div", { class: "card" }, choice), rows, statements(merchant));
  show();
}

const COLUMNS = [
  ["For", (row) => words(row.reference_type), "lead"],
  ["Credit", (row) => moved(row.credit, row.currency), "num side good"],
  ["Debit", (row) => moved(row.debit, row.currency), "num side"],
  ["Reference", (row) => identifier(row.reference_id, { short: true }), "lead"],
  ["Balance", (row) => money(row.balance, row.currency), "num side strong"],
  ["At", (row) => time(row.created_at), "meta"],
  ["Lane / place", (row) => `${row.lane} / ${row.seq}`, "num side quiet"],
];
