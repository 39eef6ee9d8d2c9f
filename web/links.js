/** Payment links: made by a form in the time that a label takes to write, printed, switched off, and each payer apart. */

import { patch, post } from "./api.js";
import { counter } from "./counter.js";
import { action, card, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const LINKS = "/v1/links";
const amountField = () => ({ inputmode: "decimal", size: "10", pattern: "[0-9]+([.][0-9]+)?", title: t("An amount such as 12.50"), autocomplete: "off" });

export function links(place, merchant) {
  const list = h("div", {}), paid = h("div", {});
  const show = () => fill(list, table({ path: LINKS, label: t("Links"), none: t("No links yet. The form above makes one."), columns: columns(show, paid) }));
  const codes = h("div", {});
  fill(place, card(t("New link"), making(merchant, show)), card(t("Links"), list), paid, codes);
  show();
  counter(codes);
}

/** A fixed amount, or bounds: what is empty is left open. */
function making(merchant, made) {
  return form({ class: "line" }, async (filled) => {
    const { name, amount, min, max, first_min: part, max_payments: limit, reference } = values(filled);
    if (!amount && !(min && max)) throw new Error(t("Type an amount, or the least and the most that a payer may type."));
    const price = amount ? { amount } : { open_amount: { min, max } };
    const link = await post(LINKS, { name, ...price, ...(part && { accept_partial: { first_min: part } }), ...(limit && { max_payments: Number(limit) }), ...(reference && { ask: ["reference"] }) });
    filled.reset();
    toast(t("{name}: made.", { name: link.name }));
    made();
  }, field(t("What it is for"), "name", { required: true, maxlength: "255", size: "26", autocomplete: "off" }),
  field(t("Amount ({currency})", { currency: merchant.currency }), "amount", amountField()), field(t("or at least"), "min", amountField()), field(t("and at most"), "max", amountField()),
  field(t("In parts, the first at least"), "first_min", amountField()), field(t("Payments (any number when empty)"), "max_payments", { type: "number", min: "1", max: "1000000" }),
  field(t("Ask for a reference"), "reference", { options: [["", t("No")], ["yes", t("Yes")]] }), h("button", {}, t("Make link")));
}

const price = (row) => (row.amount ? money(row.amount, row.currency) : t("{least} to {most}", { least: money(row.open_amount.min, row.currency), most: money(row.open_amount.max, row.currency) }));
const places = (row) => (row.max_payments === null ? null : t("{count} of {all}", { count: row.taken, all: row.max_payments }));

const columns = (changed, paid) => [
  [t("Name"), (row) => row.name, "lead wrap"], [t("Amount"), price, "num side"],
  [t("State"), (row) => status(row.status === "active" ? "active" : "failed", row.status === "active" ? t("Active") : words(row.status))],
  [t("Due"), (row) => row.amount_due && money(row.amount_due, row.currency), "num"], [t("Payments"), places], [t("Made"), (row) => time(row.created_at), "meta"], [t("Address"), (row) => identifier(row.url), "wrap"],
  ["", (row) => [
    h("a", { href: `${row.url}?print=1`, target: "_blank", rel: "noopener" }, t("Print")),
    action(t("Payers"), () => fill(paid, card(t("Paid by {name}", { name: row.name }), table({ path: `${LINKS}/${row.link_id}/payments`, label: t("Payers"), none: t("No payer yet."), columns: payerColumns() })))),
    action(row.status === "inactive" ? t("Turn on") : t("Turn off"), doing(async () => {
      await patch(`${LINKS}/${row.link_id}`, { active: row.status === "inactive" });
      changed();
    }))], "actions"],
];

const payerColumns = () => [
  [t("Amount"), (row) => money(row.amount, row.currency), "num lead"], [t("Status"), (row) => status(row.status === "paid" ? "success" : row.status), "side"],
  [t("Reference"), (row) => row.reference, "wrap"], [t("Begun"), (row) => time(row.created_at), "meta"], [t("Payment"), (row) => row.payment_id && identifier(row.payment_id, { short: true })],
];
