/** What finance people take away: a month's statement, a journal export for their accounting, closed months with their invoices. */

import { get, keep, keepFile, keepPages, post } from "./api.js";
import { ask } from "./ask.js";
import { action, empty, failure, fill, h, loading, rows, status } from "./dom.js";
import { doing, field, form, values } from "./forms.js";

const STATEMENTS = [["pdf", "PDF"], ["csv", "CSV"], ["camt053", "camt.053 (XML)"]];
const EXTENSIONS = { pdf: "pdf", csv: "csv", camt053: "xml" };
const JOURNALS = [["csv", "CSV"], ["beancount", "Beancount"]];
const DAY_MS = 86_400_000;

const month = (ms) => new Date(ms).toISOString().slice(0, 7);
const day = (ms) => new Date(ms).toISOString().slice(0, 10);
const midnight = (date) => `${date}T00:00:00.000Z`;

export const statements = (merchant) => h("div", { class: "grid wide" }, statement(merchant), journal(), months());

const statement = (merchant) => h("section", { class: "card" }, h("h2", {}, "Monthly statement"), form({ class: "filters" }, async (made) => {
  const asked = values(made);
  const name = `statement-${asked.month}-${asked.currency}.${EXTENSIONS[asked.format]}`;
  await (asked.format === "csv" ? keepPages("/v1/statements", asked, name) : keepFile("/v1/statements", name, asked));
}, field("Month", "month", { type: "month", required: true, value: month(Date.now()) }), field("Currency", "currency", { value: merchant.currency, required: true, maxlength: "3" }),
field("As", "format", { options: STATEMENTS }), h("div", { class: "buttons" }, h("button", { class: "quiet" }, "Download statement"))));

const journal = () => h("section", { class: "card" }, h("h2", {}, "Journal export"), form({ class: "filters" }, async (made) => {
  const { from, to, format } = values(made);
  await keepPages("/v1/journal_export", { from: midnight(from), to: midnight(to), format }, `journals-${from}-${to}.${format}`);
}, field("From (UTC)", "from", { type: "date", required: true, value: `${month(Date.now())}-01` }), field("Before (UTC)", "to", { type: "date", required: true, value: day(Date.now() + DAY_MS) }),
field("As", "format", { options: JOURNALS }), h("div", { class: "buttons" }, h("button", { class: "quiet" }, "Download journals"))));

/** Months that were closed, each with its invoice; and closing one. */
function months() {
  const list = h("div", {}, loading());
  const show = () => get("/v1/periods", { limit: 12 }).then(({ data }) => fill(list, data.length ? rows(data.map(closed)) : empty("No month is closed yet.")), (error) => fill(list, failure(error, show)));
  const made = form({ class: "filters" }, async (filled) => {
    const { month: which } = values(filled);
    if (!await ask({ title: `Close ${which}?`, act: "Close the month", lines: [["Month", which]], text: "Its statements are stored as they are and sealed. Later corrections are booked in a later month." })) return;
    await post(`/v1/periods/${which}/close`);
    await show();
  }, field("Month that is over", "month", { type: "month", required: true, value: month(Date.now() - 32 * DAY_MS), max: month(Date.now()) }),
  h("div", { class: "buttons" }, h("button", { class: "quiet" }, "Close month")));
  show();
  return h("section", { class: "card" }, h("h2", {}, "Closed months and invoices"), made, list);
}

const closed = (one) => [
  h("span", { class: "strong" }, one.month), status(one.closed ? "success" : "pending", one.closed ? "Closed" : "Open again"),
  h("span", { class: "end buttons" }, one.invoice && action("Invoice", doing(() => keepFile(`/v1/invoices/${one.invoice}`, `${one.invoice}.pdf`, { format: "pdf" })), { "aria-label": `Download invoice ${one.invoice}` }),
    action("Proof", doing(() => keep(`/v1/periods/${one.month}/proof`, `closed-${one.month}.json`)), { "aria-label": `Download the proof of ${one.month}` })),
];
