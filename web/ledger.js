/** The merchant's ledger: every entry with the balance behind it. */

import { fill, h, identifier } from "./dom.js";
import { currencyCode, dates, oneOf, typed } from "./list_filters.js";
import { listing } from "./listing.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { statements } from "./statements.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const accounts = () => ({ merchant: t("Merchant"), wallet: t("Wallet"), suspense: t("Suspense"), disputed: t("Disputed"), fees: t("Fees"), tax: t("Tax on fees"), platform_fees: t("Platform fees"), clearing: t("Clearing") });
const moved = (amount, currency) => /[1-9]/.test(amount) && money(amount, currency);
const given = () => [[t("Merchant"), {}], [t("Fees"), { entity: "fees" }], [t("Tax on fees"), { entity: "tax" }], [t("Suspense"), { entity: "suspense" }], [t("Disputed"), { entity: "disputed" }]];

/** @param {string} [part] of the address: `?entity=fees` filters */
export function ledger(place, merchant, part) {
  const named = accounts();
  const filters = [oneOf(t("Account"), "entity", Object.keys(named), (name) => named[name] ?? words(name)), typed(t("Wallet's id, or connector"), "entity_id", { maxlength: "128" }), currencyCode(), dates()];
  // Where no filter says otherwise it is the merchant's own account.
  const fixed = { entity: "merchant", currency: merchant.currency };
  fill(place, listing({ name: "ledger", merchant, path: "/v1/dashboard/ledgers", label: t("Ledger entries"), known: columns(), filters, given: given(), part, fixed, nothing }), statements(merchant));
}

const nothing = (isFiltered) => (isFiltered ? t("No entries match. Take a filter away above.") : [t("No entries yet. The first payment books them:"), " ", h("a", { href: "#links" }, t("Make a payment link"))]);

const columns = () => ({
  for: { always: true, column: [t("For"), (row) => words(row.reference_type), "lead"] },
  credit: { always: true, column: [t("Credit"), (row) => moved(row.credit, row.currency), "num side good"] },
  debit: { always: true, column: [t("Debit"), (row) => moved(row.debit, row.currency), "num side"] },
  reference: { column: [t("Reference"), (row) => identifier(row.reference_id, { short: true }), "lead"] },
  balance: { column: [t("Balance"), (row) => money(row.balance, row.currency), "num side strong"] },
  at: { column: [t("At"), (row) => time(row.created_at), "meta"] },
  place: { column: [t("Lane / place"), (row) => `${row.lane} / ${row.seq}`, "num side quiet"] },
  journal: { more: true, column: [t("Journal"), (row) => identifier(row.journal_id, { short: true })] },
});
