/** Payments: a list with its tools, or one payment on a page of its own. */

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { listing } from "./listing.js";
import { money } from "./money.js";
import { paymentPage } from "./payment.js";
import { columns, filters } from "./payment_list.js";
import { plural, t } from "./texts.js";

/** Views that are there for everyone. */
const given = () => [[t("All payments"), {}], [t("Paid"), { status: "success" }], [t("Failed"), { status: "failed" }], [t("To capture"), { status: "authorized" }], [t("Waiting"), { status: "pending" }]];

/** @param {string} [part] of the address: `?status=failed` filters, anything else is a payment */
export function payments(place, merchant, part) {
  if (part && !part.startsWith("?")) return paymentPage(place, part);
  const made = listing({ name: "payments", merchant, path: "/v1/dashboard/payments", label: t("Payments"), known: columns(() => made.show()), filters: filters(merchant), given: given(), part, nothing, numbers });
  fill(place, made);
}

/** Count and sums of what is found, by the server: it reads more than a page can. */
async function numbers(query) {
  const { count, complete, sums } = await get("/v1/dashboard/payment_sums", query);
  const found = complete ? plural(count, "{count} payment", "{count} payments") : plural(count, "At least {count} payment", "At least {count} payments");
  return [h("strong", {}, found), sums.map((each) => [h("span", { class: "num" }, complete ? money(each.amount, each.currency) : t("at least {amount}", { amount: money(each.amount, each.currency) })),
    h("span", { class: "hint" }, t("captured {captured}, refunded {refunded}", { captured: money(each.captured, each.currency), refunded: money(each.refunded, each.currency) }))])];
}

const nothing = (isFiltered) => (isFiltered ? t("No payments match. Take a filter away above.") : [t("No payments yet."), " ", h("a", { href: "#links" }, t("Make a payment link")), " ", t("to take the first one without code.")]);
