/** Reconciliation: is each clearing account explained, what is open by age, and deciding about an item. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { card, facts, failure, fill, h, identifier, loading, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { field, form, values } from "./forms.js";
import { currencyCode, oneOf, typed } from "./list_filters.js";
import { listing } from "./listing.js";
import { money } from "./money.js";
import { choices, network, words } from "./names.js";
import { openPayment } from "./payment.js";
import { openSettlement } from "./settlements.js";
import { plural, t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/v1/reconciliation";
const STATES = ["expected", "missing", "unexpected", "amount_differs", "fee_differs", "duplicate"];
const AMOUNT = () => [["claim", t("Claim it: asked for at the provider, stays open")], ["write_off", t("Write off: it is a cost of providers")], ["correct", t("Correct: the balance follows the provider")]];
const FEE = () => [["accept", t("Accept: the fee is right")], ["claim", t("Claim it: asked for at the provider, stays open")]];
const STRANGER = () => [["accept", t("Accept: it brings the settlement that is named")], ["write_off", t("Set aside: it is of no provider")], ["claim", t("Claim it: asked for at the bank, stays open")]];
const DIFFERENCE = () => [["claim", t("Claim it: asked for at the bank, stays open")], ["write_off", t("Write off: too little is a cost, too much is kept in suspense")], ["correct", t("Correct: the difference is kept in suspense")]];
const TRANSFER = () => [["claim", t("Claim it: looked into, stays open")], ["accept", t("Accept: it is none of the platform's")]];
const TURNS = { us: () => t("Ours"), provider: () => t("The provider's"), bank: () => t("The bank's") };
const IN_TRANSIT = "bank_in_transit:";
const NEW = 1, OLD = 7;
const DAY_SECONDS = 86_400;

const given = () => [[t("All open items"), {}], ...choices(STATES).map(([state, called]) => [called, { state }])];
const filters = (merchant) => [oneOf(t("State"), "state", [...STATES, "matched"]), typed(t("Provider"), "source", { called: placeOf }, [...Object.keys(merchant.connectors ?? {}), "bank"]), currencyCode(),
  typed(t("Payment"), "payment_id", { pattern: "pay_[a-z2-7]{26}", title: t("The id of a payment") }), typed(t("Settlement"), "settlement_id", { pattern: "set_[a-z2-7]{26}", title: t("The id of a settlement") })];

/** @param {string} [part] of the address: `?state=missing` filters */
export function reconciliation(place, merchant, part) {
  const proof = h("div", {}, loading());
  const prove = () => get(PATH).then((found) => fill(proof, proofs(found)), (error) => fill(proof, failure(error, prove)));
  const list = listing({ name: "reconciliation", merchant, path: `${PATH}/items`, label: t("Open items"), filters: filters(merchant), given: given(), part, nothing, known: columns(() => { prove(); list.show(); }) });
  list.prepend(h("h2", {}, t("Open items")));
  fill(place, proof, list);
  prove();
}

const nothing = (isFiltered) => (isFiltered ? t("No items match. Take a filter away above.") : [t("Nothing is open."), " ", h("a", { href: "#settlements" }, t("Read a provider's report or a bank statement"))]);

const isInTransit = (source) => source.startsWith(IN_TRANSIT);
const isAtBank = (item) => item.source === "bank" || isInTransit(item.source);
const placeOf = (source) => (isInTransit(source) ? t("{source} to bank", { source: words(source.slice(IN_TRANSIT.length)) }) : network(source));

/** Each account that others' documents explain: its balance is the sum of its open items, or what is not explained has a figure. */
const proofs = ({ accounts, proved, bank }) => [
  h("p", { class: "sum" }, status(proved ? "success" : "failed", proved ? t("Every amount is explained") : t("Not everything is explained"))),
  h("div", { class: "grid" }, accounts.map((one) => card(`${placeOf(one.source)} · ${one.currency}`,
    h("p", { class: "figure" }, money(one.balance, one.currency)), h("p", { class: "hint" }, isInTransit(one.source) ? t("paid out and not in the bank, by our books") : one.held !== null ? t("on the chain, by our books") : t("with the provider, by our books")),
    rows([one.held !== null && [h("span", {}, t("The chain shows")), h("span", { class: "end num" }, money(one.held, one.currency))], [h("span", {}, t("Explained")), h("span", { class: "end num" }, money(one.explained, one.currency))],
      !one.proved && [h("span", { class: "problem" }, t("Not explained")), h("span", { class: "end num problem" }, money(one.unexplained, one.currency))],
      ...one.items.map((each) => [status(each.state), h("span", { class: "quiet" }, `${each.count}`), h("span", { class: "end num" }, money(each.amount, one.currency))])].filter(Boolean)),
    h("p", { class: "hint" }, ages(one)))), bank.map(place))];

/** Where the money of a currency is, and that each unit on its way to the bank has a name. */
const place = (one) => card(`${t("Where the money is")} · ${one.currency}`, rows([
  [t("In the bank"), one.bank], ...one.in_transit.map((each) => [t("On its way from {source}", { source: words(each.source) }), each.amount]),
  ...one.at_providers.map((each) => [t("With {source}", { source: words(each.source) }), each.amount]), ...one.on_chains.map((each) => [t("On {network}", { network: network(each.source) }), each.amount]), [h("strong", {}, t("Total")), one.total],
].map(([name, amount]) => [h("span", {}, name), h("span", { class: "end num" }, money(amount, one.currency))])),
!one.explained && h("p", { class: "problem" }, t("Some of what is on its way to the bank is not explained.")));

