/** Reconciliation: is each clearing account explained, what is open by age, and deciding about an item. */

import { download, get, post } from "./api.js";
import { ask } from "./ask.js";
import { card, facts, failure, fill, h, identifier, loading, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { choices, network, words } from "./names.js";
import { openPayment } from "./payment.js";
import { openSettlement } from "./settlements.js";
import { table } from "./table.js";
import { time } from "./time.js";

const PATH = "/v1/reconciliation";
const STATES = ["expected", "missing", "unexpected", "amount_differs", "fee_differs", "duplicate"];
const AMOUNT = [["claim", "Claim it: asked for at the provider, stays open"], ["write_off", "Write off: it is a cost of providers"], ["correct", "Correct: the balance follows the provider"]];
const FEE = [["accept", "Accept: the fee is right"], ["claim", "Claim it: asked for at the provider, stays open"]];
const STRANGER = [["accept", "Accept: it brings the settlement that is named"], ["write_off", "Set aside: it is of no provider"], ["claim", "Claim it: asked for at the bank, stays open"]];
const DIFFERENCE = [["claim", "Claim it: asked for at the bank, stays open"], ["write_off", "Write off: too little is a cost, too much is kept in suspense"], ["correct", "Correct: the difference is kept in suspense"]];
const TRANSFER = [["claim", "Claim it: looked into, stays open"], ["accept", "Accept: it is none of the platform's"]];
const IN_TRANSIT = "bank_in_transit:";
const NEW = 1, OLD = 7;
const DAY_SECONDS = 86_400;

export function reconciliation(place) {
  const proof = h("div", {}, loading());
  const list = h("div", { class: "card" });
  const show = () => {
    get(PATH).then((found) => fill(proof, proofs(found)), (error) => fill(proof, failure(error, show)));
    fill(list, h("h2", {}, "Open items"), table({ path: `${PATH}/items`, query: values(filters), label: "Open items", none: "Nothing is open.", columns: columns(show) }));
  };
  const filters = form({ class: "filters" }, async () => show(), field("State", "state", { options: [["", "Any"], ...choices(STATES)] }), field("Provider", "source", { autocomplete: "off" }),
    h("div", { class: "buttons" }, h("button", {}, "Filter"), h("button", { class: "quiet", type: "reset", onclick: () => setTimeout(show) }, "Clear"),
      h("button", { class: "quiet", type: "button", onclick: doing(() => download(`${PATH}/items`, values(filters), "reconciliation.csv")) }, "Download CSV")));
  fill(place, proof, h("details", { class: "card", open: innerWidth > 620 }, h("summary", {}, "Filters"), filters), list);
  show();
}

const isInTransit = (source) => source.startsWith(IN_TRANSIT);
const isAtBank = (item) => item.source === "bank" || isInTransit(item.source);
const placeOf = (source) => (isInTransit(source) ? `${words(source.slice(IN_TRANSIT.length))} to bank` : network(source));

/** Each account that others' documents explain: its balance is the sum of its open items, or what is not explained has a figure. */
const proofs = ({ accounts, proved, bank }) => [
  h("p", { class: "sum" }, status(proved ? "success" : "failed", proved ? "Every amount is explained" : "Not everything is explained")),
  h("div", { class: "grid" }, accounts.map((one) => card(`${placeOf(one.source)} · ${one.currency}`,
    h("p", { class: "figure" }, money(one.balance, one.currency)), h("p", { class: "hint" }, isInTransit(one.source) ? "paid out and not in the bank, by our books" : one.held !== null ? "on the chain, by our books" : "with the provider, by our books"),
    rows([one.held !== null && [h("span", {}, "The chain shows"), h("span", { class: "end num" }, money(one.held, one.currency))], [h("span", {}, "Explained"), h("span", { class: "end num" }, money(one.explained, one.currency))],
      !one.proved && [h("span", { class: "problem" }, "Not explained"), h("span", { class: "end num problem" }, money(one.unexplained, one.currency))],
      ...one.items.map((each) => [status(each.state), h("span", { class: "quiet" }, `${each.count}`), h("span", { class: "end num" }, money(each.amount, one.currency))])].filter(Boolean)),
    h("p", { class: "hint" }, ages(one)))), bank.map(place))];

/** Where the money of a currency is, and that each unit on its way to the bank has a name. */
const place = (one) => card(`Where the money is · ${one.currency}`, rows([
  ["In the bank", one.bank], ...one.in_transit.map((each) => [`On its way from ${words(each.source)}`, each.amount]),
  ...one.at_providers.map((each) => [`With ${words(each.source)}`, each.amount]), ...one.on_chains.map((each) => [`On ${words(each.source)}`, each.amount]), ["Total", one.total],
].map(([name, amount]) => [h("span", { class: name === "Total" ? "strong" : null }, name), h("span", { class: "end num" }, money(amount, one.currency))])),
!one.explained && h("p", { class: "problem" }, "Some of what is on its way to the bank is not explained."));

/** How many open items there are of which age, such as "3 open: 2 under a day, 1 under 7 days". */
function ages({ ages: steps }) {
  const some = steps.filter((each) => each.count);
  const named = some.map(({ days, count }) => `${count} ${days === null ? `of ${steps.at(-2).days} days and more` : `under ${days === 1 ? "a day" : `${days} days`}`}`);
  return some.length ? `${some.reduce((sum, each) => sum + each.count, 0)} open: ${named.join(", ")}` : "Nothing is open.";
}

const age = (row) => {
  const days = Math.floor(row.age_seconds / DAY_SECONDS);
  return days < NEW ? "Today" : h("span", { class: days >= OLD ? "problem" : null }, days === 1 ? "1 day" : `${days} days`);
};

const columns = (changed) => [
  ["Item", (row) => h("button", { class: "link", type: "button", title: row.item_id, "data-opens": row.item_id, onclick: () => openItem(row, changed) }, h("code", {}, `${row.item_id.slice(0, 12)}…`)), "lead"],
  ["Open", (row) => money(row.open, row.currency), "num side strong"],
  ["State", (row) => status(row.state), "lead"],
  ["Age", age, "side"],
  ["Where", (row) => placeOf(row.source), "meta"],
  ["Whose turn", (row) => row.responsible && (row.responsible === "us" ? "Ours" : `The ${row.responsible}'s`), "side quiet"],
];

function openItem({ item_id: id }, changed) {
  openDrawer("Open item", id, async (load) => {
    const item = await get(`${PATH}/items/${id}`);
    const done = () => { load(); changed(); };
    const line = item.side === "bank" && item.state === "unexpected" ? await get(`/v1/bank/lines/${item.reference_id}`) : null;
    return [head(item, changed), line && h("p", { class: "hint" }, [line.text, ...line.references].filter(Boolean).join(" · ")), decisions(item), deciding(item, done, line)];
  });
}

function head(item, changed) {
  const { payment_id: payment, settlement_id: settlement } = item;
  const link = (text, open) => h("button", { class: "link", type: "button", onclick: open }, h("code", {}, text));
  return [
    h("p", { class: "sum" }, h("span", { class: "figure" }, money(item.open, item.currency)), " ", status(item.state)),
    item.reason && h("p", { class: "hint" }, words(item.reason)),
    facts([["Id", identifier(item.item_id)], ["By our books", money(item.amount, item.currency)], [isAtBank(item) ? "By the other side" : "By the report", money(item.matched, item.currency)],
      ["Fee expected", item.fee_expected && money(item.fee_expected, item.currency)], ["Fee reported", item.fee_reported && money(item.fee_reported, item.currency)],
      ["Where", placeOf(item.source)], item.side === "bank" && ["Bank line", identifier(item.reference_id)], ["Reference", item.provider_reference && identifier(item.provider_reference)],
      ["Payment", payment && link(payment, () => openPayment(payment, changed))], ["Settlement", settlement && link(settlement, () => openSettlement(settlement))],
      ["Since", time(item.since)], ["Due", time(item.due_at)]].filter(Boolean)),
  ];
}

const decisions = ({ decisions: made }) => made.length > 0 && [h("h3", {}, "Decided"),
  rows(made.map((each) => [h("strong", {}, words(each.action)), h("span", { class: "quiet" }, time(each.at)), h("span", { class: "hint" }, `${each.reason} (${each.who})`)]))];

function deciding(item, done, line) {
  if (item.state === "matched" || item.state === "expected") return null;
  const made = form({ class: "stack" }, async (filled) => {
    const { settlement_id: settlement, ...said } = values(filled);
    if (!await ask(question(item, said))) return;
    await post(`${PATH}/items/${item.item_id}/resolve`, said.action === "accept" && settlement ? { ...said, settlement_id: settlement } : said);
    toast("Decided.");
    done();
  }, field("What to do", "action", { options: options(item) }), line && field("Settlement", "settlement_id", { autocomplete: "off", value: line.proposals[0] ?? "", hint: line.proposals.length ? `Of the same amount and time: ${line.proposals.join(", ")}` : "Which payout it brings, where it brings one." }), field("Why", "reason", { required: true, maxlength: "200", hint: "It stays with the item and in the journal." }), h("button", {}, "Decide"));
  return [h("h3", {}, "Decide"), made];
}

const options = ({ side, state }) => (side === "chain" ? TRANSFER : ofOthers(side, state));
const ofOthers = (side, state) => (state === "fee_differs" ? FEE : side === "bank" ? (state === "unexpected" ? STRANGER : DIFFERENCE) : AMOUNT);

const question = (item, { action, reason }) => ({
  title: `${words(action)} ${money(item.open, item.currency)}?`, act: words(action), lines: [["Item", item.item_id], ["Why", reason]],
  text: action === "claim" || item.side === "chain" || item.state === "fee_differs" || (item.side === "bank" && item.state === "unexpected" && action === "write_off") ? "Nothing is booked. Who decided and why stays with the item." : "A journal is booked, with who decided and why. It cannot be edited, only followed by another one.",
});
