/** Where the merchant's money is now: available, with providers, on its way to the bank, held. */

import { get } from "./api.js";
import { failure, fill, h } from "./dom.js";
import { money } from "./money.js";
import { t } from "./texts.js";

/** @param {string} currency @returns {Promise<HTMLElement>} whose trouble is its own */
export async function moneyPosition(currency) {
  const place = h("div", {});
  const load = async () => {
    try {
      fill(place, figures(await get("/v1/dashboard/money", { currency })));
    } catch (error) {
      fill(place, failure(error, load));
    }
  };
  await load();
  return place;
}

function figures(now) {
  const shown = (amount) => money(amount, now.currency);
  const figure = (label, amount, hint, id) => h("section", { class: "card" }, h("h2", { class: "label" }, label), h("p", { class: "figure", id }, shown(amount)), h("p", { class: "hint" }, hint));
  return h("div", { class: "grid figures", role: "group", "aria-label": t("Your money now") },
    figure(t("Balance"), now.balance, t("All that is yours now"), "balance"), figure(t("Available"), now.available, t("In wallets, on chains and in the bank"), "available"),
    figure(t("With providers"), now.with_providers, t("Not paid out yet"), "with_providers"), figure(t("On its way"), now.on_its_way, t("Paid out, not seen in the bank yet"), "on_its_way"),
    figure(t("Held"), now.held, t("Late {late}, disputed {disputed}; not in the balance", { late: shown(now.late_money), disputed: shown(now.disputed) }), "held"));
}
