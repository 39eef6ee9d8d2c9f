/** What providers take: who bears it, the price lists of connectors, and a worked example beside. */

import { get } from "./api.js";
import { action, card, facts, fill, h } from "./dom.js";
import { currencyOptions } from "./currency.js";
import { costOf, lineFor } from "./fee_example.js";
import { field, form, values } from "./forms.js";
import { kept, stored, WRITE } from "./merchant_settings.js";
import { money } from "./money.js";
import { choices, method, methods } from "./names.js";
import { titled } from "./processors.js";
import { BRANDS } from "./rules.js";
import { t } from "./texts.js";

const AMOUNT = { inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", autocomplete: "off" };
const PERCENT = { inputmode: "decimal", pattern: "[0-9]{1,3}([.][0-9]{1,4})?", autocomplete: "off" };
const TEXTS = ["percent", "fixed", "minimum", "cap", "tax_percent", "rounding", "method", "brand", "currency", "connector"];

export async function show(place) {
  const held = await stored();
  const { data } = await get("/v1/merchants/connectors", { limit: 100 });
  const names = [...new Set([...data.map((each) => each.connector), ...held.now.fee_schedules.map((each) => each.connector)])];
  fill(place, kept(held, (now, save) => whole(now, save, names)));
}

function whole(now, save, names) {
  const example = exampleOf(now, names, () => lines.read());
  const lines = editor(now, names, example.draw);
  const made = form({ class: "stack", watched: true, needs: WRITE }, (filled) => save({ fee_bearer: values(filled).fee_bearer, fee_schedules: lines.read() }),
    field(t("Who pays what a provider keeps"), "fee_bearer", { options: [["platform", t("The platform: it shows in settlements alone")], ["merchant", t("The merchant: it is booked with each payment")]], value: now.fee_bearer, hint: t("Acts for payments that are captured from then on.") }),
    h("h3", {}, t("Price lists")), h("p", { class: "hint" }, t("Of the lines that fit a payment, the one with most conditions counts. UPI and RuPay cost nothing unless a line names them.")), lines.shown,
    h("div", { class: "buttons" }, h("button", {}, t("Save"))));
  return h("div", { class: "beside" }, card(t("Fees of providers"), made), card(t("Worked example"), example.shown));
}

/** The lines of all price lists; each field is an input of the form around it. */
function editor(now, names, changed) {
  let all = structuredClone(now.fee_schedules);
  const list = h("div", { class: "stack" });
  const read = () => (all = [...list.querySelectorAll(".fee")].map(lineOf));
  const draw = () => {
    fill(list, all.length ? all.map((line, at) => one(line, at, names, now, remove)) : h("p", { class: "hint" }, t("No price list: no fee is estimated.")));
    changed();
  };
  const remove = (at) => {
    read().splice(at, 1);
    draw();
  };
  const add = action(t("Add a line"), () => {
    read().push({ connector: names[0] ?? "sandbox", percent: "2", tax_percent: "18", rounding: "half_up", currency: now.currency });
    draw();
    list.querySelector(".fee:last-child select").focus();
  });
  queueMicrotask(draw);
  return { shown: h("div", { class: "stack", oninput: () => changed() }, list, h("div", { class: "buttons" }, add)), read };
}

function one(line, at, names, now, remove) {
  const named = (part) => `fee_schedules.${at}.${part}`;
  const part = (label, name, props) => field(label, named(name), { "data-part": name, value: line[name] ?? "", ...props });
  return h("fieldset", { class: "fee inset", "data-field": `fee_schedules.${at}`, "data-from": line.from ?? "" }, h("legend", {}, t("Line {number}", { number: at + 1 })),
    h("div", { class: "pair narrow" },
      part(t("Connector"), "connector", { options: [...new Set([line.connector, ...names])].map((each) => [each, titled(each)]) }),
      part(t("Method"), "method", { options: [["", t("Any")], ...choices(methods, method)] }),
      part(t("Card brand"), "brand", { placeholder: t("Any"), list: "fee-brands", maxlength: "32", autocomplete: "off" }),
      part(t("Currency"), "currency", { options: currencyOptions(t("Any")) }),
      part(t("Percent"), "percent", { ...PERCENT, required: true }), part(t("Fixed part"), "fixed", AMOUNT),
      part(t("At least"), "minimum", AMOUNT), part(t("At most"), "cap", AMOUNT),
      part(t("Tax on it in percent (GST)"), "tax_percent", { ...PERCENT, required: true }),
      part(t("Rounded"), "rounding", { options: [["half_up", t("to the nearest")], ["up", t("up")]] }),
      part(t("Holds from"), "from", { type: "date", value: line.from ? localDay(line.from) : "", hint: t("From now on when empty.") })),
    h("div", { class: "buttons" }, action(t("Remove"), () => remove(at), { "aria-label": t("Remove line {number}", { number: at + 1 }) })),
    at === 0 && h("datalist", { id: "fee-brands" }, BRANDS.map((each) => h("option", { value: each }))));
}

const localDay = (moment) => {
  const at = new Date(moment), two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
};

/** What the fields of one line say, in the API's shape. A day that was not changed stays the moment that it was. */
function lineOf(made) {
  const said = Object.fromEntries([...made.querySelectorAll("[data-part]")].map((each) => [each.dataset.part, each.value || null]));
  const before = made.dataset.from, same = before && said.from === localDay(before);
  const line = Object.fromEntries(TEXTS.filter((each) => said[each] !== null && said[each] !== undefined).map((each) => [each, said[each]]));
  return { ...line, ...(said.from && { from: same ? before : new Date(`${said.from}T00:00:00`).toISOString() }) };
}

/** An amount, and what each connector would take of it by the lines as they stand in the form. */
function exampleOf(now, names, read) {
  const out = h("div", { "aria-live": "polite" });
  const inputs = h("div", { class: "pair narrow" }, field(t("Amount"), "example", { ...AMOUNT, value: "1000.00" }), field(t("Currency"), "example_currency", { options: currencyOptions(), value: now.currency }),
    field(t("Method"), "example_method", { options: choices(methods.filter((each) => each !== "wallet" && each !== "crypto"), method) }), field(t("Card brand"), "example_brand", { value: "visa", list: "fee-brands" }));
  const value = (name) => inputs.querySelector(`[name=${name}]`).value;
  const draw = () => {
    const asked = { amount: value("example"), currency: value("example_currency"), method: value("example_method"), brand: value("example_method") === "tokenized" ? value("example_brand") : "" };
    const schedules = read(), listed = names.filter((name) => schedules.some((each) => each.connector === name));
    fill(out, listed.length ? listed.map((name) => taken(name, lineFor(schedules, name, asked), asked, schedules)) : h("p", { class: "hint" }, t("Add a line to see what it takes.")));
  };
  inputs.addEventListener("input", draw);
  return { shown: [inputs, out], draw };
}

function taken(name, line, asked, schedules) {
  const cost = line && costOf(line, asked.amount, asked.currency);
  if (line && !cost) return h("div", { class: "inset" }, h("strong", {}, titled(name)), h("p", { class: "hint" }, t("Type an amount and rates.")));
  const lines = cost && [[t("Fee"), money(cost.fee, asked.currency)], [t("Tax on it"), money(cost.tax, asked.currency)], [t("You get"), money(cost.net, asked.currency)], [t("By"), t("line {number}", { number: schedules.indexOf(line) + 1 })]];
  return h("div", { class: "inset" }, h("strong", {}, titled(name)), cost ? facts(lines.map(([what, text]) => [what, h("span", { class: "num" }, text)])) : h("p", { class: "hint" }, line === null ? t("Nothing: no fee by India's rules.") : t("No line fits: no fee is estimated.")));
}
