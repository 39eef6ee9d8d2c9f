/** Disputes: the list with what is due first to see, one in a drawer, its evidence, and the pack for the bank. */

import { get, keepFile, post } from "./api.js";
import { ask } from "./ask.js";
import { action, facts, fill, h, identifier, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { before, oneOf, typed } from "./list_filters.js";
import { listing, numbersOf } from "./listing.js";
import { money } from "./money.js";
import { choices, isId, words } from "./names.js";
import { openPayment } from "./payment.js";
import { plural, t } from "./texts.js";
import { time, zoneName } from "./time.js";

const PATH = "/v1/disputes";
const STATUSES = ["needs_response", "under_review", "won", "lost", "accepted", "expired", "closed"];
const TEXTS = ["explanation", "product_description", "customer_name", "customer_email", "customer_ip", "billing_address", "shipping_address", "shipping_carrier",
  "shipping_date", "shipping_tracking_number", "service_date", "access_log", "refund_policy", "refund_refusal", "cancellation_policy", "cancellation_rebuttal", "duplicate_explanation"];
const FILES = ["receipt", "shipping_proof", "service_proof", "customer_communication", "customer_signature", "explanation_letter", "access_log", "refund_policy",
  "refund_proof", "cancellation_policy", "cancellation_proof", "duplicate_proof", "other"];
const TYPES = ["application/pdf", "image/jpeg", "image/png"];
const MAX_BYTES = 5 * 1024 * 1024;

const given = () => [[t("All disputes"), {}], [t("To answer"), { status: "needs_response" }], [t("With the bank"), { status: "under_review" }], [t("Won"), { status: "won" }], [t("Lost"), { status: "lost" }]];
const filters = () => [oneOf(t("Status"), "status", STATUSES), before(t("Answer due"), t("Due before ({zone})", { zone: zoneName() }), "due_before"),
  typed(t("Payment"), "payment_id", { pattern: "pay_[a-z2-7]{26}", title: t("The id of a payment") })];

/** @param {string} [part] of the address: `?status=lost` filters, anything else is a dispute, which is opened */
export function disputes(place, merchant, part) {
  const numbers = numbersOf(PATH, (row) => row.amount, (count, complete) => (complete ? plural(count, "{count} dispute", "{count} disputes") : plural(count, "At least {count} dispute", "At least {count} disputes")));
  const list = listing({ name: "disputes", merchant, path: PATH, label: t("Disputes"), known: columns(() => list.show()), filters: filters(), given: given(), part, nothing, numbers });
  fill(place, list);
  if (isId(part, "dsp")) openDispute(part, list.show);
}

const nothing = (isFiltered) => (isFiltered ? t("No disputes match. Take a filter away above.") : [t("No disputes yet. Payers open them at their bank."), " ", h("a", { href: "#webhooks" }, t("Get an event of each")), " ", t("so that none waits for an answer.")]);

const waits = (row) => row.status === "needs_response";
const columns = (changed) => ({
  dispute: { always: true, column: [t("Dispute"), (row) => h("button", { class: "link", type: "button", title: row.dispute_id, "data-opens": row.dispute_id, onclick: () => openDispute(row.dispute_id, changed) }, h("code", {}, `${row.dispute_id.slice(0, 12)}…`)), "lead"] },
  amount: { always: true, column: [t("Amount"), (row) => money(row.amount, row.currency), "num side strong"] },
  status: { column: [t("Status"), (row) => status(row.status), "lead"] },
  due: { column: [t("Answer due"), (row) => waits(row) && time(row.due_at), "side"] },
  reason: { column: [t("Reason"), (row) => row.reason && words(row.reason), "meta"] },
  provider: { column: [t("Provider"), (row) => words(row.provider), "side quiet"] },
  payment: { more: true, column: [t("Payment"), (row) => identifier(row.payment_id, { short: true })] },
  stage: { more: true, column: [t("Stage"), (row) => words(row.stage)] },
  created: { more: true, column: [t("Created"), (row) => time(row.created_at), "quiet"] },
});

function openDispute(id, changed) {
  openDrawer(t("Dispute"), id, async (load) => {
    const dispute = await get(`${PATH}/${id}`);
    const done = () => { load(); changed(); };
    return [head(dispute, changed), evidence(dispute), waits(dispute) && answering(dispute, done), books(dispute)];
  });
}

function head(dispute, changed) {
  const { payment_id: payment } = dispute;
  return [
    h("p", { class: "sum" }, h("span", { class: "figure" }, money(dispute.amount, dispute.currency)), " ", status(dispute.status)),
    facts([[t("ID"), identifier(dispute.dispute_id)], [t("Answer due"), waits(dispute) && time(dispute.due_at)], [t("Stage"), words(dispute.stage)],
      [t("Reason"), [dispute.reason && words(dispute.reason), dispute.reason_code].filter(Boolean).join(" · ")], [t("Network"), dispute.network && words(dispute.network)],
      [t("Provider"), `${words(dispute.provider)}: ${words(dispute.provider_status)}`], [t("Reference"), identifier(dispute.provider_reference)],
      [t("Payment"), h("button", { class: "link", type: "button", onclick: () => openPayment(payment, changed) }, h("code", {}, payment))],
      [t("Lost twice"), Number(dispute.double_loss) > 0 && money(dispute.double_loss, dispute.payment_currency)]]),
    h("p", { class: "buttons" }, action(t("Evidence pack"), doing(() => keepFile(`${PATH}/${dispute.dispute_id}/pack`, `${dispute.dispute_id}.zip`)),
      { title: t("Timeline, attempts, webhook receipts and the signed proof, in one file") })),
  ];
}

/** What has been given so far. */
function evidence({ evidence: given }) {
  const texts = Object.entries(given.text), { files } = given;
  if (!texts.length && !files.length && !given.problem) return null;
  return [h("h3", {}, t("Evidence")), given.problem && h("p", { class: "problem", role: "alert" }, given.problem),
    given.submitted_at && h("p", { class: "hint" }, t("Submitted {when}", { when: time(given.submitted_at) })),
    given.status === "sending" && h("p", { class: "hint" }, t("The provider has not confirmed it yet. It is asked again every minute.")),
    rows([...texts.map(([kind, text]) => [h("strong", {}, words(kind)), h("span", { class: "hint" }, text)]),
      ...files.map((file) => [h("strong", {}, words(file.kind)), h("span", {}, file.name), h("span", { class: "quiet" }, words(file.status))])])];
}

function answering(dispute, done) {
  const path = `${PATH}/${dispute.dispute_id}`;
  if (dispute.evidence.status === "sending") return null;
  const add = form({ class: "stack" }, async (made) => {
    const { kind, text } = values(made);
    await post(`${path}/evidence`, { text: { [kind]: text } });
    toast(t("Kept. Nothing was sent to the provider yet."));
    done();
  }, field(t("Text about"), "kind", { options: choices(TEXTS) }), field(t("Text"), "text", { lines: 4, required: true, maxlength: "5000" }), h("button", { class: "quiet" }, t("Keep text")));
  const attach = form({ class: "line" }, async (made) => {
    const [file] = made.elements.namedItem("file").files;
    await upload(path, values(made).kind, file);
    toast(t("Uploaded."));
    done();
  }, field(t("File"), "kind", { options: choices(FILES) }), field(t("PDF, JPEG or PNG, up to 5 MB"), "file", { type: "file", accept: TYPES.join(","), required: true }), h("button", { class: "quiet" }, t("Upload")));
  const send = (question, verb, body) => doing(async () => {
    if (!await ask(question)) return;
    await post(`${path}/${verb}`, body);
    done();
  });
  return [h("h3", {}, t("Answer")), add, attach, h("p", { class: "buttons" },
    h("button", { type: "button", onclick: send(submitting(dispute), "submit") }, t("Submit evidence")),
    h("button", { type: "button", class: "grave", onclick: send(givingIn(dispute), "accept", {}) }, t("Accept the dispute")))];
}

/** Announce a file, and put it where the answer says. */
async function upload(path, kind, file) {
  if (!TYPES.includes(file.type) || file.size > MAX_BYTES) throw new Error(t("A file is a PDF, a JPEG or a PNG of up to 5 MB."));
  const { uploads } = await post(`${path}/evidence`, { files: [{ kind, name: file.name.slice(-100), content_type: file.type, size: file.size }] });
  const link = uploads.at(-1);
  const answer = await fetch(link.url, { method: link.method, headers: { "Content-Type": link.headers["Content-Type"] }, body: file, credentials: "omit" });
  if (!answer.ok) throw new Error(t("The file could not be uploaded. Try again."));
}

const submitting = (dispute) => ({
  title: t("Submit the evidence?"), act: t("Submit"), lines: [[t("Dispute"), dispute.dispute_id], [t("Amount"), money(dispute.amount, dispute.currency)]],
  text: t("It goes to the payer's bank once. Nothing can be added afterwards."),
});
const givingIn = (dispute) => ({
  title: t("Give in and lose {amount}?", { amount: money(dispute.amount, dispute.currency) }), act: t("Accept the dispute"), lines: [[t("Dispute"), dispute.dispute_id], [t("Payment"), dispute.payment_id]],
  text: t("The payer keeps the money. This cannot be undone."),
});

const books = ({ ledger, timeline }) => [
  h("h3", {}, t("Timeline")), rows(timeline.map((step) => [status(step.status), h("span", { class: "quiet" }, time(step.at))])),
  ledger.length > 0 && [h("h3", {}, t("Books")), rows(ledger.map((each) => [h("span", {}, `${words(each.debit)} → ${words(each.credit)}`), h("span", { class: "end num" }, money(each.amount, each.currency))]))],
];
