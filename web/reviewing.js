/** Payments that a risk rule holds until a person decides: approved or declined, in a list and on a payment's page. */

import { patch } from "./api.js";
import { ask } from "./ask.js";
import { action, h, identifier, toast } from "./dom.js";
import { doing, refusal } from "./forms.js";
import { money } from "./money.js";
import { method } from "./names.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const WRITE = "risk:write";

/** True while a person must decide. @param {object} payment as the API shows it */
export const isInReview = (payment) => payment.risk?.decision === "pending";

/** The two buttons; why there are none for who may not decide. @param {() => void} done */
export function decision(payment, done) {
  if (refusal(WRITE)) return h("p", { class: "hint" }, refusal(WRITE));
  const decide = (question, review, said) => doing(async () => {
    if (!await ask(question)) return;
    await patch(`/v1/payments/${payment.payment_id}`, { review });
    toast(said);
    done();
  });
  const amount = money(payment.amount, payment.currency);
  return h("div", { class: "buttons" },
    action(t("Approve"), decide(approving(payment), "approve", t("Approved.")), { "aria-label": t("Approve {amount}", { amount }) }),
    action(t("Decline"), decide(declining(payment), "decline", t("Declined.")), { "aria-label": t("Decline {amount}", { amount }) }));
}

const lines = (payment) => [[t("Payment"), payment.payment_id], [t("Amount"), money(payment.amount, payment.currency)], [t("Rule"), payment.risk.rule_id], [t("User"), payment.user_id]];

const approving = (payment) => ({ title: t("Approve this payment?"), act: t("Approve"), lines: lines(payment), text: t("The payer is charged what is held; a payment that you capture yourself can then be captured.") });
const declining = (payment) => ({ title: t("Decline this payment?"), act: t("Decline"), lines: lines(payment), text: t("The payer has the money again. This cannot be undone.") });

/** Columns of the list of what waits. @param {() => void} changed */
export const waiting = (changed) => [
  [t("Amount"), (row) => money(row.amount, row.currency), "num lead"], [t("Rule"), (row) => row.risk.rule_id, "side"], [t("Method"), (row) => method(row.method)],
  [t("User"), (row) => row.user_id && identifier(row.user_id, { short: true })], [t("Created"), (row) => time(row.created_at), "meta"], [t("Held until"), (row) => row.authorization.expires_at && time(row.authorization.expires_at)],
  [t("Payment"), (row) => h("a", { href: `#payments/${row.payment_id}` }, identifier(row.payment_id, { short: true }))], ["", (row) => decision(row, changed), "actions"],
];
