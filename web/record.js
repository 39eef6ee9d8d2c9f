/** A record that has no section of its own, in a drawer: its fields as they are, and the way to its payments. */

import { getText } from "./api.js";
import { facts, h, identifier, status } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { indented } from "./json.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { t } from "./texts.js";
import { time } from "./time.js";

// Where a record of a kind is read; of the others a search says what is known.
const PATHS = { wallet: "/v1/wallet", token: "/v1/tokens", session: "/v1/checkout/sessions", link: "/v1/links", qr_code: "/v1/qr_codes", bank_line: "/v1/bank/lines", reconciliation_item: "/v1/reconciliation/items", refund: "/v1/refunds" };

/** @param {{kind: string, id: string}} hit as the search answers it */
export function openRecord(hit) {
  openDrawer(words(hit.kind), hit.id, async () => {
    const text = PATHS[hit.kind] ? await getText(`${PATHS[hit.kind]}/${hit.id}`) : JSON.stringify(hit);
    const record = JSON.parse(text), user = record.user_id ?? (hit.kind === "transfer" ? hit.label : null);
    const places = [record.payment_id && h("a", { href: `#payments/${record.payment_id}` }, t("Open the payment")), user && h("a", { href: `#payments/?user_id=${encodeURIComponent(user)}` }, t("Payments of this user"))].filter(Boolean);
    return [places.length > 0 && h("p", { class: "buttons" }, places), facts(Object.entries(record).map(([name, value]) => [words(name), shown(name, value, record)])),
      h("details", { class: "raw" }, h("summary", {}, t("As JSON")), h("pre", { class: "scroll json", tabindex: "0" }, indented(text)))];
  });
}

function shown(name, value, record) {
  if (value === null || value === "" || typeof value === "boolean") return value === true ? t("Yes") : null;
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => typeof each === "string") && value.join(", ");
  if (typeof value === "object") return null;
  if (name.endsWith("_at")) return time(value);
  if (name === "status" || name === "state") return status(value);
  if (record.currency && typeof value === "string" && /^-?[0-9]+[.]?[0-9]*$/.test(value) && /amount|balance|net|fee/.test(name)) return money(value, record.currency);
  return /_id$|reference$|^id$/.test(name) ? identifier(String(value)) : String(value);
}
