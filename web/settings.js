/** Settings that a merchant changes by hand, in parts: each part is a file of its own, fetched when it is shown. */

import { fill, h, loading } from "./dom.js";
import { t } from "./texts.js";

const parts = () => ({
  general: [t("General"), () => import("./general.js")], connectors: [t("Connectors"), () => import("./connectors.js")], routing: [t("Routing"), () => import("./routing.js")],
  fees: [t("Fees"), () => import("./fees.js")], brand: [t("Brand"), () => import("./brand.js")],
});

/** @param {HTMLElement} place @param {object} merchant @param {string} [part] what follows the section in the address */
export async function settings(place, merchant, part) {
  const all = parts(), chosen = Object.hasOwn(all, part ?? "") ? part : "general";
  const section = h("div", {}, loading());
  fill(place, h("nav", { class: "parts", "aria-label": t("Parts of the settings") }, Object.entries(all).map(([name, [title]]) =>
    h("a", { href: name === "general" ? "#settings" : `#settings/${name}`, "aria-current": name === chosen ? "page" : null }, title))), section);
  const module = await all[chosen][1]();
  await module.show(section, merchant);
}
