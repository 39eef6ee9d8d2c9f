/** Where the money of one payment is: from the payer to the bank, with the dates. */

import { get } from "./api.js";
import { empty, h, status } from "./dom.js";
import { money } from "./money.js";
import { openSettlement } from "./settlements.js";
import { t } from "./texts.js";
import { longDay, time } from "./time.js";

const NAMES = { authorized: () => t("Authorized"), captured: () => t("Captured"), with_provider: () => t("With the provider"), paid_out: () => t("Paid out"), in_bank: () => t("In the bank") };
const KINDS = { done: "success", waiting: "pending", overdue: "failed", failed: "failed" };
const CALLED = { done: () => t("Done"), waiting: () => t("Expected"), overdue: () => t("Overdue"), failed: () => t("Failed") };

export async function whereabouts(payment) {
  const { steps } = await get(`/v1/payments/${payment.payment_id}/money`);
  if (!steps.length) return empty(t("No money has moved."));
  return h("ol", { class: "timeline" }, steps.map((step) => h("li", {}, status(KINDS[step.status], CALLED[step.status]()), h("strong", {}, NAMES[step.step]()),
    step.amount && h("span", { class: "num" }, money(step.amount, step.currency)),
    h("span", { class: "quiet end" }, step.day ? longDay(step.day) : step.at ? time(step.at) : step.due_at && t("by {when}", { when: time(step.due_at) })),
    step.step === "paid_out" && step.settlement_id && h("button", { class: "link", type: "button", onclick: () => openSettlement(step.settlement_id) }, h("code", {}, `${step.settlement_id.slice(0, 12)}…`)))));
}
