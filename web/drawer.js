/** A drawer for one record: beside the list that it was opened from, and the focus goes back there. */

import { failure, fill, h, loading } from "./dom.js";
import { t } from "./texts.js";

// A drawer may be opened from another one: each has the name of its own title.
let drawers = 0;

/**
 * @param {string} name what it shows @param {string} id of the record; what opened it has it in `data-opens`
 * @param {(load: () => void) => Promise<any>} show its content; `load` shows it anew
 */
export function openDrawer(name, id, show) {
  const body = h("div", {}, loading());
  const titleId = `drawer-title-${drawers += 1}`;
  const title = h("h2", { id: titleId }, name);
  const dialog = h("dialog", { "aria-labelledby": titleId, onclick: (event) => event.target === dialog && dialog.close() },
    h("div", { class: "drawer" }, h("div", { class: "head" }, title, h("button", { class: "quiet", type: "button", onclick: () => dialog.close() }, t("Close"))), body));
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    // The event comes a moment after the drawer is gone. Who has gone elsewhere by then, as `/` does to the search field, stays there.
    if ([before, document.body, document.getElementById("main")].includes(document.activeElement)) giveFocusBack(id);
  });
  document.body.append(dialog);
  dialog.showModal();
  const load = async () => {
    try {
      fill(body, await show(load));
    } catch (error) {
      fill(body, failure(error, load));
    }
  };
  load();
}

/** The list may have been drawn anew meanwhile, or is being drawn, and the browser gives the focus back only to what is still there. */
function giveFocusBack(id) {
  const opener = () => document.querySelector(`[data-opens="${id}"]`);
  const main = document.getElementById("main");
  (opener() ?? main).focus();
  if (document.activeElement === main) document.addEventListener("drawn", () => document.activeElement === main && opener()?.focus(), { once: true });
}
