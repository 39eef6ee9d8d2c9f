/** One editor for risk rules: what is counted together, how much of it is too much within which time, and what happens then. */

import { action, fill, h } from "./dom.js";
import { field } from "./forms.js";
import { t } from "./texts.js";

export const MAX_RULES = 20;
const counted = () => [["ip", t("Address (payers' pages)")], ["card", t("Card")], ["bin", t("Bank's cards (first digits)")], ["customer", t("User")], ["email", t("E-mail address")]];
export const consequences = () => [["block", t("Decline it")], ["review", t("Hold it until a person decides")], ["require_3ds", t("Let the payer's bank ask the payer")]];
const windows = () => [[60, t("a minute")], [600, t("ten minutes")], [3600, t("an hour")], [86400, t("a day")], [604800, t("seven days")]];

/** @param {object[]} given rules as the API shows them @param {string} currency the merchant's @param {() => void} changed */
export function riskEditor(given, currency, changed) {
  let all = structuredClone(given);
  const list = h("div", { class: "stack" });
  const read = () => { all = [...list.querySelectorAll(".rule")].map(ruleOf); };
  const draw = () => {
    fill(list, all.length ? all.map((rule, at) => one(rule, at)) : h("p", { class: "hint" }, t("No rules: nothing is counted, and only the blocklist stops a payment.")));
    more.disabled = all.length >= MAX_RULES;
    changed();
  };
  const edit = (change, focus) => {
    read();
    change(all);
    draw();
    (list.querySelector(focus) ?? more).focus();
  };
  const one = (rule, at) => {
    const named = (part) => `risk_rules.${at}.${part}`, byAmount = rule.max_amount !== null && rule.max_amount !== undefined;
    return h("fieldset", { class: "rule inset", "data-field": `risk_rules.${at}`, "data-at": String(at) }, h("legend", {}, t("Rule {number}", { number: at + 1 })),
      h("div", { class: "pair" },
        field(t("Name"), named("rule_id"), { value: rule.rule_id, required: true, pattern: "[a-z][a-z0-9\\-]{0,31}", title: t("A lower-case letter, then letters, digits and hyphens."), maxlength: "32", autocomplete: "off", "data-part": "rule_id" }),
        field(t("Counted together by"), named("by"), { options: counted(), value: rule.by, "data-part": "by" }),
        field(t("What is counted"), `counts_${at}`, { options: [["payments", t("Payments")], ["amount", t("Money in {currency}", { currency })]], value: byAmount ? "amount" : "payments", "data-counts": "", onchange: () => edit(() => null, `[data-at="${at}"] [data-counts]`) }),
        byAmount ? field(t("At most"), named("max_amount"), { inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", required: true, autocomplete: "off", value: rule.max_amount, "data-part": "max_amount" })
          : field(t("At most"), named("max_payments"), { type: "number", min: "0", max: "100000", required: true, value: String(rule.max_payments ?? 0), "data-part": "max_payments" }),
        field(t("Within"), named("window_seconds"), { options: within(rule.window_seconds), value: String(rule.window_seconds), "data-part": "window_seconds" }),
        field(t("What is more"), named("then"), { options: consequences(), value: rule.then, "data-part": "then" })),
      h("div", { class: "buttons" }, action(t("Remove"), () => edit((rules) => rules.splice(at, 1), "button"), { "aria-label": t("Remove rule {number}", { number: at + 1 }) })));
  };
  const fresh = () => ({ rule_id: `rule-${all.length + 1}`, by: "customer", max_payments: 10, max_amount: null, window_seconds: 3600, then: "review" });
  const more = action(t("Add a rule"), () => edit((rules) => rules.push(fresh()), `[data-at="${all.length}"] [data-part]`));
  const shown = h("div", { class: "stack", oninput: changed }, list, h("div", { class: "buttons" }, more));
  queueMicrotask(draw);
  return { shown, rules: () => {
    read();
    return all;
  } };
}

/** The times to choose from, and the rule's own where it is another. */
const within = (seconds) => (windows().some(([each]) => each === seconds) ? windows() : [...windows(), [seconds, t("{seconds} seconds", { seconds: String(seconds) })]]).map(([each, text]) => [String(each), text]);

/** What the fields of one rule say, in the API's shape. */
function ruleOf(made) {
  const part = (name) => made.querySelector(`[data-part=${name}]`)?.value;
  const byAmount = made.querySelector("[data-counts]").value === "amount";
  return { rule_id: part("rule_id"), by: part("by"), max_payments: byAmount ? null : Number(part("max_payments") ?? 0), max_amount: byAmount ? part("max_amount") ?? "" : null, window_seconds: Number(part("window_seconds")), then: part("then") };
}
