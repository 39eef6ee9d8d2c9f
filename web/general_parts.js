/** Settings that are lists: who is billed, limits by method, days until a report is due, names of accounts, and where card numbers are. */

import { entities } from "./contract.js";
import { action, h } from "./dom.js";
import { field, tick, values } from "./forms.js";
import { stack } from "./merchant_settings.js";
import { choices, method, methods, words } from "./names.js";
import { locale, t } from "./texts.js";

const AMOUNT = { inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", autocomplete: "off" };
// Countries of ISO 3166-1 whose invoices are common here; another is typed by its two letters.
const COUNTRIES = ["IN", "AE", "AU", "BD", "CA", "CH", "DE", "FR", "GB", "HK", "ID", "JP", "LK", "MY", "NL", "NP", "NZ", "PH", "SA", "SG", "TH", "US", "VN", "ZA"];

function countries(chosen) {
  const names = new Intl.DisplayNames([locale()], { type: "region" });
  const all = chosen && !COUNTRIES.includes(chosen) ? [chosen, ...COUNTRIES] : COUNTRIES;
  return [["", t("None")], ...all.map((each) => [each, names.of(each)])];
}

export const billing = (now, save) => stack(t("Invoices to you"), (made) => {
  const given = values(made), filled = Object.fromEntries(["name", "address", "tax_id", "country"].filter((each) => given[each]).map((each) => [each, given[each]]));
  return save({ billing: Object.keys(filled).length ? filled : null });
}, field(t("Legal name"), "name", { value: now.billing.name ?? "", maxlength: "100" }), field(t("Address"), "address", { value: now.billing.address ?? "", maxlength: "300" }),
field(t("Tax number"), "tax_id", { value: now.billing.tax_id ?? "", maxlength: "30", spellcheck: "false", autocapitalize: "characters", hint: t("In India the GSTIN, of which the check digit is checked.") }),
field(t("Country"), "country", { options: countries(now.billing.country), value: now.billing.country ?? "" }));

export const limits = (now, save) => stack(t("Most that one payment moves"), (made) => {
  const given = values(made);
  const changed = methods.filter((each) => (given[each] ?? null) !== (now.payment_limits[each] ?? null));
  return save(changed.length ? { payment_limits: Object.fromEntries(changed.map((each) => [each, given[each] ?? null])) } : {});
}, h("p", { class: "hint" }, t("In {currency}. An emptied field goes back to the operator's limit.", { currency: now.currency })),
h("div", { class: "pair" }, methods.map((each) => field(method(each), each, { ...AMOUNT, value: now.payment_limits[each] ?? "" }))));

/** Lines of two fields that are added and taken away; what they say is read from the form. */
function lines(name, title, first, second, stored) {
  const list = h("div", { class: "lines" });
  const add = ([key, value]) => {
    const line = h("div", { class: "with-action" }, first(`${name}_key`, key), second(`${name}_value`, value), action(t("Remove"), () => line.remove(), { "aria-label": t("Remove line: {name}", { name: key || title }) }));
    list.append(line);
  };
  stored.forEach(add);
  return h("div", { "data-field": name }, list, action(t("Add a line"), () => add(["", ""])));
}

const pairsOf = (made, name) => {
  const filled = new FormData(made), keys = filled.getAll(`${name}_key`), found = filled.getAll(`${name}_value`);
  return keys.map((key, at) => [key, found[at]]).filter(([key, value]) => key !== "" && value !== "");
};

export const reportDays = (now, save) => stack(t("When a provider's report is due"), (made) => {
  const wanted = Object.fromEntries(pairsOf(made, "settlement_days").map(([name, days]) => [name, Number(days)]));
  return save({ settlement_days: Object.keys(wanted).length || Object.keys(now.settlement_days).length ? wanted : now.settlement_days });
}, h("p", { class: "hint" }, t("In days after the payment; five for a connector that is not named. A payment that no report names by then is an open item.")),
lines("settlement_days", t("Connector"), (name, value) => field(t("Connector"), name, { options: [["", "–"], ...choices([...new Set([value, ...Object.keys(now.connectors), "stripe", "razorpay", "sandbox"])].filter(Boolean))], value }),
  (name, value) => field(t("Days"), name, { type: "number", min: "0", max: "60", value: String(value) }), Object.entries(now.settlement_days)));

export const accountNames = (now, save) => stack(t("Accounts in your accounting"), (made) => {
  const wanted = Object.fromEntries(pairsOf(made, "account_map"));
  const gone = Object.keys(now.account_map).filter((each) => !(each in wanted)).map((each) => [each, null]);
  return save({ account_map: gone.length ? { ...wanted, ...Object.fromEntries(gone) } : wanted });
}, h("p", { class: "hint" }, t("What exports of the journal call an account, such as 1200 for “clearing” or 1210 for “clearing:stripe”.")),
lines("account_map", t("Account"), (name, value) => field(t("Account"), name, { value, list: "entities", pattern: "[a-z_]+(:[a-z0-9_:\\-]+)?", spellcheck: "false" }),
  (name, value) => field(t("Name in your accounting"), name, { value, maxlength: "64", spellcheck: "false" }), Object.entries(now.account_map)),
h("datalist", { id: "entities" }, entities.map((each) => h("option", { value: each }, words(each)))));

export const cardStorage = (now, save) => stack(t("Card numbers"), (made) => {
  const given = values(made), vault = given.card_storage === "vault";
  return save({ card_storage: given.card_storage, i_am_pci_dss_assessed: given.i_am_pci_dss_assessed === "on", allow_inr_pan: vault && given.allow_inr_pan === "on" });
}, field(t("Where they are kept"), "card_storage", { options: [["provider_only", t("At the providers only")], ["vault", t("In the vault here too")]], value: now.card_storage }),
tick(t("We are assessed by PCI DSS"), "i_am_pci_dss_assessed", { checked: now.i_am_pci_dss_assessed, hint: t("Needed for the vault: everything that touches card numbers is in the scope of the assessment.") }),
tick(t("Indian cards too"), "allow_inr_pan", { checked: now.allow_inr_pan, hint: t("The Reserve Bank of India lets no one but issuers and networks keep numbers of Indian cards. Tick it only for test cards.") }));
