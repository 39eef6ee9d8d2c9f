/** A list from the API as a table with loading, empty and error states, and more rows on demand. */

import { get } from "./api.js";
import { empty, failure, fill, h, loading } from "./dom.js";

/**
 * @param {{path: string, query?: object, columns: [string, (row: any) => any, string?][], none: string, label: string, paged?: boolean}} list
 * @returns {HTMLElement}
 */
export function table({ path, query = {}, columns, none, label, paged = true }) {
  const body = h("tbody");
  const more = h("button", { class: "quiet", hidden: true }, "Show more");
  const frame = h("div", { class: "scroll list", tabindex: "0", role: "region", "aria-label": label }, h("table", {}, head(columns), body));
  const place = h("div", {});
  const show = async (cursor) => {
    if (!cursor) fill(place, loading());
    more.disabled = true;
    try {
      const page = await get(path, { ...(paged && { limit: 20 }), ...query, cursor });
      body.append(...page.data.map((row) => h("tr", {}, columns.map(([name, cell, kind]) => h("td", { class: kind, "data-label": name }, h("span", {}, cell(row)))))));
      more.hidden = !page.next_cursor;
      more.onclick = () => show(page.next_cursor);
      fill(place, body.childElementCount ? [frame, more] : empty(none));
    } catch (error) {
      fill(place, body.childElementCount ? [frame, more] : null, failure(error, () => show(cursor)));
    }
    more.disabled = false;
  };
  show();
  return place;
}

const head = (columns) => h("thead", {}, h("tr", {}, columns.map(([name, , kind]) => h("th", { scope: "col", class: kind }, name))));
