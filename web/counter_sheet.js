/** A sheet for a counter: its code, large, with what a payer must know, to be printed from the browser. */

import { get, getText } from "./api.js";
import { h } from "./dom.js";
import { money } from "./money.js";
import { t } from "./texts.js";

const SVG = "image/svg+xml";

/** Show the sheet of a code, with a button that prints it alone. @param {object} code as the API shows it */
export async function showSheet(code) {
  const [merchant, drawn] = await Promise.all([get("/v1/merchants/me"), getText(`/v1/qr_codes/${code.qr_code_id}/qr.svg`)]);
  // The picture as elements of the page: the page's policy lets it show no picture from anywhere else.
  const picture = document.importNode(new DOMParser().parseFromString(drawn, SVG).documentElement, true);
  const dialog = h("dialog", { class: "ask sheet", "aria-labelledby": "sheet-title" },
    h("h2", { id: "sheet-title" }, merchant.brand?.name ?? merchant.name), h("p", {}, code.name),
    h("p", {}, h("strong", {}, code.amount ? money(code.amount, code.currency) : t("Type the amount in your app"))),
    h("div", { class: "code", role: "img", "aria-label": t("QR code of {name}", { name: code.name }) }, picture),
    h("p", {}, t("Scan with any UPI app to pay.")), h("p", {}, h("code", {}, new URLSearchParams(code.upi_url.split("?")[1]).get("pa"))),
    h("div", { class: "buttons" }, h("button", { class: "quiet", type: "button", onclick: () => dialog.close() }, t("Close")), h("button", { type: "button", autofocus: true, onclick: () => print() }, t("Print"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
