/** Settlements: what providers paid out, one in a drawer with its lines, and fetching a provider's report at once. */

import { download, get, post } from "./api.js";
import { action, facts, fill, h, identifier, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { choices, words } from "./names.js";
import { openPayment } from "./payment.js";
import { table } from "./table.js";
import { time } from "./time.js";
import { uploads, watch } from "./uploads.js";

const PATH = "/v1/settlements";
const DAY_MS = 86_400_000;
const FETCHED_DAYS = 10;
const STATES = ["reading", "booked", "reconciled", "exception"];

export function settlements(place, merchant) {
  const list = h("div", { class: "card" });
  const show = () => fill(list, table({ path: PATH, query: values(filters), label: "Settlements", none: "Nothing was paid out yet, or no report was read.", columns: COLUMNS }));
  const filters = form({ class: "filters" }, async () => show(),
    field("State", "state", { options: [["", "Any"], ...choices(STATES)] }), field("Provider", "provider", { autocomplete: "off" }),
    h("div", { class: "buttons" }, h("button", {}, "Filter"), h("button", { class: "quiet", type: "reset", onclick: () => setTimeout(show) }, "Clear"),
      h("button", { class: "quiet", type: "button", onclick: doing(() => download(PATH, values(filters), "settlements.csv")) }, "Download CSV")));
  fill(place, h("details", { class: "card", open: innerWidth > 620 }, h("summary", {}, "Filters"), filters), list, fetching(merchant, show), uploads(merchant, show));
  show();
}

const net = (row) => money(row.net, row.currency);
const COLUMNS = [
  ["Settlement", (row) => h("button", { class: "link", type: "button", title: row.settlement_id, "data-opens": row.settlement_id, onclick: () => openSettlement(row.settlement_id) }, h("code", {}, `${row.settlement_id.slice(0, 12)}…`)), "lead"],
  ["Net", net, "num side strong"],
  ["State", (row) => status(row.state), "lead"],
  ["Paid out", (row) => time(row.arrival_at ?? row.created_at), "side"],
  ["Provider", (row) => words(row.provider), "meta"],
  ["Lines", (row) => (row.lines === 1 ? "1 line" : `${row.lines} lines`), "num side quiet"],
  ["Bank", (row) => (row.bank_line_id ? "In the bank" : "Not in the bank yet"), "meta"],
];

/** One settlement: also from a payment's drawer. @param {string} id */
export function openSettlement(id) {
  openDrawer("Settlement", id, async () => {
    const settlement = await get(`${PATH}/${id}`);
    return [head(settlement), sums(settlement), items(settlement)];
  });
}

function head(settlement) {
  return [
    h("p", { class: "sum" }, h("span", { class: "figure" }, net(settlement)), " ", status(settlement.state)),
    settlement.problem && h("p", { class: "problem", role: "alert" }, settlement.problem),
    facts([["Id", identifier(settlement.settlement_id)], ["Provider", words(settlement.provider)], ["Reference", identifier(settlement.provider_reference)],
      ["Bank reference", settlement.bank_reference && identifier(settlement.bank_reference)], ["Paid out", time(settlement.arrival_at)],
      ["In the bank", settlement.bank_line_id ? identifier(settlement.bank_line_id) : "Not seen on a bank statement yet"],
      ["Journals", settlement.ledger.length > 0 && settlement.ledger.map((journal) => h("p", {}, identifier(journal)))]]),
  ];
}

/** What goes away has a minus; a fee that comes back has none, and nothing is nothing. */
const taken = (amount) => (/[1-9]/.test(amount) ? `-${amount}`.replace(/^--/, "") : amount);

/** From what payers paid to what the bank receives. */
const sums = (one) => [
  h("h3", {}, "From gross to net"),
  rows([["Gross", one.gross], ["Fees", taken(one.fee)], ["Tax on fees", taken(one.tax)], ["Net", one.net], ["The provider says", one.amount]].filter(([, amount]) => amount !== null)
    .map(([name, amount]) => [h("span", {}, name), h("span", { class: "end num" }, money(amount, one.currency))])),
  /[1-9]/.test(one.unmatched) && h("p", { class: "hint" }, `${money(one.unmatched, one.currency)} of it is about no payment of yours, and is kept in suspense.`),
];

function items({ settlement_id: id }) {
  const path = `${PATH}/${id}/items`;
  return [h("h3", {}, "Items"), table({ path, label: "Items of this settlement", none: "No lines.", columns: ITEMS }),
    h("p", { class: "buttons" }, action("Download CSV", doing(() => download(path, {}, `${id}.csv`))))];
}

const ITEMS = [
  ["What", (row) => words(row.kind), "lead"],
  ["Net", net, "num side strong"],
  ["About", (row) => about(row), "meta"],
  ["Fee and tax", (row) => /[1-9]/.test(row.fee + row.tax) && `${money(row.fee, row.currency)} + ${money(row.tax, row.currency)}`, "num side quiet"],
];

function about({ matched, charge_reference: charge, line_reference: line }) {
  const [kind, id] = (matched ?? "").split(":");
  return kind === "payment" ? h("button", { class: "link", type: "button", onclick: () => openPayment(id, () => {}) }, h("code", {}, `${id.slice(0, 12)}…`)) : h("code", {}, (charge ?? line).slice(0, 20));
}

/** Reports come every day by themselves; this asks for one now. */
function fetching(merchant, changed) {
  const connectors = Object.keys(merchant.connectors ?? {});
  const known = connectors.length ? connectors : ["sandbox"];
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);
  const made = form({ class: "filters" }, async (filled) => {
    const { source, from, to } = values(filled);
    const { import_id: id } = await post(`${PATH}/import`, { source, from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` });
    toast("The report is being fetched. It takes a minute or more.");
    await watch(id, shown, changed);
  }, field("Provider", "source", { options: choices(known) }), field("From (UTC)", "from", { type: "date", required: true, value: day(Date.now() - FETCHED_DAYS * DAY_MS) }),
  field("Before (UTC)", "to", { type: "date", required: true, value: day(Date.now() + DAY_MS) }), h("div", { class: "buttons" }, h("button", { class: "quiet" }, "Fetch now")));
  const shown = h("div", { "aria-live": "polite" });
  return h("section", { class: "card" }, h("h2", {}, "Fetch a provider's report"), h("p", { class: "hint" }, "Reports are fetched every day. What was read already is not booked again."), made, shown);
}
