/** Payment links: made by a form in the time that a label takes to write, printed, switched off, and each payer apart. */

import { may, patch, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { counter, pictures } from "./counter.js";
import { action, card, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, form, tick, values } from "./forms.js";
import { money } from "./money.js";
import { method, methods, words } from "./names.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { instant, time, zoneName } from "./time.js";

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
    const { name, first_min: part, max_payments: limit, expires_at: ends } = values(filled);
    const [asked, ways] = ["ask", "methods"].map((each) => new FormData(filled).getAll(each));
    const link = await post(LINKS, { name, ...priced(values(filled)), ...(part && { accept_partial: { first_min: part } }), ...(limit && { max_payments: Number(limit) }), ...(asked.length && { ask: asked }),
      ...(ways.length && { methods: ways }), ...(ends && { expires_at: instant(ends) }) });
    filled.reset();
    toast(t("{name}: made.", { name: link.name }));
    made();
  }, field(t("What it is for"), "name", { required: true, maxlength: "255", size: "26", autocomplete: "off" }),
  field(t("Amount ({currency})", { currency: merchant.currency }), "amount", amountField()), field(t("or at least"), "min", amountField()), field(t("and at most"), "max", amountField()),
  field(t("In parts, the first at least"), "first_min", amountField()), field(t("Payments (any number when empty)"), "max_payments", { type: "number", min: "1", max: "1000000" }),
  h("fieldset", { class: "ticks" }, h("legend", {}, t("Ask the payer for")), answers().map(([value, label]) => tick(label, "ask", { value }))), more(), h("button", {}, t("Make link")));
}

/** What few links need. */
const more = () => h("details", { class: "inset" }, h("summary", {}, t("More")), h("div", { class: "stack" },
  field(t("Amounts to suggest, such as 50, 100"), "suggested", { pattern: "\\s*[0-9]+([.][0-9]+)?(\\s*,\\s*[0-9]+([.][0-9]+)?)*\\s*", title: t("Amounts with commas between them"), autocomplete: "off", hint: t("Where the payer types the amount.") }),
  field(t("Ends at ({zone}; never when empty)", { zone: zoneName() }), "expires_at", { type: "datetime-local" }),
  h("fieldset", { class: "ticks", "data-field": "methods" }, h("legend", {}, t("Ways to pay (all that you offer when none is ticked)")), methods.map((each) => tick(method(each), "methods", { value: each })))));

/** The price of a link as the API takes it. */
function priced({ amount, min, max, suggested }) {
  if (!amount && !(min && max)) throw new Error(t("Type an amount, or the least and the most that a payer may type."));
  if (amount && suggested) throw new Error(t("Amounts are suggested where the payer types one: leave the fixed amount empty."));
  return amount ? { amount } : { open_amount: { min, max, ...(suggested && { suggested: suggested.split(",").map((each) => each.trim()) }) } };
}

/** What a link may ask for: all but the reference says who pays, and must be given. */
const answers = () => [["name", t("Name")], ["email", t("E-mail address")], ["phone", t("Phone number")], ["reference", t("Reference")]];

const price = (row) => (row.amount ? money(row.amount, row.currency) : t("{least} to {most}", { least: money(row.open_amount.min, row.currency), most: money(row.open_amount.max, row.currency) }));
const places = (row) => (row.max_payments === null ? null : t("{count} of {all}", { count: row.taken, all: row.max_payments }));

const columns = (changed, paid) => [
  [t("Name"), (row) => row.name, "lead wrap"], [t("Amount"), price, "num side"],
  [t("State"), (row) => status(row.status === "active" ? "active" : "failed", row.status === "active" ? t("Active") : words(row.status))],
  [t("Due"), (row) => row.amount_due && money(row.amount_due, row.currency), "num"], [t("Payments"), places], [t("Made"), (row) => time(row.created_at), "meta"], [t("Ends"), (row) => time(row.expires_at)], [t("Address"), (row) => identifier(row.url), "wrap"],
  ["", (row) => [
    h("a", { href: `${row.url}?print=1`, target: "_blank", rel: "noopener" }, t("Print")),
    pictures(`${LINKS}/${row.link_id}`, row.link_id, row.name),
    action(t("Payers"), () => payers(paid, row)),
    action(row.status === "inactive" ? t("Turn on") : t("Turn off"), doing(async () => {
      await patch(`${LINKS}/${row.link_id}`, { active: row.status === "inactive" });
      changed();
    }))], "actions"],
];

function payers(place, link) {
  const show = () => fill(place, card(t("Paid by {name}", { name: link.name }), table({ path: `${LINKS}/${link.link_id}/payments`, label: t("Payers"), none: [t("No payer yet."), " ", h("a", { href: link.url, target: "_blank", rel: "noopener" }, t("Open the link")), " ", t("and send its address to the first one.")], columns: payerColumns(show) })));
  show();
}

/** Take away who paid, after a question: it cannot be undone. */
const erasing = (row, changed) => doing(async () => {
  const text = t("Name, address, number and reference are erased here and on the payment. Amounts and books stay. This cannot be undone.");
  if (!(await ask({ title: t("Erase this payer?"), text, act: t("Erase") }))) return;
  await remove(`/v1/checkout/sessions/${row.session_id}`);
  toast(t("The payer is erased."));
  changed();
});

const isKnown = (row) => row.reference !== null || (row.payer !== null && row.payer.erased_at === null);
const contact = (row) => [row.payer?.email, row.payer?.phone].filter(Boolean).join(" · ") || null;

const payerColumns = (changed) => [
  [t("Amount"), (row) => money(row.amount, row.currency), "num lead"], [t("Status"), (row) => status(row.status === "paid" ? "success" : row.status), "side"],
  [t("Name"), (row) => row.payer && (row.payer.erased_at ? t("Erased") : row.payer.name), "wrap"], [t("Contact"), contact, "wrap"],
  [t("Reference"), (row) => row.reference, "wrap"], [t("Begun"), (row) => time(row.created_at), "meta"], [t("Payment"), (row) => row.payment_id && identifier(row.payment_id, { short: true })],
  ["", (row) => isKnown(row) && may("customers:write") && action(t("Erase"), erasing(row, changed)), "actions"],
];
