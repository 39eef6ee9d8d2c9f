/** What belongs to a payment: timeline, attempts, ledger entries, refunds, proof, webhook deliveries. Each is fetched by itself. */

import { get, keep, may } from "./api.js";
import { opening, resend } from "./delivery.js";
import { action, empty, failure, fill, h, identifier, loading, rows, status } from "./dom.js";
import { doing } from "./forms.js";
import { captures } from "./holds.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { refunds } from "./refunds.js";
import { plural, t } from "./texts.js";
import { exactTime, time } from "./time.js";
import { whereabouts } from "./whereabouts.js";

const AROUND_MS = 60_000;

export const parts = (payment, done) => [
  later(t("Where the money is"), () => whereabouts(payment)),
  h("h3", {}, t("Timeline")), h("ol", { class: "timeline" }, payment.timeline.map((step) =>
    h("li", {}, status(step.status), h("span", { class: "quiet" }, exactTime(step.at)), step.reason && h("span", { class: "hint" }, words(step.reason))))),
  payment.attempts.length > 0 && [h("h3", {}, t("Attempts")), rows(payment.attempts.map((each) =>
    [h("span", {}, words(each.connector)), status(each.status), each.reason && h("span", { class: "hint" }, each.reason), h("span", { class: "end quiet" }, t("{duration} ms", { duration: each.duration_ms }))]))],
  payment.authorization && later(t("Captures"), () => captures(payment)), later(t("Ledger entries"), () => entries(payment)), later(t("Refunds"), () => refunds(payment, done)),
  (payment.ledger || /[1-9]/.test(payment.amount_captured)) && later(t("Proof"), () => proof(payment)),
];

/** The webhook deliveries of a payment's events. @param {boolean} [titled] */
export const events = (payment, titled = true) => may("webhooks:read") && later(titled && t("Webhook deliveries"), (again) => deliveries(payment, again));

/** A part whose trouble is its own. */
function later(title, make) {
  const place = h("div", {}, loading());
  const load = () => make(load).then((content) => fill(place, content), (error) => fill(place, failure(error, load)));
  load();
  return [title && h("h3", {}, title), place];
}

/** What was booked: the payment's own journal, or one for each of its captures, with the time around which its entries are. */
async function journals(payment) {
  if (!payment.authorization) {
    const paid = payment.timeline.findLast((step) => step.status === "success")?.at;
    return payment.ledger ? [{ ledger: payment.ledger, from: paid, to: paid }] : [];
  }
  const { data } = await get(`/v1/payments/${payment.payment_id}/captures`, { limit: 100 });
  return data.filter((each) => each.ledger).map((each) => ({ ledger: each.ledger, from: each.created_at, to: each.updated_at }));
}

async function entries(payment) {
  const booked = await journals(payment);
  return booked.length ? Promise.all(booked.map((each) => journal(payment, each))) : empty(t("No money moved."));
}

/** A journal names its entries; what they say is in the accounts' histories. */
async function journal(payment, { ledger, from, to }) {
  const found = await Promise.all(ledger.entries.map((each) => entryOf(payment, each, from, to)));
  return [h("p", {}, identifier(ledger.journal_id)), rows(found.map((entry, index) => {
    const { entity, entity_id: id, lane, seq } = ledger.entries[index];
    const moved = entry && (/[1-9]/.test(entry.credit) ? `+${money(entry.credit, entry.currency)}` : `−${money(entry.debit, entry.currency)}`);
    return [h("span", {}, words(entity)), identifier(id, { short: id.length > 14 }), h("span", { class: "hint" }, t("lane {lane}, place {place}", { lane, place: seq })), h("span", { class: "end num" }, moved ?? "")];
  }))];
}

async function entryOf(payment, { entity, entity_id: id, lane, seq }, from, to) {
  const moved = (moment, milliseconds) => new Date(Date.parse(moment) + milliseconds).toISOString();
  const { data } = await get("/v1/dashboard/ledgers", { entity, entity_id: id, currency: payment.currency, from: moved(from, -AROUND_MS), to: moved(to, AROUND_MS), limit: 100 });
  return data.find((entry) => entry.lane === lane && entry.seq === seq);
}

async function deliveries(payment, again) {
  const { data } = await get("/v1/webhooks/deliveries", { payment_id: payment.payment_id, limit: 100 });
  return data.length ? rows(data.map((each) => [opening(each, again), status(each.status), h("span", { class: "quiet" }, time(each.created_at)),
    h("span", { class: "end" }, resend(each, again))])) : empty(t("None. An endpoint under Webhooks gets the events of payments."));
}

/** Sealed: a signed checkpoint covers every entry. The downloaded proof can be checked with the checkpoint's public key alone. */
async function proof(payment) {
  const path = `/v1/payments/${payment.payment_id}/proof`;
  const { sealed, entries: proven } = await get(path);
  const signed = [...new Map(proven.filter((each) => each.checkpoint).map(({ checkpoint }) => [checkpoint.number, checkpoint])).values()];
  return [
    rows([[status(sealed ? "success" : "pending", sealed ? t("Sealed") : t("Not sealed yet")), !sealed && h("span", { class: "hint" }, t("Checkpoints are signed every minute."))],
      ...signed.map((each) => [h("span", {}, t("Checkpoint {number}", { number: String(each.number) })), h("span", { class: "hint" }, plural(each.total_entries, "{count} entry so far", "{count} entries so far")),
        h("span", { class: "end quiet" }, time(new Date(each.sealed_at_ms).toISOString()))])]),
    action(t("Download proof"), doing(() => keep(path, `proof-${payment.payment_id}.json`))),
  ];
}
