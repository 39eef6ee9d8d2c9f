/** What waits for an operator: overdue payments, items that loops set aside, and queues. */

import { get, may, post } from "./api.js";
import { action, card, facts, failure, fill, h, identifier, loading, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field } from "./forms.js";
import { money } from "./money.js";
import { method, words } from "./names.js";
import { because } from "./operator_acts.js";
import { decisions } from "./operator_decisions.js";
import { showLost } from "./operator_lost.js";
import { table } from "./table.js";
import { number, t } from "./texts.js";
import { time } from "./time.js";

const V1 = "/operator/v1";

export function work(place) {
  const aside = h("div", {}), queues = h("div", {}), lost = h("div", {});
  const show = () => fill(aside, table({ path: `${V1}/set_aside`, label: t("Set aside"), none: t("Nothing is set aside."), columns: asideColumns(show) }));
  fill(place, card(t("Overdue payments"), table({ path: `${V1}/payments/stuck`, label: t("Overdue payments"), none: t("No payment is overdue."), columns: stuckColumns() })),
    ...decisions(),
    card(t("Set aside"), h("p", { class: "hint" }, t("Loops tried these items and went on without them. Each is tried again, less and less often.")), aside), card(t("Queues"), queues), card(t("Lost records"), h("p", { class: "hint" }, t("Records that failed all retries of their function. When the cause is mended, have them handed over again; a stream keeps them for a day.")), lost));
  show();
  showQueues(queues);
  showLost(lost);
}

const stuckColumns = () => [
  [t("Payment"), (row) => h("button", { class: "link", type: "button", "data-opens": row.payment_id, onclick: () => stuck(row) }, `${row.payment_id.slice(0, 12)}…`), "lead"],
  [t("Amount"), (row) => money(row.amount, row.currency), "num"], [t("Method"), (row) => method(row.method)], [t("Due"), (row) => time(row.due_at)], [t("Problem"), (row) => row.problem, "wrap"],
];

const stuck = (row) => openDrawer(t("Overdue payment"), row.payment_id, async () => [
  facts([[t("Payment"), identifier(row.payment_id)], [t("Merchant"), identifier(row.merchant_id)], [t("Amount"), money(row.amount, row.currency)], [t("Status"), words(row.status)], [t("Method"), method(row.method)],
    [t("Made"), time(row.created_at)], [t("Due"), time(row.due_at)], [t("Problem"), row.problem]]),
  h("p", { class: "hint" }, t("The janitor asks the provider every minute and less often. A provider's answer ends it: see that the connector is there and its calls succeed.")),
]);

const asideColumns = (changed) => [
  [t("Item"), (row) => h("button", { class: "link", type: "button", "data-opens": row.item_id, onclick: () => item(row, changed) }, row.item_id.length > 26 ? `${row.item_id.slice(0, 24)}…` : row.item_id), "lead"],
  [t("Loop"), (row) => words(row.loop), "side"], [t("Error"), (row) => row.error], [t("Tries"), (row) => number(row.tries), "num"], [t("Next try"), (row) => time(row.next_try_at)],
];

const item = (row, changed) => openDrawer(words(row.loop), row.item_id, async () => {
  const path = `${V1}/set_aside/${encodeURIComponent(row.loop)}/${encodeURIComponent(row.item_id)}`;
  const done = (text) => {
    toast(text);
    document.querySelector("dialog[open]")?.close();
    changed();
  };
  const retry = doing(async () => {
    const question = { title: t("Try it again?"), act: t("Try again"), text: t("Its loop takes it up with the next run, within a minute or two.") };
    if (await because(question, (filled) => post(`${path}/retry`, filled))) done(t("It is tried with the next run."));
  });
  const resolve = doing(async () => {
    const question = { title: t("Take it out of the list?"), act: t("Resolve"), grave: true, text: t("Only when what had to be done was done by hand: what is needed to try it again is deleted.") };
    if (await because(question, (filled) => post(`${path}/resolve`, filled))) done(t("It is out of the list."));
  });
  return [facts([[t("Item"), identifier(row.item_id)], [t("Merchant"), row.merchant_id && identifier(row.merchant_id)], [t("Error"), row.error], [t("Problem"), row.problem],
    [t("First"), time(row.first_at)], [t("Last"), time(row.last_at)], [t("Tries"), number(row.tries)], [t("Next try"), time(row.next_try_at)]]),
  may("operator:operate") && h("div", { class: "buttons" }, action(t("Try again"), retry), action(t("Resolve"), resolve))];
});

async function showQueues(place) {
  fill(place, loading());
  try {
    const { data } = await get(`${V1}/queues`);
    fill(place, facts(data.map((each) => [words(each.queue), t("{waiting} waiting, {taken} in work", { waiting: each.waiting, taken: each.in_flight })])),
      h("div", { class: "buttons" }, may("operator:operate") && action(t("Send dead letters again"), redrive(() => showQueues(place))), action(t("Look again"), () => showQueues(place))));
  } catch (error) {
    fill(place, failure(error, () => showQueues(place)));
  }
}

const redrive = (again) => doing(async () => {
  const merchant = field(t("Merchant"), "merchant_id", { pattern: "mer_[a-z2-7]{26}", autocomplete: "off", spellcheck: "false", placeholder: "mer_…", hint: t("Empty: of all merchants. One that is named reads the reason in its audit log.") });
  const question = { title: t("Send dead letters again?"), act: t("Send again"), fields: [merchant], text: t("About a hundred at a time, with all their retries. Do it when the receivers are well. What cannot be sent stays.") };
  const done = await because(question, (filled) => post(`${V1}/queues/webhooks_dead/redrive`, filled));
  if (!done) return;
  const results = Object.entries(done.results).map(([result, count]) => `${number(count)} ${words(result)}`);
  toast(results.join(", ") || t("There are no dead letters."));
  again();
});
