/** Giving money back: of a payment, of what came too late or too much, and over a chain, where the merchant's wallet signs. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { empty, facts, h, identifier, rows, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { less, money } from "./money.js";
import { network, words } from "./names.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const said = (refund) => toast(t("Refund of {amount}: {status}.", { amount: money(refund.amount, refund.currency), status: words(refund.status) }));
const AMOUNT = "[0-9]+([.][0-9]+)?";
const isOpen = (record) => ["pending", "processing"].includes(record.status);
const reason = () => field(t("Reason"), "reason", { size: "16", autocomplete: "off" });
const address = (payment) => payment.method === "crypto" &&
  field(t("To the address"), "refund_address", { required: true, size: "46", autocomplete: "off", spellcheck: "false", hint: t("Ask the payer for it. The address that paid may not accept money.") });

/** The form that refunds a payment; nothing when there is nothing left of it. */
export function refunding(payment, done) {
  // What was captured can be given back, also while the rest is held.
  if (!/[1-9]/.test(payment.amount_captured) || payment.refund_status === "full") return null;
  const left = less(less(payment.amount_captured, payment.amount_refunded), payment.amount_disputed);
  if (left.includes("-") || !/[1-9]/.test(left)) return [h("h3", {}, t("Refund")), h("p", { class: "hint" }, t("The payer's bank asks for what is left, or has got it: a refund would lose it twice."))];
  return [h("h3", {}, t("Refund")), form({ class: "line" }, async (made) => {
    const wanted = values(made);
    if (!await ask(givingBack(payment, wanted.amount, wanted))) return;
    said(await post("/v1/payments/refund", { payment_id: payment.payment_id, ...wanted }));
    done();
  }, field(t("Amount"), "amount", { inputmode: "decimal", size: "10", value: left, required: true, pattern: AMOUNT, title: t("An amount such as 12.50"), autocomplete: "off" }),
  reason(), address(payment), h("button", {}, t("Refund")), h("p", { class: "hint" }, t("All that is left is {amount}.", { amount: money(left, payment.currency) })))];
}

/** The question before money leaves. */
const givingBack = (payment, amount, { refund_address: to, reason: why }) => ({
  title: t("Refund {amount}?", { amount: money(amount, payment.currency) }), act: t("Refund {amount}", { amount: money(amount, payment.currency) }),
  text: t("The money goes back to the payer. This cannot be undone."),
  lines: [[t("Payment"), payment.payment_id], [t("Amount"), t("{amount} of {whole}", { amount: money(amount, payment.currency), whole: money(payment.amount, payment.currency) })], [t("To the address"), to], [t("Reason"), why]],
});

/** A payment's refunds; one that waits for the merchant's wallet with its transaction. */
export async function refunds(payment, done) {
  const { data } = await get(`/v1/payments/${payment.payment_id}/refunds`, { limit: 100 });
  return data.length ? rows(data.map((each) => [status(each.status), (each.failure_code || each.reason) && h("span", { class: "hint" }, each.failure_code ? words(each.failure_code) : each.reason), each.origin === "external" && h("span", { class: "hint" }, t("Made at the provider")),
    h("span", { class: "quiet" }, time(each.created_at)), h("span", { class: "end num" }, money(each.amount, each.currency)),
    each.next_action && isOpen(each) && unsigned(each, done)])) : empty(t("None."));
}

function unsigned(refund, done) {
  const { network: chain, asset, address: to, crypto_amount: amount, crypto_uri: link } = refund.next_action;
  const sent = refund.provider_reference;
  return h("div", { class: "inset" },
    h("p", { class: "hint" }, sent ? t("Sent. The refund completes when the network has confirmed it.") : t("Send this from your wallet, then enter the transaction hash.")),
    facts([[t("Send"), `${amount} ${asset}`], [t("Network"), network(chain)], [t("To the address"), identifier(to)], [t("Transaction"), sent && identifier(sent)],
      [t("Link"), !sent && /^ethereum:/.test(link) && h("a", { href: link }, t("Open in your wallet"))]]),
    form({ class: "line" }, async (made) => {
      said(await post(`/v1/refunds/${refund.refund_id}/sent`, values(made)));
      done();
    }, field(sent ? t("Replaced by the transaction") : t("Transaction"), "tx_hash", { required: true, pattern: "0x[0-9a-f]{64}", title: t("0x and 64 digits"), size: "40", autocomplete: "off", spellcheck: "false" }),
    h("button", { class: "quiet" }, t("Sent"))));
}

/** What an operator or the payer's bank looks at: an answer that contradicts, and disputes. */
export function questions(payment) {
  const { review, disputes } = payment;
  return [review && [h("h3", {}, t("In review")), rows([[status("review"), h("span", { class: "hint" }, `${words(review.reason)}: ${review.detail}`), h("span", { class: "quiet" }, time(review.at))]])],
    disputes.length > 0 && [h("h3", {}, t("Disputes")), rows(disputes.map((each) => [status(each.status), each.reason && h("span", { class: "hint" }, words(each.reason)),
      h("span", { class: "quiet" }, time(each.at)), h("span", { class: "end num" }, money(each.amount, each.currency))]))]];
}

/** Money that is held for a payment, and its status. */
export function held(payment, done) {
  if (!payment.late_money_count) return null;
  const more = payment.late_money_count - payment.late_money.length;
  return [h("h3", {}, t("Money held")), rows(payment.late_money.map((each) => [status(each.status), each.reason && h("span", { class: "hint" }, words(each.reason)),
    h("span", { class: "quiet" }, time(each.received_at)), h("span", { class: "end num" }, money(each.amount, each.currency)),
    ["held", "accepted"].includes(each.status) && !isOpen(payment) && deciding(payment, each, done)])),
    more > 0 && h("p", { class: "hint" }, t("And {count} more: {request}", { count: more, request: `GET /v1/payments/${payment.payment_id}/late` }))];
}

function deciding(payment, { late_id, amount, status: stands }, done) {
  const decide = async (content) => {
    const answer = await post(`/v1/payments/${payment.payment_id}/late`, { late_id, ...content });
    if (answer.refund_id) said(answer); else toast(t("Accepted."));
    done();
  };
  const give = async (made) => await ask(givingBack(payment, amount, values(made))) && decide({ action: "refund", ...values(made) });
  const take = async () => await ask(taking(payment, amount)) && decide({ action: "accept" });
  return h("div", { class: "inset" }, form({ class: "line" }, give, address(payment), reason(),
    h("button", { class: "quiet" }, t("Refund")), stands === "held" && h("button", { class: "quiet", type: "button", onclick: doing(take) }, t("Accept"))));
}

const taking = (payment, amount) => ({
  title: t("Accept {amount}?", { amount: money(amount, payment.currency) }), act: t("Accept {amount}", { amount: money(amount, payment.currency) }),
  text: t("The money is credited to you as paid by this payer. Only a refund reverses it."),
  lines: [[t("Payment"), payment.payment_id], [t("Amount"), money(amount, payment.currency)]],
});
