/** Secrets that are shown once. */

import { facts, h, identifier } from "./dom.js";

/** @param {string} title @param {[string, string][]} lines */
export const secretCard = (title, lines) =>
  h("section", { class: "card once", role: "alert" }, h("h2", {}, title), h("p", { class: "hint" }, "This is shown once. Store it in a safe place."),
    facts(lines.map(([name, text]) => [name, identifier(text)])));
