/** Endpoints and deliveries. */

import { patch, post } from "./api.js";
import { field, fill, h, status, time, toast, values } from "./dom.js";
import { secretCard } from "./secrets.js";
import { table } from "./table.js";

export function webhooks(place) {
  const told = h("div", {}), endpoints = h("div", {}), log = h("div", {});
  const showEndpoints = () => fill(endpoints, table({ path: "/v1/webhooks/provider", label: "Endpoints", none: "No endpoints yet.", columns: endpointColumns(told, showEndpoints) }));
  const showLog = () => fill(log, table({ path: "/v1/webhooks/deliveries", query: values(filter), label: "Deliveries", none: "No deliveries yet.", columns: deliveryColumns(showLog) }));
  const filter = h("form", { onchange: () => showLog() }, field("Status", "status", { options: [["", "any"], ...["pending", "retrying", "sent", "failed"].map((name) => [name, name])] }));
  const add = h("form", { onsubmit: (event) => { event.preventDefault(); act(async () => {
    const made = await post("/v1/webhooks/provider", values(event.target));
    fill(told, secretCard("Endpoint's secret", [["Secret", made.secret]]));
    event.target.reset();
  }, showEndpoints); } }, field("New endpoint", "url", { type: "url", required: true, placeholder: "https://", size: "30" }), h("button", {}, "Add"));
  fill(place, told, h("div", { class: "card" }, h("h2", {}, "Endpoints"), add, endpoints), h("div", { class: "card" }, h("h2", {}, "Deliveries"), filter, log));
  showEndpoints();
  showLog();
}

async function act(work, then) {
  try {
    await work();
    then();
  } catch (error) {
    toast(error.message);
  }
}

const endpointColumns = (told, changed) => [
  ["URL", (row) => h("code", {}, row.url), "wrap"], ["Events", (row) => row.events.join(", "), "wrap"],
  ["State", (row) => (row.is_active ? h("span", { class: "status active" }, "active") : h("span", { class: "status failed" }, `off${row.disabled_reason ? `: ${row.disabled_reason}` : ""}`))],
  ["", (row) => [
    h("button", { class: "quiet", onclick: () => act(async () => { const done = await post(`/v1/webhooks/provider/${row.endpoint_id}/test`); toast(`Test: ${done.status}`); }, changed) }, "Test"), " ",
    h("button", { class: "quiet", onclick: () => act(() => patch(`/v1/webhooks/provider/${row.endpoint_id}`, { is_active: !row.is_active }), changed) }, row.is_active ? "Turn off" : "Turn on"), " ",
    h("button", { class: "quiet", onclick: () => act(async () => { const made = await post(`/v1/webhooks/provider/${row.endpoint_id}/rotate`); fill(told, secretCard("New secret", [["Secret", made.secret]])); }, changed) }, "Rotate secret")]],
];

const deliveryColumns = (changed) => [
  ["Event", (row) => row.event], ["Status", (row) => status(row.status)], ["Made", (row) => time(row.created_at)],
  ["Attempts", (row) => h("details", {}, h("summary", {}, String(row.attempts.length)), row.attempts.map((each) => h("p", {}, `${each.number}: ${each.status_code ?? each.error} (${each.duration_ms} ms)`)))],
  ["", (row) => h("button", { class: "quiet", onclick: () => act(async () => { await post(`/v1/webhooks/deliveries/${row.delivery_id}/redeliver`); toast("Sent again."); }, changed) }, "Redeliver")],
];
