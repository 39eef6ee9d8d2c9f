/** One webhook delivery: what it carried, its attempts with what was answered, and sending it again. One event, with the deliveries of it. */

import { get, getText, post } from "./api.js";
import { action, facts, failure, fill, h, identifier, loading, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, refusal } from "./forms.js";
import { indented } from "./json.js";
import { words } from "./names.js";
import { t } from "./texts.js";
import { exactTime, time } from "./time.js";

const PATH = "/v1/webhooks/deliveries", EVENTS = "/v1/events";
const LISTED = 20;

/** What an endpoint answered. */
export const answered = (attempt) => (attempt.status_code ? t("HTTP {status}", { status: String(attempt.status_code) }) : attempt.error ? words(attempt.error) : t("No answer"));

/** The event's name, which opens the delivery. @param {() => void} changed */
export const opening = (row, changed) => h("button", { class: "link", type: "button", "data-opens": row.delivery_id, onclick: () => openDelivery(row.delivery_id, changed) }, h("code", {}, row.event));

/** Sending it again, for those who may. @param {() => void} done */
export const resend = (row, done) => !refusal("webhooks:write") && action(t("Redeliver"), doing(async () => {
  await post(`${PATH}/${row.delivery_id}/redeliver`);
  toast(t("Sent again."));
  done();
}));

/** @param {string} id @param {() => void} changed */
export function openDelivery(id, changed) {
  openDrawer(t("Delivery"), id, async (load) => {
    const row = await get(`${PATH}/${id}`);
    const done = () => { load(); changed(); };
    return [h("p", { class: "sum" }, h("code", {}, row.event), status(row.status)),
      facts([[t("ID"), identifier(row.delivery_id)], [t("Event"), identifier(row.event_id)], [t("Endpoint"), identifier(row.endpoint_id)], [t("Created"), time(row.created_at)], [t("Next attempt"), time(row.next_attempt_at)]]),
      h("p", { class: "buttons" }, resend(row, done)), h("h3", {}, t("Attempts")), attempts(row), h("h3", {}, t("Payload")), payload(row.event_id)];
  });
}

/** @param {string} id of an event */
export function openEvent(id) {
  openDrawer(t("Event"), id, async (load) => {
    const { data } = await get(PATH, { event_id: id, limit: LISTED });
    return [identifier(id), h("h3", {}, t("Deliveries")), data.length ? rows(data.map((each) => [opening(each, load), status(each.status), h("span", { class: "quiet" }, time(each.created_at)), h("span", { class: "end" }, resend(each, load))])) : h("p", { class: "hint" }, t("It was sent to no endpoint.")),
      h("h3", {}, t("Payload")), payload(id)];
  });
}

const attempts = (row) => (row.attempts.length ? row.attempts.toReversed().map((each) => h("div", { class: "inset" },
  h("p", {}, h("strong", {}, `${each.number}. ${answered(each)}`), h("span", { class: "quiet" }, " ", exactTime(each.at), ", ", t("{duration} ms", { duration: each.duration_ms })), each.trigger && h("span", { class: "hint" }, ` ${words(each.trigger)}`)),
  each.response && h("pre", { class: "scroll", tabindex: "0" }, each.response))) : h("p", { class: "hint" }, t("Not tried yet.")));

/** What every delivery of the event carries; its trouble is its own. */
function payload(id) {
  const place = h("div", {});
  const load = async () => {
    fill(place, loading());
    try {
      const text = indented(await getText(`${EVENTS}/${id}`));
      fill(place, h("pre", { class: "scroll json", tabindex: "0" }, text), navigator.clipboard && h("p", { class: "buttons" }, action(t("Copy"), doing(async () => {
        await navigator.clipboard.writeText(text);
        toast(t("Copied."));
      }))));
    } catch (error) {
      fill(place, failure(error, load));
    }
  };
  load();
  return place;
}
