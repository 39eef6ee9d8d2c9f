/** The merchant's ledger: every entry with the balance behind it. */

import { download } from "./api.js";
import { fill, h, identifier } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { statements } from "./statements.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/v1/dashboard/ledgers";
const accounts = () => [["merchant", t("Merchant")], ["wallet", t("Wallet")], ["suspense", t("Suspense")], ["disputed", t("Disputed")], ["fees", t("Fees")], ["tax", t("Tax on fees")], ["platform_fees", t("Platform fees")], ["clearing", t("Clearing")]];
const moved = (amount, currency) => /[1-9]/.test(amount) && money(amount, currency);

export function ledger(place, merchant) {
  const rows = h("div", { class: "card" });
  const show = () => fill(rows, table({ path: PATH, query: values(choice), label: t("Ledger entries"), none: [t("No entries."), " ", h("a", { href: "#links" }, t("Make a payment link"))], columns: columns() }));
  const choice = form({ class: "filters" }, async () => show(),
    field(t("Account"), "entity", { options: accounts() }), field(t("Wallet's id, or connector"), "entity_id", { autocomplete: "off" }),
    field(t("Currency"), "currency", { value: merchant.currency, maxlength: "3" }),
    h("div", { class: "buttons" }, h("button", {}, t("Show")), h("button", { class: "quiet", type: "button", onclick: doing(() => download(PATH, values(choice), "ledger.csv")) }, t("Download CSV"))));
  fill(place, h("div", { class: "card" }, choice), rows, statements(merchant));
  show();
}

const columns = () => [
  [t("For"), (row) => words(row.reference_type), "lead"],
  [t("Credit"), (row) => moved(row.credit, row.currency), "num side good"],
  [t("Debit"), (row) => moved(row.debit, row.currency), "num side"],
  [t("Reference"), (row) => identifier(row.reference_id, { short: true }), "lead"],
  [t("Balance"), (row) => money(row.balance, row.currency), "num side strong"],
  [t("At"), (row) => time(row.created_at), "meta"],
  [t("Lane / place"), (row) => `${row.lane} / ${row.seq}`, "num side quiet"],
];
