/** What the chips of a list ask for: one of some words, a text, a range of time, an amount. */

import { h } from "./dom.js";
import { field } from "./forms.js";
import { choices, words } from "./names.js";
import { t } from "./texts.js";
import { instant, local, moment, zoneName } from "./time.js";

const range = (least, most) => `${least ?? ""} – ${most ?? ""}`;

/** One of the API's words. @param {string[]} values @param {(value: string) => string} [called] */
export const oneOf = (label, name, values, called = words) =>
  ({ label, names: [name], fields: () => [field(label, name, { options: [["", t("Any")], ...choices(values, called)] })], text: (chosen) => called(chosen[name]) });

/** A text that is typed. @param {object} [props] of its field @param {string[]} [known] texts that are offered */
export const typed = (label, name, props = {}, known = null) => ({
  label, names: [name], text: (chosen) => props.called?.(chosen[name]) ?? chosen[name],
  fields: () => [field(label, name, { autocomplete: "off", spellcheck: "false", ...(known && { list: `known-${name}` }), ...props, called: undefined }),
    known && h("datalist", { id: `known-${name}` }, known.map((value) => h("option", { value })))],
});

/** A three-letter code, which the API has in capitals. */
export const currencyCode = () => ({
  ...typed(t("Currency"), "currency", { size: "5", maxlength: "3", pattern: "[A-Za-z]{3}" }),
  read: (made) => ({ currency: new FormData(made).get("currency").trim().toUpperCase() }),
});

const moments = (names) => (made) => Object.fromEntries(names.map((name) => [name, instant(new FormData(made).get(name))]));
const momentField = (label, name) => field(label, name, { type: "datetime-local" });

/** From a moment on, and before another one. */
export const dates = () => ({
  label: t("Date"), names: ["from", "to"], shown: local, read: moments(["from", "to"]),
  fields: () => [momentField(t("From ({zone})", { zone: zoneName() }), "from"), momentField(t("Before ({zone})", { zone: zoneName() }), "to")],
  text: ({ from, to }) => range(from && moment(from), to && moment(to)),
});

/** Before a moment. @param {string} label of the chip @param {string} asked of its field */
export const before = (label, asked, name) =>
  ({ label, names: [name], shown: local, read: moments([name]), fields: () => [momentField(asked, name)], text: (chosen) => moment(chosen[name]) });

/** An amount from and to. */
export function amounts() {
  const props = { inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", title: t("An amount such as 12.50"), autocomplete: "off", size: "10" };
  return { label: t("Amount"), names: ["min_amount", "max_amount"], fields: () => [field(t("Amount from"), "min_amount", props), field(t("Amount to"), "max_amount", props)],
    text: ({ min_amount: least, max_amount: most }) => range(least, most) };
}
