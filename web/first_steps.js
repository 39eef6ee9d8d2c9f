/** First steps of a new account. Each is ticked by what is there, and the card is gone when all are. */

import { get, may, person } from "./api.js";
import { action, card, fill, h } from "./dom.js";
import { t } from "./texts.js";

const hiddenKey = (merchant) => `steps.${merchant.merchant_id}`;

function isHidden(merchant) {
  try {
    return localStorage.getItem(hiddenKey(merchant)) !== null;
  } catch {
    return false;
  }
}

const has = async (path, query = {}, least = 1) => (await get(path, { limit: least, ...query })).data.length >= least;

/** Steps as [what, why, where, whether it is done]. fresh: the merchant as it is now, which is still asked for. */
const steps = (merchant, fresh) => [
  { name: t("Take a first payment"), why: t("A payment link needs no code; the quickstart pays by the API."), at: "#links", scope: "dashboard:read", done: () => has("/v1/dashboard/payments", { status: "success" }) },
  { name: t("Connect a provider"), why: merchant.mode === "live" ? t("Cards and UPI need one.") : t("Until then the sandbox pretends to be one."), at: "#settings/connectors", scope: "merchant:read", done: async () => Object.keys((await fresh).connectors ?? {}).length > 0 },
  { name: t("Get events by webhook"), why: t("An endpoint of yours learns of each payment."), at: "#webhooks", scope: "webhooks:read", done: () => has("/v1/webhooks/provider") },
  { name: t("Put your name and colour on the payer's page"), why: t("Payers trust a page that looks like your shop."), at: "#settings/brand", scope: "merchant:read", done: async () => Object.values((await fresh).brand ?? {}).some(Boolean) },
  { name: t("Invite a colleague"), why: t("Two owners cannot lock themselves out."), at: "#people", scope: "people:read", done: () => has("/v1/console/users", {}, person() ? 2 : 1) },
];

/** The card of the steps; nothing when all are done, or the reader has hidden it. @param {object} merchant */
export async function firstSteps(merchant) {
  if (isHidden(merchant)) return null;
  const fresh = may("merchant:read") ? get("/v1/merchants/me").catch(() => merchant) : merchant;
  const offered = steps(merchant, fresh).filter((each) => may(each.scope));
  // What cannot be asked now is left open: it is asked again with the next look.
  const done = await Promise.all(offered.map((each) => each.done().catch(() => false)));
  if (!done.includes(false)) return null;
  const place = h("div", {});
  const hide = () => {
    try {
      localStorage.setItem(hiddenKey(merchant), "hidden");
    } catch {
      // It is hidden until the page is drawn again.
    }
    fill(place);
  };
  return fill(place, card(null, h("div", { class: "charthead" }, h("h2", {}, t("First steps")), h("span", { class: "quiet" }, t("{count} of {all} done", { count: done.filter(Boolean).length, all: done.length }))),
    h("ul", { class: "rows steps" }, offered.map((each, index) => h("li", { class: done[index] ? "done-step" : "" }, h("span", { class: "mark", "aria-hidden": "true" }, done[index] ? "✓" : "○"),
      h("a", { href: each.at }, each.name), h("span", { class: "unseen" }, done[index] ? t("done") : t("open")), h("span", { class: "hint" }, each.why)))), h("p", { class: "buttons" }, action(t("Hide"), hide))));
}
