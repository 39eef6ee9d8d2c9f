/** One editor for routing rules: conditions, connectors in their order with shares, or the one that does best. Each field is an input of the form around it. */

import { action, fill, h } from "./dom.js";
import { currencyOptions } from "./currency.js";
import { field } from "./forms.js";
import { titled } from "./processors.js";
import { t } from "./texts.js";

export const BRANDS = ["visa", "mastercard", "rupay", "amex", "diners", "discover", "jcb", "maestro", "unionpay"];
const AMOUNT = { inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", autocomplete: "off" };

/** @param {object[]} given rules as the API shows them @param {string[]} names of connectors that may be named @param {() => void} changed */
export function ruleEditor(given, names, currency, changed) {
  let all = structuredClone(given);
  const list = h("div", { class: "stack" });
  const read = () => { all = [...list.querySelectorAll(".rule")].map(ruleOf); };
  const draw = () => {
    fill(list, all.length ? all.map((rule, at) => one(rule, at)) : h("p", { class: "hint" }, t("No rules.")));
    changed();
  };
  /** Read what was typed, change it, draw it anew, and put the focus where it was. */
  const edit = (change, focus) => {
    read();
    change(all);
    draw();
    list.querySelector(focus)?.focus();
  };
  const move = (items, at, by) => items.splice(at + by, 0, ...items.splice(at, 1));
  const one = (rule, at) => h("fieldset", { class: "rule inset", "data-field": `routing_rules.${at}`, "data-at": String(at) }, h("legend", {}, t("Rule {number}", { number: at + 1 })),
    conditions(rule.when ?? {}, at, currency), mode(rule, at, () => edit(() => null, `[data-at="${at}"] [data-mode]`)), targets(rule, at),
    rule.use === "best" && best(rule, at),
    h("div", { class: "buttons" },
      action(t("Up"), () => edit((rules) => move(rules, at, -1), `[data-at="${at - 1}"] [data-move="-1"]`), { disabled: at === 0, "data-move": "-1", "aria-label": t("Rule {number} up", { number: at + 1 }) }),
      action(t("Down"), () => edit((rules) => move(rules, at, 1), `[data-at="${at + 1}"] [data-move="1"]`), { disabled: at === all.length - 1, "data-move": "1", "aria-label": t("Rule {number} down", { number: at + 1 }) }),
      action(t("Remove"), () => edit((rules) => rules.splice(at, 1), "button"), { "aria-label": t("Remove rule {number}", { number: at + 1 }) })));
  const targets = (rule, at) => {
    const used = rule.among ?? rule.use;
    return h("div", { class: "lines" }, used.map((target, place) => h("div", { class: "with-action target", "data-place": String(place) },
      field(t("Connector {number}", { number: place + 1 }), `routing_rules.${at}.use.${place}.connector`, { options: [...new Set([target.connector, ...names])].map((each) => [each, titled(each)]), value: target.connector, "data-part": "connector" }),
      rule.use !== "best" && field(t("Share"), `routing_rules.${at}.use.${place}.weight`, { type: "number", min: "0", max: "1000", value: String(target.weight ?? 1), "data-part": "weight", title: t("Among the connectors of the rule. 0: only when the others fail.") }),
      action("↑", () => edit((rules) => move(usedOf(rules[at]), place, -1)), { disabled: place === 0, "aria-label": t("Connector {number} up", { number: place + 1 }) }),
      action("×", () => edit((rules) => usedOf(rules[at]).splice(place, 1)), { disabled: used.length === 1, "aria-label": t("Remove connector {number}", { number: place + 1 }) }))),
    used.length < Math.min(8, names.length) && action(t("Add a connector"), () => edit((rules) => usedOf(rules[at]).push({ connector: names.find((each) => !usedOf(rules[at]).some((one) => one.connector === each)) ?? names[0], weight: 0 }))));
  };
  const shown = h("div", { class: "stack", oninput: () => {
    read();
    changed();
  } }, list, h("div", { class: "buttons" }, action(t("Add a rule"), () => edit((rules) => rules.push({ when: {}, use: [{ connector: names[0], weight: 1 }] })), { disabled: !names.length })),
  h("datalist", { id: "brands" }, BRANDS.map((each) => h("option", { value: each }))));
  const made = { shown, rules: () => {
    read();
    return all;
  } };
  queueMicrotask(draw);
  return made;
}

const usedOf = (rule) => rule.among ?? rule.use;

function conditions(when, at, currency) {
  const named = (part) => `routing_rules.${at}.when.${part}`;
  return h("div", { class: "pair" },
    field(t("Method"), named("method"), { options: [["", t("Any")], ["tokenized", t("Card")], ["upi_intent", "UPI"]], value: when.method ?? "", "data-when": "method" }),
    field(t("Currency"), named("currency"), { options: currencyOptions(t("Any")), value: when.currency ?? "", "data-when": "currency" }),
    field(t("Card brand"), named("brand"), { value: when.brand ?? "", placeholder: t("Any"), list: "brands", maxlength: "32", autocomplete: "off", "data-when": "brand" }),
    field(t("Amount from"), named("min_amount"), { ...AMOUNT, value: when.min_amount ?? "", placeholder: currency, "data-when": "min_amount" }),
    field(t("Amount to"), named("max_amount"), { ...AMOUNT, value: when.max_amount ?? "", placeholder: currency, "data-when": "max_amount" }));
}

const mode = (rule, at, changed) => field(t("Goes to"), `mode_${at}`, { options: [["order", t("these, by their shares; the others when one fails")], ["best", t("of these the one that succeeds most often")]], value: rule.use === "best" ? "best" : "order", "data-mode": "", onchange: changed });

const best = (rule, at) => h("div", { class: "pair" },
  field(t("Known outcomes at least"), `routing_rules.${at}.min_samples`, { type: "number", min: "10", max: "300", value: String(rule.min_samples ?? 100), "data-best": "min_samples", hint: t("With fewer, a connector is not judged.") }),
  field(t("Percent to another one"), `routing_rules.${at}.explore_percent`, { type: "number", min: "0", max: "30", value: String(rule.explore_percent ?? 10), "data-best": "explore_percent", hint: t("So that the others stay known.") }));

/** What the fields of one rule say, in the API's shape. */
function ruleOf(made) {
  const when = Object.fromEntries([...made.querySelectorAll("[data-when]")].filter((each) => each.value !== "").map((each) => [each.dataset.when, each.value]));
  const used = [...made.querySelectorAll(".target")].map((each) => ({ connector: each.querySelector("[data-part=connector]").value, weight: Number(each.querySelector("[data-part=weight]")?.value ?? 1) }));
  if (made.querySelector("[data-mode]").value !== "best") return { when, use: used };
  const numbers = Object.fromEntries([...made.querySelectorAll("[data-best]")].map((each) => [each.dataset.best, Number(each.value)]));
  return { when, use: "best", among: used, ...{ min_samples: 100, explore_percent: 10 }, ...numbers };
}
