/** A list with its tools: filters as chips, views that are kept, columns to choose, the numbers of what is found, CSV. What it is a list of, its section says. */

import { download, get } from "./api.js";
import { chip, filterChips } from "./chips.js";
import { action, fill, h, toast } from "./dom.js";
import { doing, field, form, tick, values } from "./forms.js";
import { money, plus } from "./money.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { knownFilters, MAX_NAME, viewsOf } from "./views.js";

const PAGE_SIZE = 100, MAX_PAGES = 5;

/** A column: its heading, what it shows of a row, its kind. `always` cannot be put away; `more` is not there at first.
 *  @typedef {{column: [string, (row: any) => any, string?], always?: boolean, more?: boolean}} Column */

/**
 * @param {{name: string, merchant: object, path: string, label: string, known: Record<string, Column>, filters: object[], given: [string, object][], part?: string,
 *   fixed?: object, nothing: (isFiltered: boolean) => any, numbers?: (query: object) => Promise<any>}} list
 *   name: the section's; part: of the address, `?status=failed` filters; fixed: what is asked where no filter says otherwise; given: views that are there for everyone
 * @returns {HTMLElement} with `show()`, which asks again
 */
export function listing({ name, merchant, path, label, known, filters, given, part, fixed = {}, nothing, numbers }) {
  const names = filters.flatMap((each) => each.names), kept = viewsOf(`${name}.${merchant.merchant_id}`, names, Object.keys(known));
  const chosen = knownFilters(Object.fromEntries(new URLSearchParams(part?.startsWith("?") ? part.slice(1) : "")), names);
  let shown = kept.columns() ?? Object.keys(known).filter((each) => !known[each].more);
  const list = h("div", {}), sums = h("p", { class: "sums", "aria-live": "polite" }), views = h("div", { class: "views" });
  const query = () => ({ ...fixed, ...chosen });
  const show = () => {
    const asked = new URLSearchParams(chosen).toString();
    // The address of one record, which is open beside the list, stays.
    if (asked || location.hash.startsWith(`#${name}/?`)) history.replaceState(null, "", asked ? `#${name}/?${asked}` : `#${name}`);
    fill(list, table({ path, query: query(), label, none: nothing(asked !== ""), columns: Object.keys(known).filter((each) => known[each].always || shown.includes(each)).map((each) => known[each].column) }));
    if (numbers) latest(sums, () => numbers(query()));
    drawViews();
  };
  const chips = filterChips(filters, chosen, () => show());
  const use = (wanted, wantedColumns) => {
    Object.keys(chosen).forEach((each) => delete chosen[each]);
    Object.assign(chosen, wanted);
    shown = wantedColumns ?? shown;
    chips.draw();
    show();
  };
  const drawViews = () => fill(views, viewChoice(kept, given, chosen, use), keeping(kept, () => ({ filters: { ...chosen }, columns: shown }), drawViews),
    columnChoice(known, shown, (wanted) => { shown = wanted; kept.keepColumns(wanted); show(); }), action(t("Download CSV"), doing(() => download(path, query(), `${name}.csv`))));
  const made = h("section", { class: "card" }, h("div", { class: "tools" }, views, chips), numbers && sums, list);
  made.show = show;
  show();
  return made;
}

const same = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** The view of now is the one whose filters are set. */
function viewChoice(kept, given, chosen, use) {
  const all = [...given.map(([name, filters]) => ({ name, filters })), ...kept.all()];
  const now = all.findIndex((each) => same(each.filters, chosen));
  const options = [...(now < 0 ? [["-1", t("Own filters")]] : []), ...all.map((each, index) => [String(index), each.name])];
  return field(t("View"), "view", { options, value: String(now), onchange: (event) => { const view = all[Number(event.target.value)]; if (view) use(view.filters, view.columns); } });
}

function keeping(kept, now, changed) {
  const keep = form({ class: "stack" }, async (made) => {
    const { name = "" } = values(made);
    if (kept.isFull(name.trim())) throw new Error(t("There are as many views as this browser keeps. Remove one first."));
    if (!kept.keep({ name: name.trim(), ...now() })) throw new Error(t("This browser keeps nothing for this page."));
    toast(t("Kept in this browser."));
    changed();
  }, field(t("Name of the view"), "name", { required: true, maxlength: String(MAX_NAME), pattern: ".*\\S.*", autocomplete: "off", hint: t("Filters and columns, in this browser.") }), h("div", { class: "buttons" }, h("button", { class: "small" }, t("Save"))));
  const own = kept.all();
  return chip(t("Save view"), [keep, own.length > 0 && h("ul", { class: "rows" }, own.map((each) => h("li", {}, h("span", { class: "cut" }, each.name), h("span", { class: "end" }, action(t("Remove"), () => { kept.forget(each.name); changed(); }, { "aria-label": t("Remove view {name}", { name: each.name }) })))))]);
}

function columnChoice(known, shown, use) {
  const boxes = () => [...made.querySelectorAll("input")];
  const made = h("div", {}, Object.entries(known).filter(([, each]) => !each.always).map(([name, { column: [label] }]) =>
    tick(label, "column", { value: name, checked: shown.includes(name) })), h("div", { class: "buttons" }, h("button", { class: "small", type: "button", onclick: () => use(boxes().filter((each) => each.checked).map((each) => each.value)) }, t("Apply"))));
  return chip(t("Columns"), made);
}

/** Numbers of what is found; of another question than the last one of this place nothing is shown. */
async function latest(place, ask) {
  const mine = Symbol("question");
  place.asked = mine;
  fill(place);
  const said = await ask().catch((error) => h("span", { class: "hint" }, error.message));
  if (place.asked === mine) fill(place, said);
}

/** Count and sums by currency of what a list has, from its first pages. @param {(row: any) => string} amount of a row, in its currency
 *  @returns {Promise<{count: number, complete: boolean, sums: {currency: string, amount: string}[]}>} */
async function added(path, query, amount) {
  const sums = new Map();
  let count = 0, cursor;
  for (let page = 0; page < MAX_PAGES && cursor !== null; page += 1) {
    const { data, next_cursor: next } = await get(path, { ...query, limit: PAGE_SIZE, cursor });
    for (const row of data) sums.set(row.currency, sums.has(row.currency) ? plus(sums.get(row.currency), amount(row)) : amount(row));
    count += data.length;
    cursor = next;
  }
  return { count, complete: cursor === null, sums: [...sums].map(([currency, sum]) => ({ currency, amount: sum })) };
}

/** The numbers of a list whose rows have amounts. @param {(row: any) => string} amount @param {(count: number, complete: boolean) => string} found says how many */
export const numbersOf = (path, amount, found) => async (query) => {
  const { count, complete, sums } = await added(path, query, amount);
  const sum = (each) => (complete ? money(each.amount, each.currency) : t("{amount} in the first {count}", { amount: money(each.amount, each.currency), count }));
  return [h("strong", {}, found(count, complete)), sums.map((each) => h("span", { class: "num" }, sum(each)))];
};