/** How many open items there are of which age, such as "3 open: 2 under a day, 1 under 7 days". */
function ages({ ages: steps }) {
  const some = steps.filter((each) => each.count);
  const named = some.map(({ days, count }) => (days === null ? t("{count} of {days} days and more", { count, days: steps.at(-2).days })
    : days === 1 ? t("{count} under a day", { count }) : t("{count} under {days} days", { count, days })));
  return some.length ? t("{count} open: {ages}", { count: some.reduce((sum, each) => sum + each.count, 0), ages: named.join(", ") }) : t("Nothing is open.");
}

const age = (row) => {
  const days = Math.floor(row.age_seconds / DAY_SECONDS);
  return days < NEW ? t("Today") : h("span", { class: days >= OLD ? "problem" : null }, plural(days, "{count} day", "{count} days"));
};

const columns = (changed) => ({
  item: { always: true, column: [t("Item"), (row) => h("button", { class: "link", type: "button", title: row.item_id, "data-opens": row.item_id, onclick: () => openItem(row, changed) }, h("code", {}, `${row.item_id.slice(0, 12)}…`)), "lead"] },
  open: { always: true, column: [t("Open"), (row) => money(row.open, row.currency), "num side strong"] },
  state: { column: [t("State"), (row) => status(row.state), "lead"] },
  age: { column: [t("Age"), age, "side"] },
  where: { column: [t("Where"), (row) => placeOf(row.source), "meta"] },
  turn: { column: [t("Whose turn"), (row) => row.responsible && (TURNS[row.responsible]?.() ?? words(row.responsible)), "side quiet"] },
  amount: { more: true, column: [t("By our books"), (row) => money(row.amount, row.currency), "num"] },
  reference: { more: true, column: [t("Reference"), (row) => row.provider_reference && identifier(row.provider_reference, { short: true })] },
  due: { more: true, column: [t("Due"), (row) => time(row.due_at), "quiet"] },
});

function openItem({ item_id: id }, changed) {
  openDrawer(t("Open item"), id, async (load) => {
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
    facts([[t("ID"), identifier(item.item_id)], [t("By our books"), money(item.amount, item.currency)], [isAtBank(item) ? t("By the other side") : t("By the report"), money(item.matched, item.currency)],
      [t("Fee expected"), item.fee_expected && money(item.fee_expected, item.currency)], [t("Fee reported"), item.fee_reported && money(item.fee_reported, item.currency)],
      [t("Where"), placeOf(item.source)], item.side === "bank" && [t("Bank line"), identifier(item.reference_id)], [t("Reference"), item.provider_reference && identifier(item.provider_reference)],
      [t("Payment"), payment && link(payment, () => openPayment(payment, changed))], [t("Settlement"), settlement && link(settlement, () => openSettlement(settlement))],
      [t("Since"), time(item.since)], [t("Due"), time(item.due_at)]].filter(Boolean)),
  ];
}

const decisions = ({ decisions: made }) => made.length > 0 && [h("h3", {}, t("Decided")),
  rows(made.map((each) => [h("strong", {}, words(each.action)), h("span", { class: "quiet" }, time(each.at)), h("span", { class: "hint" }, `${each.reason} (${each.who})`)]))];

function deciding(item, done, line) {
  if (item.state === "matched" || item.state === "expected") return null;
  const made = form({ class: "stack" }, async (filled) => {
    const { settlement_id: settlement, ...said } = values(filled);
    if (!await ask(question(item, said))) return;
    await post(`${PATH}/items/${item.item_id}/resolve`, said.action === "accept" && settlement ? { ...said, settlement_id: settlement } : said);
    toast(t("Decided."));
    done();
  }, field(t("What to do"), "action", { options: options(item) }), line && field(t("Settlement"), "settlement_id", { autocomplete: "off", value: line.proposals[0] ?? "", hint: line.proposals.length ? t("Of the same amount and time: {names}", { names: line.proposals.join(", ") }) : t("Which payout it brings, where it brings one.") }), field(t("Why"), "reason", { required: true, maxlength: "200", hint: t("It stays with the item and in the journal.") }), h("button", {}, t("Decide")));
  return [h("h3", {}, t("Decide")), made];
}

const options = ({ side, state }) => (side === "chain" ? TRANSFER() : ofOthers(side, state));
const ofOthers = (side, state) => (state === "fee_differs" ? FEE() : side === "bank" ? (state === "unexpected" ? STRANGER() : DIFFERENCE()) : AMOUNT());

const question = (item, { action, reason }) => ({
  title: `${words(action)}: ${money(item.open, item.currency)}?`, act: words(action), lines: [[t("Item"), item.item_id], [t("Why"), reason]],
  text: action === "claim" || item.side === "chain" || item.state === "fee_differs" || (item.side === "bank" && item.state === "unexpected" && action === "write_off") ? t("Nothing is booked. Who decided and why stays with the item.") : t("A journal is booked, with who decided and why. It cannot be edited, only followed by another one."),
});
