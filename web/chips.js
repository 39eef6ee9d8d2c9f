/** Chips: each opens a small form beside it, one at a time. A chip of a filter says what it is set to. */

import { fill, h } from "./dom.js";
import { form } from "./forms.js";
import { t } from "./texts.js";

/** Only one is open: another one, Escape, or a click elsewhere closes it. */
export function chip(label, content, props = {}) {
  const made = h("details", { class: "chip", name: "chip", ...props }, h("summary", {}, label), h("div", { class: "popover" }, content));
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !made.open) return;
    made.open = false;
    made.querySelector("summary").focus();
  });
  made.addEventListener("toggle", () => {
    if (made.open) made.querySelector(".popover input, .popover select, .popover button")?.focus();
  });
  return made;
}

document.addEventListener("click", (event) => {
  for (const each of document.querySelectorAll("details.chip[open]")) if (!each.contains(event.target)) each.open = false;
});

/**
 * A row of filters. The values are the caller's object of names and texts, and are changed in it.
 * @param {{label: string, names: string[], fields: () => any[], text: (values: object) => string | null, read?: (form: HTMLFormElement) => object}[]} filters
 * @param {Record<string, string>} chosen @param {() => void} changed
 */
export function filterChips(filters, chosen, changed) {
  const row = h("div", { class: "chips", role: "group", "aria-label": t("Filters") });
  const draw = (focus) => {
    fill(row, filters.map((filter) => one(filter, chosen, (index) => { draw(index); changed(); }, filters.indexOf(filter))),
      Object.keys(chosen).length > 0 && h("button", { class: "link clear", type: "button", onclick: () => { Object.keys(chosen).forEach((name) => delete chosen[name]); draw(0); changed(); } }, t("Clear filters")));
    if (focus !== undefined) row.querySelectorAll("summary")[focus]?.focus();
  };
  draw();
  row.draw = () => draw();
  return row;
}

function one(filter, chosen, changed, index) {
  const isSet = filter.names.some((name) => chosen[name]);
  const set = (given) => {
    for (const name of filter.names) {
      if (given[name]) chosen[name] = given[name];
      else delete chosen[name];
    }
    changed(index);
  };
  const read = filter.read ?? ((made) => Object.fromEntries(filter.names.map((name) => [name, new FormData(made).get(name)?.trim()])));
  const fields = form({ class: "stack" }, async (made) => set(read(made)), filter.fields(), h("div", { class: "buttons" }, h("button", { class: "small" }, t("Apply")),
    isSet && h("button", { class: "quiet small", type: "button", onclick: () => set({}) }, t("Remove filter"))));
  for (const name of filter.names) if (chosen[name] && fields.elements.namedItem(name)) fields.elements.namedItem(name).value = filter.shown?.(chosen[name]) ?? chosen[name];
  return chip(isSet ? `${filter.label}: ${filter.text(chosen)}` : filter.label, fields, { class: isSet ? "chip set" : "chip", "data-filter": filter.names[0] });
}
