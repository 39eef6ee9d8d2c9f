/** Overview: the period's figures, volume and success rate by day, and the methods' shares. */

import { get } from "./api.js";
import { chart } from "./charts.js";
import { empty, failure, field, fill, h, loading } from "./dom.js";
import { height, money, percent } from "./money.js";

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function overview(place, merchant) {
  const body = h("div", {});
  const choice = h("form", { onchange: () => load() },
    field("Period", "days", { options: [["30", "Last 30 days"], ["7", "Last 7 days"], ["90", "Last 90 days"], ["1", "Today"]] }),
    field("Currency", "currency", { value: merchant.currency, size: "5", pattern: "[A-Z]{3}" }));
  const load = async () => {
    fill(body, loading());
    const { days, currency } = Object.fromEntries(new FormData(choice));
    try {
      show(body, await get("/v1/dashboard/stats", { from: midnight(Number(days)), currency, timezone: zone() }));
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
  const figure = (label, text, hint, id) => h("div", { class: "card" }, h("div", { class: "label" }, label), h("div", { class: "figure", id }, text), h("div", { class: "hint" }, hint));
  const { count } = stats;
  fill(body,
    h("div", { class: "grid" },
      figure("Volume", shown(stats.volume), `${count.success} successful of ${count.total} payments`, "volume"),
      figure("Success rate", percent(stats.success_rate), `${count.failed} failed, ${count.pending + count.processing} open`, "rate"),
      figure("Refunds", shown(stats.refunds.amount), `${stats.refunds.count} refunds`, "refunds"),
      figure("Net", shown(stats.net), "volume less refunds", "net"),
      figure("Balance", shown(stats.balance), "as it stands now", "balance")),
    count.total === 0 ? h("div", { class: "card" }, empty("No payments in this period.")) : details(stats, shown),
    h("p", { class: "hint" }, `Days in ${stats.timezone}; ${new Date(stats.from).toLocaleString()} to ${new Date(stats.to).toLocaleString()}.`));
}

function details(stats, shown) {
  const methods = Object.entries(stats.by_method);
  const most = methods.reduce((max, [, each]) => Math.max(max, height(each.volume)), 0);
  return [
    h("div", { class: "grid wide" },
      h("div", { class: "card" }, h("h2", {}, "Volume by day"), chart("Volume by day", stats.by_day, { name: "Volume", color: "--strong", bars: true, value: (day) => height(day.volume), text: (day) => shown(day.volume) })),
      h("div", { class: "card" }, h("h2", {}, "Success rate by day"), chart("Success rate by day", stats.by_day, { name: "Success rate", color: "--good", value: (day) => (day.success_rate === null ? null : height(day.success_rate) * 100), text: (day) => percent(day.success_rate) }))),
    h("div", { class: "card" }, h("h2", {}, "By method"), methods.map(([name, each]) =>
      h("div", { class: "bar" }, h("span", {}, name.replaceAll("_", " ")), h("progress", { max: String(most || 1), value: String(height(each.volume)), "aria-label": `${name}: ${shown(each.volume)}` }), h("span", { class: "num" }, `${shown(each.volume)} · ${each.count}`)))),
    h("details", { class: "card" }, h("summary", {}, "The days as a table"), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Days" }, h("table", {},
      h("thead", {}, h("tr", {}, ["Day", "Volume", "Payments", "Failed", "Refunds"].map((name, index) => h("th", { scope: "col", class: index ? "num" : "" }, name)))),
      h("tbody", {}, stats.by_day.map((day) => h("tr", {}, h("td", {}, day.date), [shown(day.volume), day.count, day.failed, shown(day.refunds)].map((text) => h("td", { class: "num" }, String(text))))))))),
  ];
}
