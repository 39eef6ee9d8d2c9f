/** What an operator decides about a payment: a provider's answer that contradicts it, and an answer to a dispute that may have been taken. */

import { may, post } from "./api.js";
import { action, card, facts, fill, h, identifier, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field } from "./forms.js";
import { money } from "./money.js";
import { method, words } from "./names.js";
import { because } from "./operator_acts.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const REVIEWS = "/operator/v1/reviews", ANSWERS = "/operator/v1/answers";
const short = (id) => `${id.slice(0, 12)}…`;

/** Two cards: payments in review, and answers to disputes whose outcome is not known. */
export function decisions() {
  const reviews = h("div", {}), answers = h("div", {});
  const showReviews = () => fill(reviews, table({ path: REVIEWS, label: t("Payments in review"), none: t("No payment is in review."), columns: reviewColumns(showReviews) }));
  const showAnswers = () => fill(answers, table({ path: ANSWERS, label: t("Unknown answers to disputes"), none: t("The outcome of every answer is known."), columns: answerColumns(showAnswers) }));
  showReviews();
  showAnswers();
  return [
    card(t("Payments in review"), h("p", { class: "hint" }, t("A provider's answer contradicts what was asked, and nothing was booked by it.")), reviews),
    card(t("Unknown answers to disputes"), h("p", { class: "hint" }, t("These providers cannot be asked whether they took an answer. Their callback decides, or an operator who looks at their dashboard.")), answers),
  ];
}

/** After what was done: the drawer closes, and the list is read again. */
function done(text, changed) {
  toast(text);
  document.querySelector("dialog[open]")?.close();
  changed();
}

const reviewColumns = (changed) => [
  [t("Payment"), (row) => h("button", { class: "link", type: "button", "data-opens": row.payment_id, onclick: () => review(row, changed) }, short(row.payment_id)), "lead"],
  [t("Status"), (row) => words(row.status), "side"], [t("Amount"), (row) => money(row.amount, row.currency), "num"], [t("Contradiction"), (row) => words(row.review.reason), "wrap"],
  [t("Connector"), (row) => row.review.connector], [t("Since"), (row) => time(row.review.at)],
];

const review = (row, changed) => openDrawer(t("Payment in review"), row.payment_id, async () => [
  facts([[t("Payment"), identifier(row.payment_id)], [t("Merchant"), identifier(row.merchant_id)], [t("Amount"), money(row.amount, row.currency)], [t("Status"), words(row.status)], [t("Method"), method(row.method)],
    [t("Made"), time(row.created_at)], [t("Contradiction"), words(row.review.reason)], [t("What was said"), row.review.detail], [t("Connector"), row.review.connector],
    [t("Provider's reference"), row.review.provider_reference && identifier(row.review.provider_reference)], [t("Since"), time(row.review.at)]]),
  h("p", { class: "hint" }, t("Compare the payment with the provider's dashboard. An answer that does not contradict ends the review by itself.")),
  may("operator:operate") && h("div", { class: "buttons" }, action(t("End the review"), doing(async () => {
    const lines = [[t("Payment"), row.payment_id], [t("Merchant"), row.merchant_id], [t("What was said"), row.review.detail]];
    const question = { title: t("End the review?"), act: t("End the review"), grave: true, merchant: true, lines, text: t("Only when you have looked at the provider, and what had to be done is done. Nothing is booked by it.") };
    if (await because(question, ({ reason }) => post(REVIEWS, { merchant_id: row.merchant_id, payment_id: row.payment_id, reason }))) done(t("The review ended."), changed);
  }))),
]);

const answerColumns = (changed) => [
  [t("Dispute"), (row) => h("button", { class: "link", type: "button", "data-opens": row.dispute_id, onclick: () => answer(row, changed) }, short(row.dispute_id)), "lead"],
  [t("Status"), (row) => words(row.status), "side"], [t("Amount"), (row) => money(row.amount, row.currency), "num"], [t("Answer"), answered],
  [t("Connector"), (row) => row.provider], [t("Due"), (row) => row.due_at && time(row.due_at)],
];

const answered = (row) => (row.answering === "submit" ? t("Contested with evidence") : t("Given in"));

const answer = (row, changed) => openDrawer(t("Unknown answer to a dispute"), row.dispute_id, async () => [
  facts([[t("Dispute"), identifier(row.dispute_id)], [t("Payment"), identifier(row.payment_id)], [t("Merchant"), identifier(row.merchant_id)], [t("Amount"), money(row.amount, row.currency)], [t("Status"), words(row.status)],
    [t("Answer"), answered(row)], [t("Due"), row.due_at && time(row.due_at)], [t("Connector"), row.provider], [t("Provider's reference"), identifier(row.provider_reference)], [t("Problem"), row.problem]]),
  may("operator:operate") && h("div", { class: "buttons" }, action(t("End the answer"), doing(async () => {
    const taken = field(t("What does the provider's dashboard show?"), "taken", { required: true, options: [["", t("Choose")], ["yes", t("The provider has the answer")], ["no", t("The provider has no answer")]] });
    const lines = [[t("Dispute"), row.dispute_id], [t("Answer"), answered(row)], [t("Provider's reference"), row.provider_reference]];
    const question = { title: t("End the answer?"), act: t("End the answer"), grave: true, merchant: true, lines, fields: [taken], text: t("With it, the dispute goes on as answered. Without it, the merchant sees your reason and may answer again.") };
    const body = { merchant_id: row.merchant_id, dispute_id: row.dispute_id };
    if (await because(question, (filled) => post(ANSWERS, { ...body, taken: filled.taken === "yes", reason: filled.reason }))) done(t("The answer ended."), changed);
  }))),
]);
