/** Choosing out of a list that is long: groups with check boxes, a search, and all or none of them. */

import { action, fill, h } from "./dom.js";
import { tick } from "./forms.js";
import { t } from "./texts.js";

/**
 * @param {{legend: string, name: string, groups: [string, [string, string, string?][]][], chosen: Set<string>, presets?: [string, (value: string) => boolean][], searched?: boolean}} list
 *   groups: titles with [value, label, what it means]
 * @returns {HTMLFieldSetElement} with `chosen()`, the values that are ticked, in the list's order
 */
export function choosing({ legend, name, groups, chosen, presets = [], searched = false }) {
  const count = h("span", { class: "hint", "aria-live": "polite" });
  const boxes = () => [...made.querySelectorAll(`[name="${name}"]`)];
  const counted = () => fill(count, t("{count} of {all} chosen", { count: boxes().filter((each) => each.checked).length, all: boxes().length }));
  const set = (wanted) => {
    boxes().filter((each) => !each.closest("label").hidden).forEach((each) => { each.checked = wanted(each.value); });
    counted();
  };
  const find = (event) => {
    const text = event.target.value.trim().toLowerCase();
    made.querySelectorAll("label.tick").forEach((each) => { each.hidden = !each.textContent.toLowerCase().includes(text); });
    made.querySelectorAll(".choices").forEach((each) => { each.hidden = ![...each.querySelectorAll("label.tick")].some((one) => !one.hidden); });
  };
  const search = searched && h("input", { type: "search", class: "search", placeholder: t("Search"), "aria-label": t("Search in: {list}", { list: legend }), oninput: find, onkeydown: (event) => event.key === "Enter" && event.preventDefault() });
  const shown = groups.map(([title, entries]) => h("div", { class: "choices", role: "group", "aria-label": title }, h("p", { class: "group" }, title),
    entries.map(([value, label, hint]) => tick(label, name, { value, hint, checked: chosen.has(value), onchange: counted }))));
  const made = h("fieldset", { class: "choosing", "data-field": name }, h("legend", {}, legend),
    h("div", { class: "buttons" }, presets.map(([text, wanted]) => action(text, () => set(wanted))), search, count), h("div", { class: "columns" }, shown));
  made.chosen = () => boxes().filter((each) => each.checked).map((each) => each.value);
  counted();
  return made;
}

/** Values by the word before a mark: "payment.success" is of "payment". @param {string[]} all @param {string} mark */
export function byPrefix(all, mark) {
  const groups = new Map();
  for (const each of all) {
    const [prefix] = each.split(mark);
    groups.set(prefix, [...(groups.get(prefix) ?? []), each]);
  }
  return [...groups];
}
