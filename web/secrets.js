/** Secrets that are shown once. */

import { h } from "./dom.js";

/** @param {string} title @param {[string, string][]} lines */
export const secretCard = (title, lines) =>
  h("div", { class: "card", role: "alert" }, h("h2", {}, title), h("p", { class: "hint" }, "Shown only now: keep it somewhere safe."),
    h("dl", {}, lines.map(([name, text]) => [h("dt", {}, name), h("dd", {}, h("code", {}, text))])));
