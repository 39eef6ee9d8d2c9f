/** Payments: filters as chips, views that are kept, columns to choose, the numbers of what is found, CSV. One payment has a page of its own. */

import { download, get } from "./api.js";
import { chip, filterChips } from "./chips.js";
import { action, fill, h, toast } from "./dom.js";
import { doing, field, form, tick, values } from "./forms.js";
import { money } from "./money.js";
import { paymentPage } from "./payment.js";
import { columns, FILTERS, filters } from "./payment_list.js";
import { table } from "./table.js";
import { plural, t } from "./texts.js";
import { knownFilters, MAX_NAME, viewsOf } from "./views.js";

const PATH = "/v1/dashboard/payments";
/** Views that are there for everyone. */
const given = () => [[t("All payments"), {}], [t("Paid"), { status: "success" }], [t("Failed"), { status: "failed" }], [t("To capture"), { status: "authorized" }], [t("Waiting"), { status: "pending" }]];

/** @param {string} [part] of the address: `?status=failed` filters, anything else is a payment */
export function payments(place, merchant, part) {
  if (part && !part.startsWith("?")) return paymentPage(place, part);
  const known = columns(() => show()), kept = viewsOf(`payments.${merchant.merchant_id}`, FILTERS, Object.keys(known));
  const chosen = knownFilters(Object.fromEntries(new URLSearchParams(part?.slice(1) ?? "")), FILTERS);
  let shown = kept.columns() ?? Object.keys(known).filter((name) => !known[name].more);
  const list = h("div", {}), sums = h("p", { class: "sums", "aria-live": "polite" }), views = h("div", { class: "views" });
  const show = () => {
    const query = new URLSearchParams(chosen).toString();
    history.replaceState(null, "", query ? `#payments/?${query}` : "#payments");
    fill(list, table({ path: PATH, query: chosen, label: t("Payments"), none: nothing(query), columns: Object.keys(known).filter((name) => known[name].always || shown.includes(name)).map((name) => known[name].column) }));
    numbers(sums, { ...chosen });
    drawViews();
  };
  const chips = filterChips(filters(merchant), chosen, () => show());
  const use = (wanted, wantedColumns) => {
    Object.keys(chosen).forEach((name) => delete chosen[name]);
    Object.assign(chosen, wanted);
    shown = wantedColumns ?? shown;
    chips.draw();
    show();
  };
  const drawViews = () => fill(views, viewChoice(kept, chosen, use), keeping(kept, () => ({ filters: { ...chosen }, columns: shown }), drawViews),
    columnChoice(known, shown, (wanted) => { shown = wanted; kept.keepColumns(wanted); show(); }), action(t("Download CSV"), doing(() => download(PATH, chosen, "payments.csv"))));
  fill(place, h("section", { class: "card" }, h("div", { class: "tools" }, views, chips), sums, list));
  show();
}

const same = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** The view of now is the one whose filters are set. */
function viewChoice(kept, chosen, use) {
  const own = kept.all(), all = [...given().map(([name, filters]) => ({ name, filters })), ...own];
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

let asked = 0;
/** Count and sums of what is found; of another question than the last one nothing is shown. */
async function numbers(place, query) {
  const mine = asked += 1;
  fill(place);
  try {
    const { count, complete, sums } = await get("/v1/dashboard/payment_sums", query);
    if (mine !== asked) return;
    const found = complete ? plural(count, "{count} payment", "{count} payments") : plural(count, "At least {count} payment", "At least {count} payments");
    fill(place, h("strong", {}, found), sums.map((each) => [h("span", { class: "num" }, complete ? money(each.amount, each.currency) : t("at least {amount}", { amount: money(each.amount, each.currency) })),
      h("span", { class: "hint" }, t("captured {captured}, refunded {refunded}", { captured: money(each.captured, each.currency), refunded: money(each.refunded, each.currency) }))]));
  } catch (error) {
    if (mine === asked) fill(place, h("span", { class: "hint" }, error.message));
  }
}

const nothing = (query) => (query ? t("No payments match. Take a filter away above.") : [t("No payments yet."), " ", h("a", { href: "#links" }, t("Make a payment link")), " ", t("to take the first one without code.")]);
