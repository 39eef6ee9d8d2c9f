/** Customers: who pays the merchant, by name. The list, the search for exactly one, one in a drawer with what belongs to it, its change and its erasure. */

import { get, may, patch, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, empty, facts, fill, h, identifier, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { money } from "./money.js";
import { isId, method, words } from "./names.js";
import { openPayment } from "./payment.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/v1/customers";
// A search has no further page.
const MOST_FOUND = 100;
// As many of a kind as are shown with a customer.
const MOST_SHOWN = 10;
const CHANGES = "customers:write";

/** @param {string} [part] of the address: a customer, which is opened */
export function customers(place, merchant, part) {
  const list = h("div", {});
  // What is searched for says who a person is: it stays in the form, and is in no address and no view that the browser keeps.
  const show = (query = {}) => fill(list, table({ path: PATH, query: Object.keys(query).length ? { ...query, limit: MOST_FOUND } : query, label: t("Customers"), none: nothing(query), columns: columns(() => show(query)) }));
  fill(place, may(CHANGES) && card(t("New customer"), making(() => show())), card(t("Customers"), finding(show), list));
  show();
  if (isId(part, "cus")) openCustomer(part, () => show());
}

const nothing = (query) => {
  if (Object.keys(query).length) return t("No customer has exactly this. Empty the form above to see all of them.");
  if (may(CHANGES)) return t("No customers yet. The form above makes one, and your server does with POST /v1/customers.");
  return [t("No customers yet."), " ", h("a", { href: "#payments" }, t("Look at payments")), " ", t("in the meantime: they name the user.")];
};

const who = (row) => row.name ?? row.reference ?? t("Erased");
const columns = (changed) => [
  [t("Customer"), (row) => h("button", { class: "link", type: "button", title: row.customer_id, "data-opens": row.customer_id, onclick: () => openCustomer(row.customer_id, changed) }, who(row)), "lead wrap"],
  [t("Status"), (row) => row.erased_at && status("disabled", t("Erased")), "side"], [t("Reference"), (row) => row.reference, "wrap"], [t("E-mail"), (row) => row.email, "wrap"],
  [t("Phone number"), (row) => row.phone], [t("Made"), (row) => time(row.created_at), "meta"],
];

const quiet = { autocomplete: "off", spellcheck: "false" };
const mail = (props = {}) => field(t("E-mail"), "email", { type: "email", maxlength: "254", ...quiet, ...props });
const phone = (props = {}) => field(t("Phone number"), "phone", { type: "tel", pattern: "[+]?[0-9]{8,15}", title: t("Digits, with + and the country's code where you have it"), ...quiet, ...props });
const named = (props = {}) => field(t("Name"), "name", { maxlength: "128", ...quiet, ...props });

/** Those that have exactly what is typed; all of them when nothing is. */
const finding = (show) => form({ class: "line", role: "search" }, async (made) => show(values(made)),
  field(t("Reference"), "reference", { maxlength: "128", ...quiet }), mail(), phone(), h("button", { class: "quiet" }, t("Search")));

const making = (changed) => form({ class: "line" }, async (made) => {
  await post(PATH, values(made));
  made.reset();
  toast(t("The customer is made."));
  changed();
}, field(t("Reference"), "reference", { required: true, maxlength: "128", ...quiet }),
named(), mail(), phone(), h("button", {}, t("Make customer")), h("p", { class: "hint" }, t("Reference: your own id of the person, which payments call the user. No address and no number: it stays when the person is erased.")));

function openCustomer(id, changed) {
  openDrawer(t("Customer"), id, async (load) => {
    const shown = await get(`${PATH}/${id}`);
    const done = () => { load(); changed(); };
    return [about(shown), !shown.erased_at && places(shown), !shown.erased_at && belongings(shown, changed), may(CHANGES) && !shown.erased_at && deciding(shown, done)];
  });
}

const about = (shown) => [
  shown.erased_at && h("p", { class: "hint" }, t("This person was erased. Ids and times are left; payments and books are as they were.")),
  facts([[t("ID"), identifier(shown.customer_id)], [t("Reference"), shown.reference && identifier(shown.reference)], [t("Name"), shown.name], [t("E-mail"), shown.email], [t("Phone number"), shown.phone],
    [t("Made"), time(shown.created_at)], [t("Changed"), shown.updated_at !== shown.created_at && time(shown.updated_at)], [t("Erased"), time(shown.erased_at)],
    ...Object.entries(shown.metadata ?? {}).map(([name, value]) => [name, String(value)])]),
];

const places = ({ reference }) => may("dashboard:read") && h("p", { class: "buttons" }, h("a", { href: `#payments/?user_id=${encodeURIComponent(reference)}` }, t("Payments of this user")));

/** The newest of each kind, as the API shows them; of a kind that the role may not read nothing is said. */
const belongings = (shown, changed) => [
  ["payments:read", t("Payments"), shown.payments, (row) => [opening(row, changed), status(row.status), h("span", {}, method(row.method)), h("span", { class: "quiet" }, time(row.created_at)), amount(row.amount, row)]],
  ["tokens:read", t("Stored cards"), shown.tokens, (row) => [h("span", {}, instrument(row)), h("span", { class: "hint" }, words(row.connector ?? row.type)), h("span", { class: "end quiet" }, time(row.created_at))]],
  ["wallet:read", t("Wallets"), shown.wallets, (row) => [identifier(row.wallet_id, { short: true }), /[1-9]/.test(row.held) && h("span", { class: "hint" }, t("{amount} held", { amount: money(row.held, row.currency) })), amount(row.available, row)]],
  ["payments:read", t("UPI mandates"), shown.mandates, (row) => [opening(row, changed), status(row.status), /[1-9]/.test(row.captured) && h("span", { class: "hint" }, t("{amount} captured", { amount: money(row.captured, row.currency) })),
    row.status === "authorized" && row.expires_at && h("span", { class: "quiet" }, t("until {when}", { when: time(row.expires_at) })), amount(row.amount, row)]],
].filter(([scope]) => may(scope)).map(([, title, found, line]) => [h("h3", {}, title), found.length ? rows(found.map(line)) : empty(t("None."))]);

const amount = (minor, row) => h("span", { class: "end num" }, money(minor, row.currency));
const opening = (row, changed) => h("button", { class: "link", type: "button", onclick: () => openPayment(row.payment_id, changed) }, h("code", {}, `${row.payment_id.slice(0, 12)}…`));
const instrument = (row) => [row.brand && words(row.brand), row.last4 && `•••• ${row.last4}`, row.expiry_month && `${String(row.expiry_month).padStart(2, "0")}/${row.expiry_year}`].filter(Boolean).join(" ") || words(row.type);

/** The form that changes what is known, and the erasure. What is emptied is taken away. */
function deciding(shown, done) {
  const change = form({ class: "line" }, async (made) => {
    const typed = values(made), wanted = Object.fromEntries(["name", "email", "phone"].map((each) => [each, typed[each] ?? null]));
    await patch(`${PATH}/${shown.customer_id}`, Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== shown[name])));
    toast(t("Changed."));
    done();
  }, named({ value: shown.name ?? "" }), mail({ value: shown.email ?? "" }), phone({ value: shown.phone ?? "" }), h("button", { class: "quiet" }, t("Change")));
  return [h("h3", {}, t("Change")), change, h("h3", {}, t("Erase")), h("p", { class: "hint" }, erasure()), h("p", { class: "buttons" }, action(t("Erase this customer"), erasing(shown, done), { class: "grave" }))];
}

const erasure = () => t("Name, address, number, metadata and reference go from here and from checkouts of links; stored cards are deleted, at their provider too. Payments, wallets with their money, and the books stay, with your reference as their user.");

/** Take away who the person is, after a question: it cannot be undone. */
const erasing = (shown, done) => doing(async () => {
  const lines = [[t("Customer"), who(shown)], [t("E-mail"), shown.email], [t("Stored cards"), shown.tokens.length >= MOST_SHOWN ? t("{count} or more", { count: String(MOST_SHOWN) }) : shown.tokens.length > 0 && String(shown.tokens.length)]];
  if (!await ask({ title: t("Erase this customer?"), act: t("Erase"), lines, text: [erasure(), t("This cannot be undone.")].join(" ") })) return;
  await remove(`${PATH}/${shown.customer_id}`);
  toast(t("The customer is erased."));
  done();
});
