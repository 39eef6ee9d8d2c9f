/** The sign on a merchant's page that it is an operator who looks, until when, and the way back. */

import { fill, h } from "./dom.js";
import { t } from "./texts.js";
import { time } from "./time.js";

export const VIEWER = "operator_view";

/** Show it above the page, where an operator looks. @param {object | null} signedIn as the API answers it */
export function showView(signedIn) {
  document.querySelector(".viewing")?.remove();
  if (signedIn?.person.role !== VIEWER) return;
  const sign = h("aside", { class: "card once viewing", "aria-label": t("Operator") });
  fill(sign, h("p", {}, t("You look at {merchant} as an operator until {until}. Nothing can be changed.", { merchant: signedIn.merchant_name, until: time(signedIn.session.expires_at) })),
    h("a", { href: "operator#leave" }, t("End and go back")));
  document.getElementById("main").before(sign);
}
