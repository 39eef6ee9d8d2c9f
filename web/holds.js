/** What is held for a payment: capture it, all or a part, release it, and the captures that were made. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { empty, facts, h, rows, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { decision, isInReview } from "./reviewing.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const AMOUNT = "[0-9]+([.][0-9]+)?";

/** The sums of a payment that the merchant captures, and while it is held the forms; nothing for any other payment. */
export function authorization(payment, done) {
  const held = payment.authorization;
  if (!held) return null;
  return [h("h3", {}, t("Authorization")), facts([[t("Stands"), status(held.status)], [t("Authorized"), money(held.amount, payment.currency)], [t("Captured"), money(held.captured, payment.currency)],
    [t("Can be captured"), held.status === "authorized" && money(held.capturable, payment.currency)], [t("Held until"), held.status === "authorized" && held.expires_at && time(held.expires_at)]]),
  held.status === "authorized" && (isInReview(payment) ? decision(payment, done) : deciding(payment, held, done))];
}

function deciding(payment, held, done) {
  const take = async (made) => {
    const { amount, rest } = values(made);
    if (!await ask(capturing(payment, amount, rest !== "keep"))) return;
    const capture = await post(`/v1/payments/${payment.payment_id}/capture`, { amount, final: rest !== "keep" });
    toast(t("Capture of {amount}: {status}.", { amount: money(capture.amount, capture.currency), status: words(capture.status) }));
    done();
  };
  const release = async () => {
    if (!await ask(releasing(payment, held))) return;
    await post(`/v1/payments/${payment.payment_id}/void`, {});
    toast(t("Released."));
    done();
  };
  return form({ class: "line" }, take, field(t("Capture"), "amount", { inputmode: "decimal", size: "10", value: held.capturable, required: true, pattern: AMOUNT, title: t("An amount such as 12.50"), autocomplete: "off" }),
    field(t("The rest"), "rest", { options: [["release", t("Release it")], ["keep", t("Keep it held")]] }),
    h("button", {}, t("Capture")), h("button", { class: "quiet", type: "button", onclick: doing(release) }, t("Release all")));
}

const capturing = (payment, amount, isFinal) => ({
  title: t("Capture {amount}?", { amount: money(amount, payment.currency) }), act: t("Capture {amount}", { amount: money(amount, payment.currency) }),
  text: isFinal ? t("The payer is charged, and what is left is released. This cannot be undone.") : t("The payer is charged. What is left stays held."),
  lines: [[t("Payment"), payment.payment_id], [t("Amount"), t("{amount} of {whole}", { amount: money(amount, payment.currency), whole: money(payment.authorization.capturable, payment.currency) })]],
});

const releasing = (payment, held) => ({
  title: t("Release {amount}?", { amount: money(held.capturable, payment.currency) }), act: t("Release {amount}", { amount: money(held.capturable, payment.currency) }),
  text: t("The payer has the money again, and it cannot be captured any more."),
  lines: [[t("Payment"), payment.payment_id], [t("Amount"), money(held.capturable, payment.currency)]],
});

/** The captures of a payment, newest first. */
export async function captures(payment) {
  const { data } = await get(`/v1/payments/${payment.payment_id}/captures`, { limit: 100 });
  return data.length ? rows(data.map((each) => [status(each.status), each.failure_code && h("span", { class: "hint" }, words(each.failure_code)), each.origin === "external" && h("span", { class: "hint" }, t("Made at the provider")),
    h("span", { class: "quiet" }, time(each.created_at)), h("span", { class: "end num" }, money(each.amount, each.currency))])) : empty(t("None."));
}
