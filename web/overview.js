/** Overview: the period's figures, volume and success rate by day, and the methods' shares. */

import { get } from "./api.js";
import { chart } from "./charts.js";
import { card, empty, failure, fill, h, loading } from "./dom.js";
import { field } from "./forms.js";
import { compact, height, money, percent } from "./money.js";
import { method } from "./names.js";
import { longDay, moment, zone } from "./time.js";

const PERIODS = [["30", "Last 30 days"], ["7", "Last 7 days"], ["90", "Last 90 days"], ["365", "Last 365 days"], ["1", "Today"]];

export function overview(place, merchant) {
  const body = h("div", {});
  const choice = h("form", { onchange: () => load(), onsubmit: (event) => event.preventDefault() },
    field("Period", "days", { options: PERIODS }), field("Currency", "currency", { value: merchant.currency, size: "5", maxlength: "3" }));
  const load = async () => {
    fill(body, loading());
    const { days, currency } = Object.fromEntries(new FormData(choice));
    try {
      show(body, await get("/v1/dashboard/stats", { from: midnight(Number(days)), currency: currency.toUpperCase(), timezone: zone() }));
    } catch (error) {
      fill(body, failure(error, load));
    }
  };
  fill(place, choice, body);
  return load();
}

/** The local midnight that begins the last n days. */
function midnight(days) {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - days + 1);
  return day.toISOString();
}

function show(body, stats) {
  const shown = (amount) => money(amount, stats.currency);
  const figure = (label, text, hint, id) => h("section", { class: "card" }, h("h2", { class: "label" }, label), h("p", { class: "figure", id }, text), h("p", { class: "hint" }, hint));
  const { count } = stats;
  fill(body,
    h("div", { class: "grid figures" },
      figure("Volume", shown(stats.volume), `${count.success} of ${count.total} payments paid`, "volume"),
      figure("Success rate", percent(stats.success_rate), `${count.failed} failed, ${count.pending + count.processing} open`, "rate"),
      figure("Refunds", shown(stats.refunds.amount), `${stats.refunds.count} made`, "refunds"),
      figure("Net", shown(stats.net), "Volume less refunds", "net"),
      figure("Fees", shown(stats.fees.fee), `Tax ${shown(stats.fees.tax)}, platform ${shown(stats.fees.platform_fee)}, net of all ${shown(stats.fees.net)}`, "fees"),
      figure("Balance", shown(stats.balance), "Current", "balance")),
    count.total === 0 && stats.refunds.count === 0 ? card(null, empty("No payments in this period.")) : details(stats, shown),
    h("p", { class: "hint" }, `${moment(stats.from)} to ${moment(stats.to)}. Days are those of ${stats.timezone}.`));
}

function details(stats, shown) {
  return [
    h("div", { class: "grid wide" },
      chart("Volume by day", stats.by_day, { color: "--strong", bars: true, value: (day) => height(day.volume) || null, text: (day) => `${shown(day.volume)}, ${day.count} paid`,
        tick: (value) => compact(value, stats.currency), whole: `${shown(stats.volume)}, ${stats.count.success} paid` }),
      chart("Success rate by day", stats.by_day, { color: "--good", top: 105, value: (day) => (day.success_rate === null ? null : height(day.success_rate) * 100), text: (day) => percent(day.success_rate),
        tick: (value) => (value > 100 ? "" : `${value} %`), whole: `${percent(stats.success_rate)} overall` })),
    split(stats, shown), days(stats, shown),
  ];
}

function split(stats, shown) {
  const methods = Object.entries(stats.by_method).sort(([, one], [, other]) => height(other.volume) - height(one.volume));
  const whole = methods.reduce((sum, [, each]) => sum + Math.max(height(each.volume), 0), 0) || 1;
  const share = (each) => `${((100 * height(each.volume)) / whole).toFixed(1)} %`;
  return card("By method", methods.length === 0 ? empty("Nothing was paid.") : h("div", { class: "split" }, methods.map(([name, each]) => h("div", {},
    h("span", {}, method(name)), h("progress", { max: String(whole), value: String(Math.max(height(each.volume), 0)), "aria-label": `${method(name)}: ${share(each)}` }),
    h("span", { class: "num quiet" }, share(each)), h("span", { class: "num quiet" }, `${each.count} paid`), h("span", { class: "num" }, shown(each.volume))))));
}

function days(stats, shown) {
  const cells = (day) => [shown(day.volume), day.count, day.failed, percent(day.success_rate), shown(day.refunds)];
  return h("details", { class: "card" }, h("summary", {}, "The days as a table"), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Days" }, h("table", {},
    h("thead", {}, h("tr", {}, ["Day", "Volume", "Paid", "Failed", "Success rate", "Refunds"].map((name, index) => h("th", { scope: "col", class: index ? "num" : "" }, name)))),
    h("tbody", {}, stats.by_day.toReversed().map((day) => h("tr", {}, h("th", { scope: "row" }, longDay(day.date)), cells(day).map((text) => h("td", { class: "num" }, String(text)))))))));
}
