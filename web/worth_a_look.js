/** What of a period is worth looking at: reasons that grew, processors that fell, the largest payments that failed, and what waits for an answer. */

import { get, may } from "./api.js";
import { card, h, rows, status } from "./dom.js";
import { largest, percent, points } from "./money.js";
import { words } from "./names.js";
import { amountOf, reasonLink } from "./overview_parts.js";
import { plural, t } from "./texts.js";
import { time } from "./time.js";

// A reason is named when it came twice as often as before and is no chance; a processor when it fell by so many points over as many payments.
const GREW = 2, LEAST = 3, FELL = /^−\d{2,}/;
const LOOKED_AT = 100, NAMED = 5;

/** What is asked for beside the figures, at the same time. @param {string} currency @param {string} from */
export const lookedUp = (currency, from) => Promise.allSettled([failed(currency, from), disputes(), deliveries()]);

/** @param {object} stats @param {object} before @param {PromiseSettledResult<any[]>[]} more what `lookedUp` found */
export function worthALook(stats, before, more) {
  const lines = [...reasons(stats, before), ...processors(stats, before), ...more.flatMap((each) => (each.status === "fulfilled" ? each.value : [[h("span", { class: "problem" }, each.reason.message)]]))];
  return lines.length > 0 && card(t("Worth looking at"), rows(lines));
}

const reasons = (stats, before) => Object.entries(stats.by_reason).filter(([reason, { count }]) => count >= LEAST && count >= GREW * (before.by_reason[reason]?.count ?? 0))
  .map(([reason, { count }]) => [status("failed", words(reason)), h("a", { href: reasonLink(stats, reason) }, t("{count} failures, {before} in the period before", { count, before: before.by_reason[reason]?.count ?? 0 }))]);

function processors(stats, before) {
  return Object.entries(stats.by_processor).filter(([name, each]) => each.success + each.failed >= LEAST && FELL.test(points(each.success_rate, before.by_processor[name]?.success_rate ?? null) ?? ""))
    .map(([name, each]) => [status("failed", words(name)), h("a", { href: `#payments/?${new URLSearchParams({ provider: name, status: "failed", from: stats.from })}` },
      t("{rate} succeed, {before} in the period before", { rate: percent(each.success_rate), before: percent(before.by_processor[name].success_rate) }))]);
}

/** The largest of the newest payments that failed. */
async function failed(currency, from) {
  const { data } = await get("/v1/dashboard/payments", { status: "failed", currency, from, limit: LOOKED_AT });
  return largest(data, NAMED).map((each) => [h("a", { href: `#payments/${each.payment_id}` }, amountOf(each)), status("failed", words(each.failure_code ?? "failed")), h("span", { class: "end quiet" }, time(each.created_at))]);
}

async function disputes() {
  if (!may("disputes:read")) return [];
  const { data } = await get("/v1/disputes", { status: "needs_response", limit: LOOKED_AT });
  return data.length ? [[status("needs_response"), h("a", { href: "#disputes" }, plural(data.length, "{count} dispute waits for your answer", "{count} disputes wait for your answer"))]] : [];
}

async function deliveries() {
  if (!may("webhooks:read")) return [];
  const { data } = await get("/v1/webhooks/deliveries", { status: "failed", limit: LOOKED_AT });
  return data.length ? [[status("failed", t("Webhooks")), h("a", { href: "#webhooks" }, plural(data.length, "{count} delivery failed for good", "{count} deliveries failed for good"))]] : [];
}
