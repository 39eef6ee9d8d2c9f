/** Endpoints and deliveries. */

import { patch, post } from "./api.js";
import { ask } from "./ask.js";
import { action, card, fill, h, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { choices, words } from "./names.js";
import { secretCard } from "./secrets.js";
import { table } from "./table.js";
import { time } from "./time.js";

const PROVIDER = "/v1/webhooks/provider";
const STATUSES = ["pending", "retrying", "sent", "failed"];

export function webhooks(place) {
  const shown = h("div", {}), endpoints = h("div", {}), log = h("div", {});
  const showEndpoints = () => fill(endpoints, table({ path: PROVIDER, label: "Endpoints", none: "No endpoints yet.", columns: endpointColumns(shown, showEndpoints) }));
  const showLog = () => fill(log, table({ path: "/v1/webhooks/deliveries", query: values(filter), label: "Deliveries", none: "No deliveries.", columns: deliveryColumns(showLog) }));
  const filter = h("form", { onchange: () => showLog(), onsubmit: (event) => event.preventDefault() }, field("Status", "status", { options: [["", "Any"], ...choices(STATUSES)] }));
  const add = form({ class: "line" }, async (made) => {
    const { url, events } = values(made);
    const endpoint = await post(PROVIDER, { url, ...(events && { events: events.split(/[\s,]+/).filter(Boolean) }) });
    fill(shown, secretCard("The endpoint's secret", [["Secret", endpoint.secret]]));
    made.reset();
    showEndpoints();
  }, field("New endpoint", "url", { type: "url", required: true, placeholder: "https://", size: "34" }), field("Events (all when empty)", "events", { placeholder: "payment.success, refund.success", size: "30" }), h("button", {}, "Add"));
  fill(place, shown, card("Endpoints", add, endpoints), card("Deliveries", filter, log));
  showEndpoints();
  showLog();
}

const endpointColumns = (shown, changed) => [
  ["URL", (row) => h("code", {}, row.url), "lead wrap"],
  ["State", (row) => [status(row.is_active ? "active" : "failed", row.is_active ? "Active" : "Off"), row.disabled_reason && h("span", { class: "hint" }, ` ${words(row.disabled_reason)}`)], "side"],
  ["Events", (row) => (row.events.includes("*") ? "All events" : row.events.join(", ")), "wrap"],
  ["", (row) => [
    action("Test", doing(async () => toast(outcome(await post(`${PROVIDER}/${row.endpoint_id}/test`))))),
    action(row.is_active ? "Turn off" : "Turn on", doing(async () => {
      if (row.is_active && !await ask(turningOff(row))) return;
      await patch(`${PROVIDER}/${row.endpoint_id}`, { is_active: !row.is_active });
      changed();
    })),
    action("Rotate secret", doing(async () => {
      if (!await ask(renewing(row))) return;
      const rotated = await post(`${PROVIDER}/${row.endpoint_id}/rotate`);
      fill(shown, secretCard("The endpoint's new secret", [["Secret", rotated.secret]]));
      shown.scrollIntoView({ block: "nearest" });
    }))], "actions"],
];

const turningOff = (row) => ({
  title: "Turn this endpoint off?", act: "Turn off", lines: [["URL", row.url]],
  text: "New events are not sent to it. Turning it on again does not send them; a replay does.",
});
const renewing = (row) => ({
  title: "Rotate this endpoint's secret?", act: "Rotate secret", lines: [["URL", row.url]],
  text: "Deliveries are signed with a new secret, which the receiver must know. This cannot be undone.",
});

const answered = (attempt) => (attempt.status_code ? `HTTP ${attempt.status_code}` : words(attempt.error ?? "no answer"));
const outcome = ({ status: found, attempts }) => `Test ${found}${attempts.length ? `: ${answered(attempts.at(-1))} in ${attempts.at(-1).duration_ms} ms` : ""}.`;

const deliveryColumns = (changed) => [
  ["Event", (row) => h("code", {}, row.event), "lead"], ["Status", (row) => status(row.status), "side"],
  ["Created", (row) => time(row.created_at), "meta"],
  ["Next attempt", (row) => time(row.next_attempt_at)],
  ["Attempts", (row) => h("details", {}, h("summary", {}, String(row.attempts.length)), row.attempts.map((each) =>
    h("p", { class: "hint" }, `${each.number}. ${answered(each)}, ${each.duration_ms} ms`, each.response && h("code", {}, ` ${each.response.slice(0, 200)}`)))), "wrap"],
  ["", (row) => action("Redeliver", doing(async () => { await post(`/v1/webhooks/deliveries/${row.delivery_id}/redeliver`); toast("Sent again."); changed(); })), "actions"],
];
