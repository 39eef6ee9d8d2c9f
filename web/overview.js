/** Overview: where the money is, the period's figures against the period before, by day, method, processor and reason, and what is worth looking at. */

import { get } from "./api.js";
import { chart } from "./charts.js";
import { card, empty, failure, fill, h, loading } from "./dom.js";
import { field } from "./forms.js";
import { firstSteps } from "./first_steps.js";
import { change, compact, height, money, percent, points } from "./money.js";
import { moneyPosition } from "./money_position.js";
import { method, words } from "./names.js";
import { byReason, compared, split } from "./overview_parts.js";
import { plural, t } from "./texts.js";
import { daysBefore, longDay, midnight, moment, zone } from "./time.js";
import { lookedUp, worthALook } from "./worth_a_look.js";

const PERIODS = () => [["30", t("Last 30 days")], ["7", t("Last 7 days")], ["90", t("Last 90 days")], ["365", t("Last 365 days")], ["1", t("Today")]];

export async function overview(place, merchant) {
  const body = h("div", {});
  const choice = h("form", { onchange: () => load(), onsubmit: (event) => event.preventDefault() },
    field(t("Period"), "days", { options: PERIODS() }), field(t("Currency"), "currency", { value: merchant.currency, size: "5", maxlength: "3" }));
  let asked = 0;
  const load = async () => {
    const { days, currency: typed } = Object.fromEntries(new FormData(choice)), currency = typed.toUpperCase(), mine = asked += 1;
    fill(body, loading());
    const content = await drawn(Number(days), currency).catch((error) => [failure(error, load)]);
    if (mine === asked) fill(body, content);
  };
  // All of it is shown at once: a part that comes later would move what one reads already.
  const [steps] = await Promise.all([firstSteps(merchant), load()]);
  fill(place, steps, choice, body);
}

/** The period's figures and the money of now. The period before is as long as this one is so far: a day that has just begun is held against the same hours. */
async function drawn(days, currency) {
  const from = midnight(days), until = new Date().toISOString(), period = { currency, timezone: zone() };
  const [now, looked, stats, before] = await Promise.all([moneyPosition(currency), lookedUp(currency, from),
    get("/v1/dashboard/stats", { from, ...period }), get("/v1/dashboard/stats", { from: daysBefore(from, days), to: daysBefore(until, days), ...period })]);
  return [now, content(stats, before, worthALook(stats, before, looked))];
}

function content(stats, before, looked) {
  const shown = (amount) => money(amount, stats.currency), { count } = stats;
  const figure = (label, text, hint, id, against) => h("section", { class: "card" }, h("h2", { class: "label" }, label), h("p", { class: "figure", id }, text), h("p", { class: "hint" }, hint), against && h("p", { class: "hint against" }, against));
  return [
    h("div", { class: "grid figures" },
      figure(t("Volume"), shown(stats.volume), t("{paid} of {all} payments paid", { paid: count.success, all: count.total }), "volume", compared(change(stats.volume, before.volume), true)),
      figure(t("Success rate"), percent(stats.success_rate), t("{failed} failed, {open} open", { failed: count.failed, open: count.pending + count.processing }), "rate", compared(points(stats.success_rate, before.success_rate), true)),
      figure(t("Refunds"), shown(stats.refunds.amount), t("{count} made", { count: stats.refunds.count }), "refunds", compared(change(stats.refunds.amount, before.refunds.amount), false)),
      figure(t("Net"), shown(stats.net), t("Volume less refunds"), "net", compared(change(stats.net, before.net), true)),
      figure(t("Fees"), shown(stats.fees.fee), t("Tax {tax}, platform {platform}, net of all {net}", { tax: shown(stats.fees.tax), platform: shown(stats.fees.platform_fee), net: shown(stats.fees.net) }), "fees", compared(change(stats.fees.fee, before.fees.fee), false))),
    count.total === 0 && stats.refunds.count === 0 ? card(null, empty([t("No payments in this period."), " ", h("a", { href: "#links" }, t("Make a payment link"))])) : details(stats, before, shown, looked),
    h("p", { class: "hint" }, t("{from} to {until}. Days are those of {zone}. Held against {before} to {end}.", { from: moment(stats.from), until: moment(stats.to), zone: stats.timezone, before: moment(before.from), end: moment(before.to) })),
  ];
}

function details(stats, before, shown, looked) {
  const paid = (number) => plural(number, "{count} paid", "{count} paid");
  return [
    looked,
    h("div", { class: "grid wide" },
      chart(t("Volume by day"), stats.by_day, { color: "--strong", bars: true, value: (day) => height(day.volume) || null, text: (day) => `${shown(day.volume)}, ${paid(day.count)}`,
        tick: (value) => compact(value, stats.currency), whole: `${shown(stats.volume)}, ${paid(stats.count.success)}` }),
      chart(t("Success rate by day"), stats.by_day, { color: "--good", top: 105, value: (day) => (day.success_rate === null ? null : height(day.success_rate) * 100), text: (day) => percent(day.success_rate),
        tick: (value) => (value > 100 ? "" : `${value} %`), whole: t("{rate} overall", { rate: percent(stats.success_rate) }) })),
    split(t("By method"), stats.by_method, { shown, called: method, none: t("Nothing was paid."), side: (name, each) => [paid(each.count), change(each.volume, before.by_method[name]?.volume ?? null)] }),
    split(t("By processor"), stats.by_processor, { shown, called: words, none: t("No processor decided a payment."), side: (name, each) => [t("{rate} of {count}", { rate: percent(each.success_rate), count: each.success + each.failed }), points(each.success_rate, before.by_processor[name]?.success_rate ?? null)] }),
    byReason(stats, before, shown), days(stats, shown),
  ];
}

function days(stats, shown) {
  const cells = (day) => [shown(day.volume), day.count, day.failed, percent(day.success_rate), shown(day.refunds)];
  return h("details", { class: "card" }, h("summary", {}, t("The days as a table")), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("Days") }, h("table", {},
    h("thead", {}, h("tr", {}, [t("Day"), t("Volume"), t("Paid"), t("Failed"), t("Success rate"), t("Refunds")].map((name, index) => h("th", { scope: "col", class: index ? "num" : "" }, name)))),
    h("tbody", {}, stats.by_day.toReversed().map((day) => h("tr", {}, h("th", { scope: "row" }, longDay(day.date)), cells(day).map((text) => h("td", { class: "num" }, String(text)))))))));
}
