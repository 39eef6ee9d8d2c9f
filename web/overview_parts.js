/** Parts of the overview: shares with a bar each, reasons with the way to their payments, and how far a figure is from the period before. */

import { card, empty, h } from "./dom.js";
import { height, money } from "./money.js";
import { words } from "./names.js";
import { plural, t } from "./texts.js";

const isLess = (text) => text.startsWith("−");
const judged = (text, isGood) => (/[1-9]/.test(text) ? (isLess(text) === isGood ? "worse" : "better") : "quiet");

/** How far from the period before; `isGood`: whether more is better. Nothing where there is nothing to compare with. */
export const compared = (text, isGood) => text && h("span", { class: judged(text, isGood) }, t("{change} against the period before", { change: text }));

/**
 * Shares of the volume. @param {Record<string, {volume: string}>} found
 * @param {{shown: (amount: string) => string, called: (name: string) => string, none: string, side: (name: string, each: any) => [string, string | null]}} how
 */
export function split(title, found, { shown, called, none, side }) {
  const entries = Object.entries(found).sort(([, one], [, other]) => height(other.volume) - height(one.volume));
  const whole = entries.reduce((sum, [, each]) => sum + Math.max(height(each.volume), 0), 0) || 1;
  const share = (each) => `${((100 * height(each.volume)) / whole).toFixed(1)} %`;
  return card(title, entries.length === 0 ? empty(none) : h("div", { class: "split" }, entries.map(([name, each]) => {
    const [text, against] = side(name, each);
    return h("div", {}, h("span", {}, called(name)), h("progress", { max: String(whole), value: String(Math.max(height(each.volume), 0)), "aria-label": `${called(name)}: ${share(each)}` }),
      h("span", { class: "num quiet" }, share(each)), h("span", { class: "num quiet" }, text, against && h("span", { class: judged(against, true) }, ` ${against}`)), h("span", { class: "num" }, shown(each.volume)));
  })));
}

/** The list of a reason's payments. */
export const reasonLink = (stats, reason) => `#payments/?${new URLSearchParams({ status: "failed", failure_code: reason, from: stats.from })}`;

/** Why payments failed, the most first. @param {object} stats @param {object} before */
export function byReason(stats, before, shown) {
  const reasons = Object.entries(stats.by_reason).sort(([, one], [, other]) => other.count - one.count);
  const most = reasons[0]?.[1].count ?? 1;
  return card(t("By decline reason"), reasons.length === 0 ? empty(t("No payment failed.")) : h("div", { class: "split" }, reasons.map(([reason, { count, amount }]) => {
    const was = before.by_reason[reason]?.count ?? 0;
    return h("div", {}, h("a", { href: reasonLink(stats, reason) }, words(reason)), h("progress", { max: String(most), value: String(count), "aria-label": `${words(reason)}: ${count}` }),
      h("span", { class: "num quiet" }, plural(count, "{count} payment", "{count} payments")), h("span", { class: "num quiet" }, t("{count} before", { count: was })), h("span", { class: "num" }, shown(amount)));
  })));
}

export const amountOf = (payment) => money(payment.amount, payment.currency);
