/** Merchants: find one, look at it, suspend, resume, limit, charge. */

import { get, may, post } from "./api.js";
import { action, card, facts, fill, h, identifier, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { choices, method, network, words } from "./names.js";
import { because } from "./operator_acts.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/operator/v1/merchants";

export function merchants(place) {
  const list = h("div", {});
  let query = {};
  const show = () => fill(list, table({ path: PATH, query, label: t("Merchants"), none: t("No merchant fits. Search for a part of a name, an e-mail address or an id."), columns: columns(show) }));
  const search = form({ class: "filters" }, async (made) => {
    query = values(made);
    show();
  }, field(t("Search"), "search", { type: "search", minlength: 2, maxlength: 100, placeholder: t("Name, e-mail or id"), spellcheck: "false" }),
  field(t("Status"), "status", { options: [["", t("All")], ...choices(["active", "suspended", "unreadable"])] }), h("div", { class: "buttons" }, h("button", {}, t("Search"))));
  fill(place, card(null, search), card(t("Merchants"), list));
  show();
}

const mode = (row) => (row.mode === "test" ? t("Test mode") : t("Live mode"));

const columns = (changed) => [
  [t("Name"), (row) => h("button", { class: "link", type: "button", "data-opens": row.merchant_id, onclick: () => one(row, changed) }, row.name || row.merchant_id), "lead"],
  [t("Status"), (row) => status(row.status), "side"], [t("Mode"), mode], [t("E-mail"), (row) => row.email, "wrap"], [t("Currency"), (row) => row.currency], [t("Since"), (row) => time(row.created_at)],
];

const one = (row, changed) => openDrawer(row.name || row.merchant_id, row.merchant_id, async (load) => {
  const path = `${PATH}/${row.merchant_id}`;
  const [shown, plans] = await Promise.all([get(path), get(`${path}/fee_plans`)]);
  const again = () => { changed(); load(); };
  return [settings(shown), may("operator:operate") && h("div", { class: "buttons" }, shown.status === "active" && viewButton(path, shown), statusButton(path, shown, again), rateButton(path, shown, again), feeButton(path, shown, again), may("operator:admin") && ownerButton(path, shown)),
    h("h3", {}, t("Fee plans")), plans.data.length ? plans.data.map(plan) : h("p", { class: "hint" }, t("Nothing is charged."))];
});

const settings = (shown) => facts([
  [t("Status"), status(shown.status)], [t("In effect from"), time(shown.status_effective_at)], [t("Merchant"), identifier(shown.merchant_id)], [t("Mode"), mode(shown)], [t("E-mail"), shown.email], [t("Currency"), shown.currency],
  [t("Since"), time(shown.created_at)], [t("Requests a second"), String(shown.requests_per_second || t("No limit"))], [t("Signatures"), words(shown.signature_policy)], [t("Ledger lanes"), `${shown.open_ledger_lanes} / ${shown.ledger_lanes}`],
  [t("UPI address"), shown.payee_vpa], [t("Connectors"), shown.connectors.join(", ")], [t("Networks"), shown.networks.map(network).join(", ")], [t("Routing rules"), String(shown.routing_rules)],
  [t("Payment limits"), Object.entries(shown.payment_limits).map(([name, limit]) => `${method(name)} ${money(limit, shown.currency)}`).join(", ")],
]);

function statusButton(path, shown, again) {
  const suspends = shown.status === "active";
  const question = suspends
    ? { title: t("Suspend {name}?", { name: shown.name }), act: t("Suspend"), grave: true, text: t("All its requests and payer pages are refused within a minute. Money that arrives is booked all the same.") }
    : { title: t("Resume {name}?", { name: shown.name }), act: t("Resume"), text: t("Its requests are accepted again within a minute.") };
  return action(question.act, doing(async () => {
    const changed = await because({ ...question, merchant: true }, (filled) => post(`${path}/${suspends ? "suspend" : "resume"}`, filled));
    if (!changed) return;
    toast(t("Changed."));
    again();
  }));
}

const viewButton = (path, shown) => action(t("Look at its page"), doing(async () => {
  const question = { title: t("Look at the page of {name}?", { name: shown.name }), act: t("Look"), text: t("For half an hour, reading alone. The merchant sees it in the audit log, with your reason.") };
  if (await because({ ...question, merchant: true }, (filled) => post(`${path}/view`, filled))) location.assign(new URL(".", document.baseURI));
}));

/** A way back in for an owner who has none: the link is shown once, to be handed over. */
const ownerButton = (path, shown) => action(t("Let an owner in"), doing(async () => {
  const fields = [field(t("Name"), "name", { required: true, maxlength: 80, autocomplete: "off" }), field(t("E-mail"), "email", { type: "email", required: true, autocomplete: "off" })];
  const question = { title: t("Let an owner of {name} in?", { name: shown.name }), act: t("Make the link"), grave: true, fields, text: t("Only when you know that it is the person who asks. Who has the link adds a passkey and is owner, with every right; one with this address becomes owner again. Say how you know in the reason.") };
  const done = await because({ ...question, merchant: true }, (filled) => post(`${path}/owners`, filled));
  if (done) handOver(done);
}));

const handOver = (done) => openDrawer(t("{name} is invited", { name: done.name }), done.person_id, async () => h("section", { class: "once", role: "alert" },
  h("p", { class: "hint" }, t("Hand this link over yourself: it adds a passkey once, within seven days, and is shown only now.")), facts([[t("E-mail"), done.email], [t("Link"), identifier(done.invitation_url)]])));

const rateButton = (path, shown, again) => action(t("Limit requests"), doing(async () => {
  const rate = field(t("Requests a second"), "requests_per_second", { type: "number", min: 1, max: 10000, step: 1, required: true, value: String(shown.requests_per_second || 100) });
  const question = { title: t("How many requests a second?"), act: t("Set"), fields: [rate], text: t("It acts within a minute. One key gets four fifths of it.") };
  const done = await because({ ...question, merchant: true }, ({ reason, requests_per_second: limit }) => post(`${path}/rate`, { reason, requests_per_second: Number(limit) }));
  if (done) again();
}));

const feeButton = (path, shown, again) => action(t("Add a fee plan"), doing(async () => {
  const fields = [
    field(t("Percent of each payment"), "percent", { inputmode: "decimal", pattern: "[0-9]{1,2}([.][0-9]{1,4})?", placeholder: "1.75", autocomplete: "off" }),
    field(t("Fixed amount"), "fixed", { inputmode: "decimal", pattern: "[0-9]{1,9}([.][0-9]{1,3})?", placeholder: "3.00", autocomplete: "off" }),
    field(t("Tax on the fee, percent"), "tax_percent", { inputmode: "decimal", pattern: "[0-9]{1,2}([.][0-9]{1,4})?", placeholder: "18", autocomplete: "off" }),
    field(t("When a payment is refunded"), "refunds", { options: [["keep", t("Keep the fee")], ["return", t("Return the fee")]] }),
  ];
  const question = { title: t("What is {name} charged?", { name: shown.name }), act: t("Add"), fields, text: t("For payments that are made a minute or two from now. Earlier payments keep their plan.") };
  const done = await because({ ...question, merchant: true }, ({ reason, refunds, ...rate }) => post(`${path}/fee_plans`, { reason, refunds, rates: [rate.fixed ? { ...rate, currency: shown.currency } : rate] }));
  if (done) again();
}));

const plan = (each) => h("section", { class: "card" }, facts([
  [t("Version"), String(each.version)], [t("From"), time(each.from)], [t("On a refund"), each.refunds === "keep" ? t("Keep the fee") : t("Return the fee")], [t("Made by"), h("code", {}, each.made_by)],
  ...each.rates.map((rate) => [t("Rate"), Object.entries(rate).filter(([, value]) => value !== null && !(Array.isArray(value) && !value.length)).map(([name, value]) => `${words(name)} ${value}`).join(", ")]),
]));
