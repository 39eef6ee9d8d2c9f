/** What other routing rules would have done with the newest payments, and what cannot be known of that. */

import { facts, h } from "./dom.js";
import { money } from "./money.js";
import { titled } from "./processors.js";
import { t } from "./texts.js";

const sums = (byCurrency) => Object.entries(byCurrency).map(([currency, amount]) => money(amount, currency)).join(", ") || "–";
const SHOWN = 10;

/** @param {object} done as POST /v1/routing/replay answers */
export function replayed(done) {
  if (!done.payments) return h("p", { class: "state" }, t("No payment went through a connector yet."));
  return [facts([[t("Payments"), String(done.payments)], [t("Approved"), t("{before} before, {after} with these rules", { before: String(done.approved_before), after: done.approved_after })],
    [t("Fees"), t("{before} before, {after} with these rules", { before: sums(done.fees_before), after: sums(done.fees_after) })], [t("Go another way"), String(done.changed_count)],
    [t("Only estimated"), done.estimate.payments ? t("{payments}, of which {low} to {high} are expected to be approved", { payments: String(done.estimate.payments), low: done.estimate.low, high: done.estimate.high }) : "0"],
    [t("Not known"), String(done.unknown)]]),
  done.changed.length > 0 && h("details", {}, h("summary", {}, t("Payments that would have gone another way")), h("ul", { class: "rows" }, done.changed.slice(0, SHOWN).map((each) =>
    h("li", {}, h("code", {}, `${each.payment_id.slice(0, 14)}…`), h("span", {}, `${each.connectors_before.map(titled).join(", ") || "–"} → ${each.connector_after ? titled(each.connector_after) : "–"}`))))),
  h("details", {}, h("summary", {}, t("What this cannot know")), h("ul", {}, done.notes.map((each) => h("li", { class: "hint" }, each))))];
}
