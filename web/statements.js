/** What finance people take away: a month's statement, and a journal export for their accounting. */

import { keepFile, keepPages } from "./api.js";
import { h } from "./dom.js";
import { field, form, values } from "./forms.js";

const STATEMENTS = [["pdf", "PDF"], ["csv", "CSV"], ["camt053", "camt.053 (XML)"]];
const EXTENSIONS = { pdf: "pdf", csv: "csv", camt053: "xml" };
const JOURNALS = [["csv", "CSV"], ["beancount", "Beancount"]];
const DAY_MS = 86_400_000;

const month = (ms) => new Date(ms).toISOString().slice(0, 7);
const day = (ms) => new Date(ms).toISOString().slice(0, 10);
const midnight = (date) => `${date}T00:00:00.000Z`;

export const statements = (merchant) => h("div", { class: "grid wide" }, statement(merchant), journal());

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
