/** Secrets that are shown once. */

import { facts, h, identifier } from "./dom.js";
import { t } from "./texts.js";

/** @param {string} title @param {[string, string][]} lines */
export const secretCard = (title, lines) =>
  h("section", { class: "card once", role: "alert" }, h("h2", {}, title), h("p", { class: "hint" }, t("This is shown once. Store it in a safe place.")),
    facts(lines.map(([name, text]) => [name, identifier(text)])));

/** Recovery codes, with a button that keeps them in a file. @param {string[]} codes @param {"h1" | "h2"} [heading] of a page of their own, or of a part of one */
export function codesCard(codes, heading = "h1") {
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(codes.join("\n") + "\n")}`;
  return h("section", { class: "card once", role: "alert" }, h(heading, {}, t("Recovery codes")),
    h("p", { class: "hint" }, t("They are shown once. Each lets you add a passkey once, if you lose yours: keep them where your passkey is not.")),
    h("ul", { class: "rows" }, codes.map((code) => h("li", {}, h("code", {}, code)))), h("a", { href: file, download: "paycorex-recovery-codes.txt" }, t("Download")));
}
