/** What is held for a payment: capture it, all or a part, release it, and the captures that were made. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { empty, facts, h, rows, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { time } from "./time.js";

const AMOUNT = "[0-9]+([.][0-9]+)?";

/** The sums of a payment that the merchant captures, and while it is held the forms; nothing for any other payment. */
export function authorization(payment, done) {
  const held = payment.authorization;
  if (!held) return null;
  return [h("h3", {}, "Authorization"), facts([["Stands", status(held.status)], ["Authorized", money(held.amount, payment.currency)], ["Captured", money(held.captured, payment.currency)],
    ["Can be captured", held.status === "authorized" && money(held.capturable, payment.currency)], ["Held until", held.status === "authorized" && held.expires_at && time(held.expires_at)]]),
  held.status === "authorized" && deciding(payment, held, done)];
}

function deciding(payment, held, done) {
  const take = async (made) => {
    const { amount, rest } = values(made);
    if (!await ask(capturing(payment, amount, rest !== "keep"))) return;
    const capture = await post(`/v1/payments/${payment.payment_id}/capture`, { amount, final: rest !== "keep" });
    toast(`Capture of ${money(capture.amount, capture.currency)}: ${words(capture.status)}.`);
    done();
  };
  const release = async () => {
    if (!await ask(releasing(payment, held))) return;
    await post(`/v1/payments/${payment.payment_id}/void`, {});
    toast("Released.");
    done();
  };
  return form({ class: "line" }, take, field("Capture", "amount", { inputmode: "decimal", size: "10", value: held.capturable, required: true, pattern: AMOUNT, title: "An amount such as 12.50", autocomplete: "off" }),
    field("The rest", "rest", { options: [["release", "Release it"], ["keep", "Keep it held"]] }),
    h("button", {}, "Capture"), h("button", { class: "quiet", type: "button", onclick: doing(release) }, "Release all"));
}

const capturing = (payment, amount, isFinal) => ({
  title: `Capture ${money(amount, payment.currency)}?`, act: `Capture ${money(amount, payment.currency)}`,
  text: isFinal ? "The payer is charged, and what is left is released. This cannot be undone." : "The payer is charged. What is left stays held.",
  lines: [["Payment", payment.payment_id], ["Amount", `${money(amount, payment.currency)} of ${money(payment.authorization.capturable, payment.currency)}`]],
});

const releasing = (payment, held) => ({
  title: `Release ${money(held.capturable, payment.currency)}?`, act: `Release ${money(held.capturable, payment.currency)}`,
  text: "The payer has the money again, and it cannot be captured any more.",
  lines: [["Payment", payment.payment_id], ["Amount", money(held.capturable, payment.currency)]],
});

/** The captures of a payment, newest first. */
export async function captures(payment) {
  const { data } = await get(`/v1/payments/${payment.payment_id}/captures`, { limit: 100 });
  return data.length ? rows(data.map((each) => [status(each.status), each.failure_code && h("span", { class: "hint" }, words(each.failure_code)), each.origin === "external" && h("span", { class: "hint" }, "Made at the provider"),
    h("span", { class: "quiet" }, time(each.created_at)), h("span", { class: "end num" }, money(each.amount, each.currency))])) : empty("None.");
}
