/** The log of what was sent to endpoints: filters as chips, a delivery in a drawer, and sending a range of time again. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { filterChips } from "./chips.js";
import { events } from "./contract.js";
import { answered, opening, resend } from "./delivery.js";
import { card, fill, h, status, toast } from "./dom.js";
import { field, form, refusal, values } from "./forms.js";
import { choices, words } from "./names.js";
import { table } from "./table.js";
import { plural, t } from "./texts.js";
import { instant, local, moment, time, zoneName } from "./time.js";

const STATUSES = ["pending", "retrying", "sent", "failed"];
const MINUTE_MS = 60_000, DAY_MS = 86_400_000;
const WRITE = "webhooks:write";

/** The log and the replay, and `offer(endpoints)`, which says what endpoints there are. */
export function deliveries() {
  const log = h("div", {}), replaying = h("div", {}), chosen = {};
  let known = [];
  const urlOf = (id) => known.find((each) => each.endpoint_id === id)?.url ?? id;
  const any = (named) => [["", t("Any")], ...named];
  const endpoints = () => known.map((each) => [each.endpoint_id, each.url]);
  const show = () => fill(log, table({ path: "/v1/webhooks/deliveries", query: chosen, label: t("Deliveries"), none: nothing(chosen, known), columns: columns(show, urlOf) }));
  const chips = filterChips([
    { label: t("Status"), names: ["status"], fields: () => [field(t("Status"), "status", { options: any(choices(STATUSES)) })], text: ({ status: name }) => words(name) },
    { label: t("Event"), names: ["event"], fields: () => [field(t("Event"), "event", { options: any(events.map((each) => [each, each])) })], text: ({ event: name }) => name },
    { label: t("Endpoint"), names: ["endpoint_id"], fields: () => [field(t("Endpoint"), "endpoint_id", { options: any(endpoints()) })], text: ({ endpoint_id: id }) => urlOf(id) },
    { label: t("Payment"), names: ["payment_id"], fields: () => [field(t("Payment"), "payment_id", { pattern: "pay_[a-z2-7]{26}", title: t("The id of a payment"), autocomplete: "off", spellcheck: "false" })], text: ({ payment_id: id }) => `${id.slice(0, 12)}…` },
  ], chosen, show);
  const offer = async () => {
    known = (await get("/v1/webhooks/provider", { limit: 100 })).data;
    chips.draw();
    show();
    fill(replaying, known.length > 0 && !refusal(WRITE) && card(t("Send a range of time again"), replay(endpoints())));
  };
  return { shown: [card(t("Deliveries"), h("div", { class: "tools" }, chips), log), replaying], offer, show };
}

/** What the next step is when there is nothing. */
function nothing(chosen, known) {
  if (Object.keys(chosen).length) return t("No delivery fits. Take a filter away above.");
  if (!known.length) return t("Nothing was sent yet: add an endpoint above.");
  return [t("Nothing was sent yet."), " ", t("Test an endpoint above, or"), " ", h("a", { href: "#links" }, t("make a payment link")), "."];
}

const columns = (changed, urlOf) => [
  [t("Event"), (row) => opening(row, changed), "lead"], [t("Status"), (row) => status(row.status), "side"],
  [t("Created"), (row) => time(row.created_at), "meta"],
  [t("Endpoint"), (row) => h("span", { class: "cut", title: urlOf(row.endpoint_id) }, urlOf(row.endpoint_id))],
  [t("Attempts"), (row) => row.attempts.length && [String(row.attempts.length), h("span", { class: "hint" }, ` ${answered(row.attempts.at(-1))}`)]],
  [t("Next attempt"), (row) => time(row.next_attempt_at)],
  ["", (row) => resend(row, changed), "actions"],
];

/** Events of a range are sent again, with the ids that they have. @param {[string, string][]} endpoints */
function replay(endpoints) {
  // A field says whole minutes: the one that runs is taken with it.
  const now = new Date(Date.now() + MINUTE_MS), before = new Date(now.getTime() - DAY_MS);
  return [h("p", { class: "hint" }, t("For an endpoint that was down, or that is new: each event goes out with the id that it has, so a receiver that knows it does nothing.")),
    form({ class: "line" }, async (made) => {
      const { from, to, endpoint_id: endpoint, event } = values(made);
      const wanted = { from: instant(from), to: instant(to), ...(endpoint && { endpoint_id: endpoint }), ...(event && { events: [event] }) };
      if (!await ask({ title: t("Send these events again?"), act: t("Send again"), text: t("Receivers get them a second time."), lines: [[t("From"), moment(wanted.from)], [t("Before"), moment(wanted.to)], [t("Endpoint"), endpoints.find(([id]) => id === endpoint)?.[1] ?? t("All endpoints")], [t("Event"), event]] })) return;
      const started = await post("/v1/webhooks/replay", wanted);
      toast(plural(started.count, "{count} delivery is sent again.", "{count} deliveries are sent again."));
    }, field(t("From ({zone})", { zone: zoneName() }), "from", { type: "datetime-local", required: true, value: local(before.toISOString()) }), field(t("Before ({zone})", { zone: zoneName() }), "to", { type: "datetime-local", required: true, value: local(now.toISOString()) }),
    field(t("Endpoint"), "endpoint_id", { options: [["", t("All endpoints")], ...endpoints] }), field(t("Event"), "event", { options: [["", t("All events")], ...events.map((each) => [each, each])] }), h("button", { class: "quiet" }, t("Send again")))];
}
