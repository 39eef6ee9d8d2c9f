/** Payment links: made by a form in the time that a label takes to write, printed, switched off, and each payer apart. */

import { patch, post } from "./api.js";
import { action, card, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { table } from "./table.js";
import { time } from "./time.js";

const LINKS = "/v1/links";
const AMOUNT = { inputmode: "decimal", size: "10", pattern: "[0-9]+([.][0-9]+)?", title: "An amount such as 12.50", autocomplete: "off" };

export function links(place, merchant) {
  const list = h("div", {}), paid = h("div", {});
  const show = () => fill(list, table({ path: LINKS, label: "Links", none: "No links yet. The form above makes one.", columns: columns(show, paid) }));
  fill(place, card("New link", making(merchant, show)), card("Links", list), paid);
  show();
}

/** A fixed amount, or bounds: what is empty is left open. */
function making(merchant, made) {
  return form({ class: "line" }, async (filled) => {
    const { name, amount, min, max, max_payments: limit, reference } = values(filled);
    if (!amount && !(min && max)) throw new Error("Type an amount, or the least and the most that a payer may type.");
    const price = amount ? { amount } : { open_amount: { min, max } };
    const link = await post(LINKS, { name, ...price, ...(limit && { max_payments: Number(limit) }), ...(reference && { ask: ["reference"] }) });
    filled.reset();
    toast(`${link.name}: made.`);
    made();
  }, field("What it is for", "name", { required: true, maxlength: "255", size: "26", autocomplete: "off" }),
  field(`Amount (${merchant.currency})`, "amount", AMOUNT), field("or at least", "min", AMOUNT), field("and at most", "max", AMOUNT),
  field("Payments (any number when empty)", "max_payments", { type: "number", min: "1", max: "1000000" }),
  field("Ask for a reference", "reference", { options: [["", "No"], ["yes", "Yes"]] }), h("button", {}, "Make link"));
}

const price = (row) => (row.amount ? money(row.amount, row.currency) : `${money(row.open_amount.min, row.currency)} to ${money(row.open_amount.max, row.currency)}`);
const places = (row) => (row.max_payments === null ? null : `${row.taken} of ${row.max_payments}`);

const columns = (changed, paid) => [
  ["Name", (row) => row.name, "lead wrap"], ["Amount", price, "num side"],
  ["State", (row) => status(row.status === "active" ? "active" : "failed", row.status === "active" ? "Active" : row.status)],
  ["Payments", places], ["Made", (row) => time(row.created_at), "meta"], ["Address", (row) => identifier(row.url), "wrap"],
  ["", (row) => [
    h("a", { href: `${row.url}?print=1`, target: "_blank", rel: "noopener" }, "Print"),
    action("Payers", () => fill(paid, card(`Paid by ${row.name}`, table({ path: `${LINKS}/${row.link_id}/payments`, label: "Payers", none: "No payer yet.", columns: PAYERS })))),
    action(row.status === "inactive" ? "Turn on" : "Turn off", doing(async () => {
      await patch(`${LINKS}/${row.link_id}`, { active: row.status === "inactive" });
      changed();
    }))], "actions"],
];

const PAYERS = [
  ["Amount", (row) => money(row.amount, row.currency), "num lead"], ["Status", (row) => status(row.status === "paid" ? "success" : row.status), "side"],
  ["Reference", (row) => row.reference, "wrap"], ["Begun", (row) => time(row.created_at), "meta"], ["Payment", (row) => row.payment_id && identifier(row.payment_id, { short: true })],
];
