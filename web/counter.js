/** UPI codes on counters: made by a form, printed, switched off for good, and each payment by one apart. */

import { keepFile, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { showSheet } from "./counter_sheet.js";
import { action, card, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const CODES = "/v1/qr_codes";
const amountField = () => ({ inputmode: "decimal", size: "10", pattern: "[0-9]+([.][0-9]{1,2})?", title: t("An amount such as 12.50"), autocomplete: "off" });

export function counter(place) {
  const list = h("div", {}), paid = h("div", {});
  const show = () => fill(list, table({ path: CODES, label: t("UPI codes"), none: t("No codes yet. The form above makes one to print for a counter."), columns: columns(show, paid) }));
  fill(place, card(t("New UPI code for a counter"), making(show)), card(t("UPI codes"), list), paid);
  show();
}

function making(made) {
  return form({ class: "line" }, async (filled) => {
    const { code_name: name, code_amount: amount } = values(filled);
    const code = await post(CODES, { name, ...(amount && { amount }) });
    filled.reset();
    toast(t("{name}: made.", { name: code.name }));
    made();
  }, field(t("Where it stands"), "code_name", { required: true, maxlength: "255", size: "26", autocomplete: "off" }),
  field(t("Amount (the payer types it when empty)"), "code_amount", amountField()), h("button", {}, t("Make code")));
}

/** Buttons that keep a code's picture in a file, of each kind. @param {string} path of what has the code @param {string} id names the file */
export const pictures = (path, id, name) => ["svg", "png"].map((kind) =>
  action(kind.toUpperCase(), doing(() => keepFile(`${path}/qr.${kind}`, `${id}.${kind}`)), { "aria-label": t("Picture of {name} as {kind}", { name, kind: kind.toUpperCase() }) }));

const columns = (changed, paid) => [
  [t("Name"), (row) => row.name, "lead wrap"], [t("Amount"), (row) => (row.amount ? money(row.amount, row.currency) : t("The payer types it")), "num side"],
  [t("State"), (row) => status(row.status === "active" ? "active" : "failed", row.status === "active" ? t("Active") : words(row.status))],
  [t("Provider"), (row) => words(row.provider)], [t("Made"), (row) => time(row.created_at), "meta"],
  ["", (row) => [
    action(t("Print"), doing(() => showSheet(row)), { "aria-label": t("Print {name}", { name: row.name }) }),
    pictures(`${CODES}/${row.qr_code_id}`, row.qr_code_id, row.name),
    action(t("Paid"), () => showPaid(paid, row)),
    row.status === "active" && action(t("Turn off"), doing(async () => {
      const text = t("A code that is off cannot be turned on again. Money that is paid by it all the same is kept as late money.");
      if (!await ask({ title: t("Turn {name} off?", { name: row.name }), text, act: t("Turn off") })) return;
      await remove(`${CODES}/${row.qr_code_id}`);
      changed();
    }))], "actions"],
];

function showPaid(place, row) {
  const list = h("div", {});
  const show = () => fill(list, table({ path: `${CODES}/${row.qr_code_id}/payments`, label: t("Payments"), none: [t("No payment yet."), " ", action(t("Print"), doing(() => showSheet(row)), { "aria-label": t("Print {name}", { name: row.name }) })], columns: paidColumns() }));
  const isTest = row.provider.startsWith("sandbox") && row.status === "active";
  fill(place, card(t("Paid by {name}", { name: row.name }), h("p", {}, h("a", { href: `#payments/?qr_code_id=${row.qr_code_id}` }, t("All of them, with filters"))), isTest && trying(row, show), list));
  show();
}

/** The sandbox's payer: the last two digits of the amount choose what happens. */
const trying = (row, done) => form({ class: "line" }, async (filled) => {
  const { test_amount: amount } = values(filled);
  const did = await post(`${CODES}/${row.qr_code_id}/payments`, row.amount ? {} : { amount });
  toast(did.declined ? t("The test payer declined.") : did.payment_id ? t("The test payer paid.") : t("The test payer paid; its callback was never sent."));
  done();
}, !row.amount && field(t("Amount that a test payer pays"), "test_amount", { ...amountField(), required: true }), h("button", { class: "quiet" }, t("Pay as a test")));

const paidColumns = () => [
  [t("Amount"), (row) => money(row.amount, row.currency), "num lead"], [t("Status"), (row) => status(row.status), "side"],
  [t("Provider's reference"), (row) => identifier(row.provider_reference, { short: true })], [t("Paid at"), (row) => time(row.created_at), "meta"],
  [t("Payment"), (row) => h("a", { href: `#payments/${row.payment_id}` }, identifier(row.payment_id, { short: true }))],
];
