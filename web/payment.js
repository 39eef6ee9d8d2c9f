/** One payment in a drawer: what it is. What belongs to it is in payment_parts, giving it back in refunds. */

import { get } from "./api.js";
import { facts, h, identifier, status } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { authorization } from "./holds.js";
import { money } from "./money.js";
import { method, words } from "./names.js";
import { parts } from "./payment_parts.js";
import { held, questions, refunding } from "./refunds.js";
import { time } from "./time.js";

/** @param {string} id @param {() => void} changed */
export function openPayment(id, changed) {
  openDrawer("Payment", id, async (load) => {
    const payment = await get(`/v1/payments/${id}`);
    const done = () => { load(); changed(); };
    return [head(payment), authorization(payment, done), refunding(payment, done), held(payment, done), questions(payment), parts(payment, done)];
  });
}

function head(payment) {
  const pay = payment.next_action?.pay_url;
  return [
    h("p", { class: "sum" }, h("span", { class: "figure" }, money(payment.amount, payment.currency)), " ", status(payment.status)),
    facts([["Id", identifier(payment.payment_id)], ["Failure", payment.failure_code && (payment.failure_message ?? words(payment.failure_code))],
      ["Method", method(payment.method)], ["User", payment.user_id], ["Provider", payment.provider && words(payment.provider)], ["Route", payment.routing?.reason],
      ["Reference", payment.provider_reference && identifier(payment.provider_reference)], ["Description", payment.description],
      ["Created", time(payment.created_at)], ["Fee", payment.fee && `${money(payment.fee.amount, payment.fee.currency)} and ${money(payment.fee.tax, payment.fee.currency)} tax (${payment.fee.source})`],
      ["Net of fee", payment.fee && payment.fee.net !== null && money(payment.fee.net, payment.currency)],
      ["Platform fee", payment.platform_fee && `${money(payment.platform_fee.amount, payment.currency)} and ${money(payment.platform_fee.tax, payment.currency)} tax`],
      ["Refunded", payment.refund_status !== "none" && `${money(payment.amount_refunded, payment.currency)} (${payment.refund_status})`],
      ["Payer", pay && /^https?:/.test(pay) && h("a", { href: pay, rel: "noopener", target: "_blank" }, "Open the payer's page")]]),
  ];
}
