/** How the platform is: alarms, what merchants were paid, chains, and clearing accounts that are not explained. */

import { get } from "./api.js";
import { action, card, empty, facts, failure, fill, h, identifier, loading, status } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { money, plus } from "./money.js";
import { network, words } from "./names.js";
import { table } from "./table.js";
import { number, t } from "./texts.js";
import { longDay, time } from "./time.js";

const V1 = "/operator/v1";
const DAYS = 7, PAGE = 100, MAX_PAGES = 10;
const DAY_MS = 86_400_000;

export async function platform(place) {
  const alarms = h("div", {}), volumes = h("div", {}), chains = h("div", {});
  // Shown when all of it is there: nothing moves under the reader's eyes.
  await Promise.all([loaded(alarms, showAlarms), loaded(volumes, showVolumes), loaded(chains, showChains)]);
  fill(place, card(t("Alarms"), alarms), card(t("Volume by day"), volumes),
    card(t("Chains"), h("p", { class: "hint" }, t("How many blocks the scanner has still to read. Confirmations are counted from what it has read.")), chains),
    card(t("Reconciliation"), h("p", { class: "hint" }, t("What connectors, banks and chains owe, of all merchants. Accounts that are not explained come first on each page.")),
      table({ path: `${V1}/reconciliation`, label: t("Reconciliation"), none: t("No merchant has a clearing account yet."), columns: clearingColumns() })));
}

/** What is asked for, a failure with a way to ask again, and a button that looks again. */
async function loaded(place, show) {
  fill(place, loading());
  try {
    fill(place, await show(), h("div", { class: "buttons" }, action(t("Look again"), () => loaded(place, show))));
  } catch (error) {
    fill(place, failure(error, () => loaded(place, show)));
  }
}

async function showAlarms() {
  const { data, complete } = await get(`${V1}/alarms`);
  const rings = data.filter((each) => each.state === "ALARM");
  return [
    h("p", {}, rings.length ? t("{rings} of {all} ring.", { rings: rings.length, all: data.length }) : t("None of {all} rings.", { all: data.length })),
    !complete && h("p", { class: "hint" }, t("There are more alarms than are shown here.")),
    rings.map((each) => h("section", { class: "card" }, facts([[t("Alarm"), each.name], [t("State"), status("failed", t("Rings"))], [t("Since"), each.since && time(each.since)], [t("What to do"), each.description], [t("Reason"), each.reason]]))),
  ];
}

async function showVolumes() {
  const days = new Map();
  let cursor = null, merchants = 0, pages = 0;
  do {
    const page = await get(`${V1}/volumes`, { days: DAYS, limit: PAGE, cursor });
    page.data.forEach((day) => add(days, day));
    merchants += page.merchants;
    cursor = page.next_cursor;
    pages += 1;
  } while (cursor && pages < MAX_PAGES);
  const from = longDay(new Date(Date.now() - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10));
  const lines = [...days.values()].sort((one, other) => other.date.localeCompare(one.date) || one.currency.localeCompare(other.currency));
  return [
    h("p", { class: "hint" }, cursor ? t("The first {merchants} merchants, since {from}, by UTC days.", { merchants, from }) : t("All {merchants} merchants, since {from}, by UTC days.", { merchants, from })),
    lines.length ? volumeTable(lines) : empty(t("Nothing was paid in these days.")),
  ];
}

function add(days, day) {
  const key = `${day.date} ${day.currency}`, known = days.get(key);
  days.set(key, known ? { ...day, count: known.count + day.count, volume: plus(known.volume, day.volume), refunds: plus(known.refunds, day.refunds) } : day);
}

const volumeTable = (lines) => h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("Volume by day") }, h("table", {},
  h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("Day")), [t("Payments"), t("Volume"), t("Refunds")].map((name) => h("th", { scope: "col", class: "num" }, name)))),
  h("tbody", {}, lines.map((day) => h("tr", {}, h("td", {}, longDay(day.date)), [number(day.count), money(day.volume, day.currency), money(day.refunds, day.currency)].map((text) => h("td", { class: "num" }, text)))))));

async function showChains() {
  const { data } = await get(`${V1}/chains`);
  return data.map((each) => h("section", { class: "card" }, facts([[t("Network"), network(each.network)], ...chain(each)])));
}

const chain = (each) => each.followed ? [
  [t("Blocks behind"), each.lag === null ? t("Not known yet") : number(each.lag)], [t("Last block read"), each.block === null ? null : number(each.block)], [t("Newest block"), each.head === null ? null : number(each.head)],
  [t("Moved"), each.moved_at && time(each.moved_at)], [t("Last behind"), each.behind_at && time(each.behind_at)], [t("Failed runs in a row"), each.failed_ticks ? number(each.failed_ticks) : null],
] : [[t("State"), t("Not followed")]];

const clearingColumns = () => [
  [t("Merchant"), (row) => h("button", { class: "link", type: "button", "data-opens": `${row.merchant_id}-${row.source}`, onclick: () => clearing(row) }, row.name || row.merchant_id), "lead"],
  [t("Account"), (row) => words(row.source), "side"], [t("Balance"), (row) => money(row.balance, row.currency), "num"],
  [t("Not explained"), (row) => row.unexplained && money(row.unexplained, row.currency), "num"], [t("Proved"), (row) => row.proved_at && time(row.proved_at)],
];

const clearing = (row) => openDrawer(row.name || row.merchant_id, `${row.merchant_id}-${row.source}`, async () => facts([
  [t("Merchant"), identifier(row.merchant_id)], [t("Account"), words(row.source)], [t("Balance"), money(row.balance, row.currency)], [t("Not explained"), row.unexplained && money(row.unexplained, row.currency)],
  [t("Proved"), row.proved_at ? time(row.proved_at) : t("Not yet")], [t("Changed"), row.updated_at && time(row.updated_at)],
]));
