/** A list from the API as a table with loading, empty and error states, and more rows on demand. On a narrow screen a row is a small block.
 *  The document gets an event `drawn` for each. */

import { get } from "./api.js";
import { empty, failure, fill, h, loading } from "./dom.js";
import { t } from "./texts.js";

/**
 * A column's kinds: `num` right-aligned figures, `wrap` long text; in a block `lead` and `side` are the two ends of a line, `meta` a quiet beginning.
 * @param {{path: string, query?: object, columns: [string, (row: any) => any, string?][], none: any, label: string}} list `none`: what an empty list says, with the next step
 * @returns {HTMLElement}
 */
export function table({ path, query = {}, columns, none, label }) {
  const body = h("tbody");
  const more = h("button", { class: "quiet", type: "button", hidden: true }, t("Show more"));
  const frame = h("div", { class: "scroll list", tabindex: "0", role: "region", "aria-label": label }, h("table", {}, head(columns), body));
  const place = h("div", {});
  const show = async (cursor) => {
    if (!cursor) fill(place, loading());
    more.disabled = true;
    try {
      const page = await get(path, { limit: 20, ...query, cursor });
      body.append(...page.data.map((row) => h("tr", {}, columns.map((column) => cell(column, row)))));
      more.hidden = !page.next_cursor;
      more.onclick = () => show(page.next_cursor);
      fill(place, body.childElementCount ? [frame, more] : [empty(none), more]);
      document.dispatchEvent(new Event("drawn"));
    } catch (error) {
      fill(place, body.childElementCount ? [frame, more] : null, failure(error, () => show(cursor)));
    }
    more.disabled = false;
  };
  show();
  return place;
}

function cell([name, content, kind = ""], row) {
  const shown = content(row);
  const nothing = shown === null || shown === undefined || shown === "" || shown === false;
  return h("td", { class: [kind, nothing && "nothing"].filter(Boolean).join(" "), "data-label": name }, h("span", {}, nothing ? name && "–" : shown));
}

const head = (columns) => h("thead", {}, h("tr", {}, columns.map(([name, , kind]) => h("th", { scope: "col", class: kind }, name || h("span", { class: "unseen" }, t("Actions"))))));
