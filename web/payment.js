/** One payment in a drawer: timeline, attempts, ledger entries, refunds, deliveries, proof; and refunding it. */

import { get, post } from "./api.js";
import { empty, failure, field, fill, h, loading, status, time, toast, values } from "./dom.js";
import { money } from "./money.js";

/** @param {string} id @param {() => void} changed */
export function openPayment(id, changed) {
  const body = h("div", {}, loading());
  const close = () => dialog.close();
  const dialog = h("dialog", { "aria-label": "Payment" }, h("div", { class: "head" }, h("h2", {}, "Payment"), h("button", { class: "quiet", onclick: close }, "Close")), body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  const load = async () => {
    try {
      const payment = await get(`/v1/payments/${id}`);
      fill(body, head(payment), refundForm(payment, () => { load(); changed(); }), sections(payment));
    } catch (error) {
      fill(body, failure(error, load));
    }
  };
  load();
}

function head(payment) {
  const facts = [["Id", h("code", {}, payment.payment_id)], ["Status", status(payment.status)], ["Failure", payment.failure_message ?? payment.failure_code],
    ["Method", payment.method.replaceAll("_", " ")], ["User", payment.user_id], ["Provider", payment.provider], ["Reference", payment.provider_reference],
    ["Description", payment.description], ["Made", time(payment.created_at)], ["Refunded", `${money(payment.amount_refunded, payment.currency)} (${payment.refund_status})`]];
  const pay = payment.next_action?.pay_url;
  return [h("p", { class: "figure" }, money(payment.amount, payment.currency)),
    h("dl", {}, facts.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    pay && /^https?:/.test(pay) && h("p", {}, h("a", { href: pay, rel: "noopener", target: "_blank" }, "The payer's page"))];
}

function refundForm(payment, done) {
  if (payment.status !== "success" || payment.refund_status === "full" || payment.method === "crypto") return null;
  const refund = async (event) => {
    event.preventDefault();
    const form = event.target;
    form.querySelector("button").disabled = true;
    try {
      const made = await post("/v1/payments/refund", { payment_id: payment.payment_id, ...values(form) });
      toast(`Refund of ${money(made.amount, made.currency)}: ${made.status}`);
      done();
    } catch (error) {
      toast(error.message);
      form.querySelector("button").disabled = false;
    }
  };
  return [h("h3", {}, "Refund"), h("form", { onsubmit: refund }, field("Amount (all that is left when empty)", "amount", { inputmode: "decimal", size: "10" }),
    field("Reason", "reason", { size: "14" }), h("button", {}, "Refund"))];
}

function sections(payment) {
  return [
    h("h3", {}, "Timeline"), h("ol", { class: "timeline" }, payment.timeline.map((step) => h("li", {}, status(step.status), " ", time(step.at), step.reason ? ` · ${step.reason}` : ""))),
    payment.attempts.length > 0 && [h("h3", {}, "Attempts"), payment.attempts.map((each) => h("p", {}, `${each.connector}: ${each.status}${each.reason ? `, ${each.reason}` : ""} (${each.duration_ms} ms)`))],
    later("Ledger entries", () => entries(payment)), later("Refunds", () => refunds(payment)), later("Webhook deliveries", () => deliveries(payment)),
    payment.ledger && later("Proof", () => proof(payment)),
  ];
}

/** A part that is fetched by itself, so that its trouble is its own. */
function later(title, make) {
  const place = h("div", {}, loading());
  const load = () => make().then((content) => fill(place, content), (error) => fill(place, error.status === 404 ? empty("Not available.") : failure(error, load)));
  load();
  return [h("h3", {}, title), place];
}

async function entries(payment) {
  if (!payment.ledger) return empty("No money moved.");
  return [h("p", {}, h("code", {}, payment.ledger.journal_id)), payment.ledger.entries.map((each) => h("p", {}, `${each.entity} lane ${each.lane}, place ${each.seq} `, h("code", {}, each.entity_id)))];
}

async function refunds(payment) {
  const { data } = await get(`/v1/payments/${payment.payment_id}/refunds`, { limit: 100 });
  return data.length ? data.map((each) => h("p", {}, status(each.status), ` ${money(each.amount, each.currency)} `, time(each.created_at), each.reason ? ` · ${each.reason}` : "")) : empty("None.");
}

async function deliveries(payment) {
  const [events, log] = await Promise.all([get("/v1/events", { limit: 100 }), get("/v1/webhooks/deliveries", { limit: 100 })]);
  const own = new Set(events.data.filter((each) => each.data.payment_id === payment.payment_id).map((each) => each.id));
  const found = log.data.filter((each) => own.has(each.event_id));
  return found.length ? found.map((each) => h("p", {}, status(each.status), ` ${each.event} `, time(each.created_at))) : empty("None among the latest 100.");
}

async function proof(payment) {
  const shown = await get(`/v1/payments/${payment.payment_id}/proof`);
  return h("details", {}, h("summary", {}, `Sealed ${shown.sealed_at}`), h("pre", { class: "scroll", tabindex: "0" }, JSON.stringify(shown, null, 2)));
}
