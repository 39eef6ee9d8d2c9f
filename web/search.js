/** The one search field, above every section: `/` goes to it, arrows move among what is found by kind, Enter opens. */

import { get, may } from "./api.js";
import { fill, h, status } from "./dom.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { openRecord } from "./record.js";
import { t } from "./texts.js";
import { moment } from "./time.js";

const PAUSE_MS = 250;
const MAX_LENGTH = 254;
/** Where a record of a kind is shown. */
const PLACES = {
  payment: ({ id }) => `#payments/${id}`, refund: (hit) => hit.payment_id && `#payments/${hit.payment_id}`, capture: (hit) => hit.payment_id && `#payments/${hit.payment_id}`, dispute: ({ id }) => `#disputes/${id}`,
  customer: ({ id }) => `#customers/${id}`, settlement: ({ id }) => `#settlements/${id}`, delivery: ({ id }) => `#webhooks/${id}`, event: ({ id }) => `#webhooks/${id}`, endpoint: () => "#webhooks", address: (hit) => (hit.payment_id ? `#payments/${hit.payment_id}` : "#crypto"),
};

/** Fill the place of the search field for one who is signed in; nothing for one who may not search. @param {HTMLElement} place */
export function search(place) {
  if (!may("dashboard:read")) return fill(place);
  const panel = h("div", { class: "found", hidden: true });
  const input = h("input", {
    type: "search", id: "search", role: "combobox", "aria-label": t("Find anything"), "aria-expanded": "false", "aria-controls": "hits", "aria-autocomplete": "list", "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false",
    maxlength: String(MAX_LENGTH), placeholder: t("Find an id, amount, user, e-mail, last four digits… ( / )"),
  });
  const state = { timer: 0, asked: 0, at: -1 };
  const close = () => {
    clearTimeout(state.timer);
    state.asked += 1;
    panel.hidden = true;
    fill(panel);
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const open = (...content) => {
    state.at = -1;
    input.removeAttribute("aria-activedescendant");
    fill(panel, content);
    panel.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const ask = async () => {
    const text = input.value.trim(), mine = state.asked += 1;
    if (!text) return close();
    try {
      const answer = await get("/v1/search", { q: text });
      if (mine === state.asked) open(found(text, answer, (hit) => { close(); input.value = ""; go(hit); }));
    } catch (error) {
      if (mine === state.asked) open(nothing(error.message));
    }
  };
  input.addEventListener("input", () => { clearTimeout(state.timer); state.timer = setTimeout(ask, PAUSE_MS); });
  input.addEventListener("keydown", (event) => keys(event, { input, panel, state, close, ask }));
  place.onfocusout = (event) => place.contains(event.relatedTarget) || close();
  fill(place, input, panel);
}

function keys(event, { input, panel, state, close, ask }) {
  const options = [...panel.querySelectorAll("[role=option]")];
  const move = (to) => {
    event.preventDefault();
    if (!options.length) return;
    state.at = (to + options.length) % options.length;
    options.forEach((each, index) => each.setAttribute("aria-selected", String(index === state.at)));
    input.setAttribute("aria-activedescendant", options[state.at].id);
    options[state.at].scrollIntoView({ block: "nearest" });
  };
  if (event.key === "ArrowDown") move(panel.hidden ? 0 : state.at + 1);
  else if (event.key === "ArrowUp") move(state.at < 0 ? -1 : state.at - 1);
  else if (event.key === "Escape") { close(); input.value = ""; input.blur(); }
  else if (event.key === "Enter") {
    event.preventDefault();
    if (panel.hidden || !options.length) { clearTimeout(state.timer); ask(); } else options[Math.max(state.at, 0)].click();
  }
}

const nothing = (text) => h("div", { id: "hits", role: "listbox", "aria-label": t("Found") }, h("div", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "nohits" }, text));

function found(text, { data, more }, choose) {
  if (!data.length) return nothing(t("Nothing is found for “{text}”. Type it whole: parts of words find nothing.", { text }));
  const kinds = [...new Set(data.map((each) => each.kind))];
  let count = 0;
  return [h("div", { id: "hits", role: "listbox", "aria-label": t("Found") }, kinds.map((kind) => h("div", { role: "group", "aria-label": words(kind) }, h("p", { class: "kind", "aria-hidden": "true" }, words(kind)),
    data.filter((each) => each.kind === kind).map((each) => h("div", { role: "option", id: `hit-${count += 1}`, "aria-selected": "false", tabindex: "-1", onmousedown: (event) => event.preventDefault(), onclick: () => choose(each) }, line(each)))))),
  more && h("p", { class: "hint more" }, t("There are more. Filters of the lists find them."))];
}

const line = (hit) => [h("span", { class: "main" }, hit.amount ? h("strong", { class: "num" }, money(hit.amount, hit.currency)) : h("strong", {}, hit.label ?? hit.id), hit.status && status(hit.status), h("span", { class: "hint end" }, t("by {what}", { what: words(hit.found_by).toLowerCase() }))),
  h("span", { class: "hint" }, [hit.amount && hit.label, hit.id, hit.created_at && moment(hit.created_at)].filter(Boolean).join(" · "))];

/** To the record's place; once more where one is already. */
function go(hit) {
  const place = PLACES[hit.kind]?.(hit);
  if (!place) return openRecord(hit);
  if (location.hash === place) dispatchEvent(new HashChangeEvent("hashchange", { oldURL: location.href, newURL: location.href }));
  else location.hash = place;
}

/** `/` goes to the field from anywhere but from where one types. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
  const input = document.getElementById("search");
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
});
