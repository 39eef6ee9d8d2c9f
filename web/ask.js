/** Asking before what cannot be undone: what will happen, with its amount, and a button that says so. */

import { facts, h } from "./dom.js";
import { t } from "./texts.js";

/**
 * A modal question. Escape and Cancel say no; the focus begins on Cancel, stays within, and goes back to where it was.
 * @param {{title: string, text: string, act: string, lines?: [string, any][]}} question `act` is what the button says
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, act, lines = [] }) {
  const dialog = h("dialog", { class: "ask", role: "alertdialog", "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
    h("h2", { id: "ask-title" }, title), facts(lines), h("p", { id: "ask-text" }, text),
    h("div", { class: "buttons" }, h("button", { class: "quiet", type: "button", autofocus: true, onclick: () => dialog.close("no") }, t("Cancel")),
      h("button", { class: "grave", type: "button", onclick: () => dialog.close("yes") }, act)));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => {
    dialog.remove();
    answer(dialog.returnValue === "yes");
  }));
}
