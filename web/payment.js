/** One payment in a drawer: what it is, and refunding it. What belongs to it is in payment_parts. */

import { get, post } from "./api.js";
import { facts, failure, fill, h, identifier, loading, status, toast } from "./dom.js";
import { field, form, values } from "./forms.js";
import { less, money } from "./money.js";
import { method, words } from "./names.js";
import { parts } from "./payment_parts.js";
import { time } from "./time.js";

/** @param {string} id @param {() => void} changed */
export function openPayment(id, changed) {
  const body = h("div", {}, loading());
  const title = h("h2", { id: "drawer-title" }, "Payment");
  const dialog = h("dialog", { "aria-labelledby": "drawer-title", onclick: (event) => event.target === dialog && dialog.close() },
    h("div", { class: "drawer" }, h("div", { class: "head" }, title, h("button", { class: "quiet", type: "button", onclick: () => dialog.close() }, "Close")), body));
  dialog.addEventListener("close", () => {
    dialog.remove();
    giveFocusBack(id);
  });
  document.body.append(dialog);
  dialog.showModal();
  const load = async () => {
    try {
      const payment = await get(`/v1/payments/${id}`);
      fill(body, head(payment), refunding(payment, () => { load(); changed(); }), parts(payment));
    } catch (error) {
      fill(body, failure(error, load));
    }
  };
  load();
}

/** The list may have been drawn anew meanwhile, or is being drawn, and the browser gives the focus back only to what is still there. */
function giveFocusBack(id) {
  const opener = () => document.querySelector(`[data-opens="${id}"]`);
  const main = document.getElementById("main");
  (opener() ?? main).focus();
  if (document.activeElement === main) document.addEventListener("drawn", () => document.activeElement === main && opener()?.focus(), { once: true });
}

function head(payment) {
  const pay = payment.next_action?.pay_url;
  return [
    h("p", { class: "sum" }, h("span", { class: "figure" }, money(payment.amount, payment.currency)), " ", status(payment.status)),
    facts([["Id", identifier(payment.payment_id)], ["Failure", payment.failure_code && (payment.failure_message ?? words(payment.failure_code))],
      ["Method", method(payment.method)], ["User", payment.user_id], ["Provider", payment.provider && words(payment.provider)],
      ["Reference", payment.provider_reference && identifier(payment.provider_reference)], ["Description", payment.description],
      ["Created", time(payment.created_at)], ["Refunded", payment.refund_status !== "none" && `${money(payment.amount_refunded, payment.currency)} (${payment.refund_status})`],
      ["Payer", pay && /^https?:/.test(pay) && h("a", { href: pay, rel: "noopener", target: "_blank" }, "Open the payer's page")]]),
  ];
}

function refunding(payment, done) {
  if (payment.status !== "success" || payment.refund_status === "full") return null;
  if (payment.method === "crypto") return [h("h3", {}, "Refund"), h("p", { class: "hint" }, "Crypto is given back by a transaction that you sign: POST /v1/payments/refund with a refund_address answers it.")];
  const left = less(payment.amount, payment.amount_refunded);
  return [h("h3", {}, "Refund"), form({ class: "line" }, async (made) => {
    const refund = await post("/v1/payments/refund", { payment_id: payment.payment_id, ...values(made) });
    toast(`Refund of ${money(refund.amount, refund.currency)}: ${words(refund.status)}.`);
    done();
  }, field("Amount", "amount", { inputmode: "decimal", size: "10", placeholder: left, autocomplete: "off" }), field("Reason", "reason", { size: "16", autocomplete: "off" }),
  h("button", {}, "Refund"), h("p", { class: "hint" }, `Without an amount, all that is left: ${money(left, payment.currency)}.`))];
}
