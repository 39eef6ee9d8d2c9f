/** Settlements: what providers paid out, one in a drawer with its lines, and fetching a provider's report at once. */

import { download, get, post } from "./api.js";
import { action, facts, fill, h, identifier, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { oneOf, typed } from "./list_filters.js";
import { listing, numbersOf } from "./listing.js";
import { money } from "./money.js";
import { choices, isId, words } from "./names.js";
import { openPayment } from "./payment.js";
import { table } from "./table.js";
import { plural, t } from "./texts.js";
import { time } from "./time.js";
import { uploads, watch } from "./uploads.js";

const PATH = "/v1/settlements";
const DAY_MS = 86_400_000;
const FETCHED_DAYS = 10;
const STATES = ["reading", "booked", "reconciled", "exception"];

const given = () => [[t("All settlements"), {}], [t("Not in the bank yet"), { state: "booked" }], [t("In the bank"), { state: "reconciled" }], [t("To look at"), { state: "exception" }]];

/** @param {string} [part] of the address: `?state=booked` filters, anything else is a settlement, which is opened */
export function settlements(place, merchant, part) {
  const filters = [oneOf(t("State"), "state", STATES), typed(t("Provider"), "provider", { called: words }, Object.keys(merchant.connectors ?? {}))];
  const numbers = numbersOf(PATH, (row) => row.net, (count, complete) => (complete ? plural(count, "{count} settlement", "{count} settlements") : plural(count, "At least {count} settlement", "At least {count} settlements")));
  const list = listing({ name: "settlements", merchant, path: PATH, label: t("Settlements"), known: columns(), filters, given: given(), part, nothing, numbers });
  fill(place, list, fetching(merchant, list.show), uploads(merchant, list.show));
  if (isId(part, "set")) openSettlement(part);
}

const nothing = (isFiltered) => (isFiltered ? t("No settlements match. Take a filter away above.") : t("Nothing was paid out yet, or no report was read: the form below fetches one."));

const net = (row) => money(row.net, row.currency);
const columns = () => ({
  settlement: { always: true, column: [t("Settlement"), (row) => h("button", { class: "link", type: "button", title: row.settlement_id, "data-opens": row.settlement_id, onclick: () => openSettlement(row.settlement_id) }, h("code", {}, `${row.settlement_id.slice(0, 12)}…`)), "lead"] },
  net: { always: true, column: [t("Net"), net, "num side strong"] },
  state: { column: [t("State"), (row) => status(row.state), "lead"] },
  paid: { column: [t("Paid out"), (row) => time(row.arrival_at ?? row.created_at), "side"] },
  provider: { column: [t("Provider"), (row) => words(row.provider), "meta"] },
  lines: { column: [t("Lines"), (row) => plural(row.lines, "{count} line", "{count} lines"), "num side quiet"] },
  bank: { column: [t("Bank"), (row) => (row.bank_line_id ? t("In the bank") : t("Not in the bank yet")), "meta"] },
  gross: { more: true, column: [t("Gross"), (row) => money(row.gross, row.currency), "num"] },
  fee: { more: true, column: [t("Fees"), (row) => money(row.fee, row.currency), "num"] },
  tax: { more: true, column: [t("Tax on fees"), (row) => money(row.tax, row.currency), "num"] },
  reference: { more: true, column: [t("Reference"), (row) => identifier(row.provider_reference, { short: true })] },
});

/** One settlement: also from a payment's drawer. @param {string} id */
export function openSettlement(id) {
  openDrawer(t("Settlement"), id, async () => {
    const settlement = await get(`${PATH}/${id}`);
    return [head(settlement), sums(settlement), items(settlement)];
  });
}

function head(settlement) {
  return [
    h("p", { class: "sum" }, h("span", { class: "figure" }, net(settlement)), " ", status(settlement.state)),
    settlement.problem && h("p", { class: "problem", role: "alert" }, settlement.problem),
    facts([[t("ID"), identifier(settlement.settlement_id)], [t("Provider"), words(settlement.provider)], [t("Reference"), identifier(settlement.provider_reference)],
      [t("Bank reference"), settlement.bank_reference && identifier(settlement.bank_reference)], [t("Paid out"), time(settlement.arrival_at)],
      [t("In the bank"), settlement.bank_line_id ? identifier(settlement.bank_line_id) : t("Not seen on a bank statement yet")],
      [t("Journals"), settlement.ledger.length > 0 && settlement.ledger.map((journal) => h("p", {}, identifier(journal)))]]),
  ];
}

/** What goes away has a minus; a fee that comes back has none, and nothing is nothing. */
const taken = (amount) => (/[1-9]/.test(amount) ? `-${amount}`.replace(/^--/, "") : amount);

/** From what payers paid to what the bank receives. */
const sums = (one) => [
  h("h3", {}, t("From gross to net")),
  rows([[t("Gross"), one.gross], [t("Fees"), taken(one.fee)], [t("Tax on fees"), taken(one.tax)], [t("Net"), one.net], [t("The provider says"), one.amount]].filter(([, amount]) => amount !== null)
    .map(([name, amount]) => [h("span", {}, name), h("span", { class: "end num" }, money(amount, one.currency))])),
  /[1-9]/.test(one.unmatched) && h("p", { class: "hint" }, t("{amount} of it is about no payment of yours, and is kept in suspense.", { amount: money(one.unmatched, one.currency) })),
];

function items({ settlement_id: id }) {
  const path = `${PATH}/${id}/items`;
  return [h("h3", {}, t("Items")), table({ path, label: t("Items of this settlement"), none: t("No lines yet. They come with the provider's report, which the form of this page fetches."), columns: itemColumns() }),
    h("p", { class: "buttons" }, action(t("Download CSV"), doing(() => download(path, {}, `${id}.csv`))))];
}

const itemColumns = () => [
  [t("What"), (row) => words(row.kind), "lead"],
  [t("Net"), net, "num side strong"],
  [t("About"), (row) => about(row), "meta"],
  [t("Fee and tax"), (row) => /[1-9]/.test(row.fee + row.tax) && `${money(row.fee, row.currency)} + ${money(row.tax, row.currency)}`, "num side quiet"],
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
    toast(t("The report is being fetched. It takes a minute or more."));
    await watch(id, shown, changed);
  }, field(t("Provider"), "source", { options: choices(known) }), field(t("From (UTC)"), "from", { type: "date", required: true, value: day(Date.now() - FETCHED_DAYS * DAY_MS) }),
  field(t("Before (UTC)"), "to", { type: "date", required: true, value: day(Date.now() + DAY_MS) }), h("div", { class: "buttons" }, h("button", { class: "quiet" }, t("Fetch now"))));
  const shown = h("div", { "aria-live": "polite" });
  return h("section", { class: "card" }, h("h2", {}, t("Fetch a provider's report")), h("p", { class: "hint" }, t("Reports are fetched every day. What was read already is not booked again.")), made, shown);
}
