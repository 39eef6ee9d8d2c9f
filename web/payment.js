/** One payment: in a drawer beside a list, and on a page of its own, whose address can be given to others. */

import { getText, may, post } from "./api.js";
import { ask } from "./ask.js";
import { action, card, failure, fill, h, loading, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing } from "./forms.js";
import { authorization } from "./holds.js";
import { money } from "./money.js";
import { isId } from "./names.js";
import { details, metadata, raw } from "./payment_facts.js";
import { nextStep } from "./payment_next.js";
import { events, parts } from "./payment_parts.js";
import { held, questions, refunding } from "./refunds.js";
import { t } from "./texts.js";

const isOpen = (payment) => ["pending", "processing"].includes(payment.status);

/** A payment, with the API's text itself. */
async function fetched(id) {
  const text = await getText(`/v1/payments/${id}`);
  return { ...JSON.parse(text), text };
}

/** @param {string} id @param {() => void} changed */
export function openPayment(id, changed) {
  openDrawer(t("Payment"), id, async (load) => {
    const payment = await fetched(id);
    const done = () => { load(); changed(); };
    return [head(payment), h("p", {}, h("a", { href: `#payments/${id}` }, t("Open its page"))), nextStep(payment), deciding(payment, done), questions(payment), details(payment), metadata(payment),
      parts(payment, done), events(payment), raw(payment)];
  });
}

/** The page of a payment. @param {HTMLElement} place @param {string} id as the address has it */
export async function paymentPage(place, id) {
  if (!isId(id, "pay")) throw new Error(t("This is no address of a payment."));
  const load = async () => {
    try {
      const payment = await fetched(id);
      if (place.isConnected) fill(place, whole(payment, load));
    } catch (error) {
      fill(place, failure(error, load));
    }
  };
  fill(place, loading());
  await load();
}

function whole(payment, load) {
  const acts = deciding(payment, load).filter(Boolean);
  return [
    h("p", { class: "buttons back" }, h("a", { href: "#payments" }, t("All payments")), navigator.clipboard && action(t("Copy link"), doing(() => share(payment)))),
    card(null, head(payment), nextStep(payment)),
    h("div", { class: "beside record" },
      h("div", {}, card(t("Details"), details(payment)), payment.metadata && card(t("Metadata"), metadata(payment, false)), acts.length > 0 && card(t("Actions"), acts)),
      h("div", {}, card(t("What happened"), questions(payment), parts(payment, load)), may("webhooks:read") && card(t("Webhook deliveries"), events(payment, false)), h("section", { class: "card" }, raw(payment)))),
  ];
}

async function share(payment) {
  await navigator.clipboard.writeText(`${location.href.split("#")[0]}#payments/${payment.payment_id}`);
  toast(t("Copied. It opens after signing in, for those who may look at your payments."));
}

const head = (payment) => h("p", { class: "sum" }, h("span", { class: "figure" }, money(payment.amount, payment.currency)), " ", status(payment.status));

/** What can be done about it: capture and release, refund, decide about money that is held, cancel. */
const deciding = (payment, done) => [authorization(payment, done), refunding(payment, done), held(payment, done), canceling(payment, done)];

function canceling(payment, done) {
  if (!isOpen(payment) || !may("payments:write")) return null;
  return [h("h3", {}, t("Cancel")), action(t("Cancel payment"), doing(async () => {
    if (!await ask(question(payment))) return;
    await post(`/v1/payments/${payment.payment_id}/cancel`);
    toast(t("Canceled."));
    done();
  }))];
}

const question = (payment) => ({
  title: t("Cancel this payment?"), act: t("Cancel payment"), lines: [[t("Payment"), payment.payment_id], [t("Amount"), money(payment.amount, payment.currency)]],
  text: t("The payer cannot pay it any more. Money that is under way already is held for you to decide. This cannot be undone."),
});
