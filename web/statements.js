/** What finance people take away: a month's statement, a journal export for their accounting, closed months with their invoices. */

import { get, keep, keepFile, keepPages, post } from "./api.js";
import { ask } from "./ask.js";
import { action, empty, failure, fill, h, loading, rows, status } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { t } from "./texts.js";

const statementFormats = () => [["pdf", "PDF"], ["csv", "CSV"], ["camt053", t("camt.053 (XML)")]];
const EXTENSIONS = { pdf: "pdf", csv: "csv", camt053: "xml" };
const journalFormats = () => [["csv", "CSV"], ["beancount", t("Beancount")]];
const JOURNAL_PATHS = { csv: "/v1/journal_export", beancount: "/v1/journal_export/beancount" };
const DAY_MS = 86_400_000;

const month = (ms) => new Date(ms).toISOString().slice(0, 7);
const day = (ms) => new Date(ms).toISOString().slice(0, 10);
const midnight = (date) => `${date}T00:00:00.000Z`;

export const statements = (merchant) => h("div", { class: "grid wide" }, statement(merchant), journal(), months());

const statement = (merchant) => h("section", { class: "card" }, h("h2", {}, t("Monthly statement")), form({ class: "filters" }, async (made) => {
  const { format, ...asked } = values(made);
  const name = `statement-${asked.month}-${asked.currency}.${EXTENSIONS[format]}`;
  await (format === "csv" ? keepPages("/v1/statements/csv", asked, name) : keepFile(`/v1/statements/${format}`, name, asked));
}, field(t("Month"), "month", { type: "month", required: true, value: month(Date.now()) }), field(t("Currency"), "currency", { value: merchant.currency, required: true, maxlength: "3" }),
field(t("As"), "format", { options: statementFormats() }), h("div", { class: "buttons" }, h("button", { class: "quiet" }, t("Download statement")))));

const journal = () => h("section", { class: "card" }, h("h2", {}, t("Journal export")), form({ class: "filters" }, async (made) => {
  const { from, to, format } = values(made);
  await keepPages(JOURNAL_PATHS[format], { from: midnight(from), to: midnight(to) }, `journals-${from}-${to}.${format}`);
}, field(t("From (UTC)"), "from", { type: "date", required: true, value: `${month(Date.now())}-01` }), field(t("Before (UTC)"), "to", { type: "date", required: true, value: day(Date.now() + DAY_MS) }),
field(t("As"), "format", { options: journalFormats() }), h("div", { class: "buttons" }, h("button", { class: "quiet" }, t("Download journals")))));

/** Months that were closed, each with its invoice; and closing one. */
function months() {
  const list = h("div", {}, loading());
  const show = () => get("/v1/periods", { limit: 12 }).then(({ data }) => fill(list, data.length ? rows(data.map(closed)) : empty(t("No month is closed yet. The form above closes one."))), (error) => fill(list, failure(error, show)));
  const made = form({ class: "filters" }, async (filled) => {
    const { month: which } = values(filled);
    if (!await ask({ title: t("Close {month}?", { month: which }), act: t("Close the month"), lines: [[t("Month"), which]], text: t("Its statements are stored as they are and sealed. Later corrections are booked in a later month.") })) return;
    await post(`/v1/periods/${which}/close`);
    await show();
  }, field(t("Month that is over"), "month", { type: "month", required: true, value: month(Date.now() - 32 * DAY_MS), max: month(Date.now()) }),
  h("div", { class: "buttons" }, h("button", { class: "quiet" }, t("Close month"))));
  show();
  return h("section", { class: "card" }, h("h2", {}, t("Closed months and invoices")), made, list);
}

const closed = (one) => [
  h("span", { class: "strong" }, one.month), status(one.closed ? "success" : "pending", one.closed ? t("Closed") : t("Open again")),
  h("span", { class: "end buttons" }, one.invoice && action(t("Invoice"), doing(() => keepFile(`/v1/invoices/${one.invoice}/pdf`, `${one.invoice}.pdf`)), { "aria-label": t("Download invoice {invoice}", { invoice: one.invoice }) }),
    action(t("Proof"), doing(() => keep(`/v1/periods/${one.month}/proof`, `closed-${one.month}.json`)), { "aria-label": t("Download the proof of {month}", { month: one.month }) })),
];
