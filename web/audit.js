/** The audit log: who changed what, from where, before and after. */

import { facts, fill, h, identifier, status } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { dates, typed } from "./list_filters.js";
import { listing } from "./listing.js";
import { words } from "./names.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const filters = () => [
  typed(t("Who"), "actor", { placeholder: t("usr_… or key_…") }), typed(t("What was changed"), "object_id", { placeholder: t("An id") }),
  typed(t("Operation"), "operation", { placeholder: "change_merchant", pattern: "[a-z_]+", called: words }), dates(),
];
const given = () => [[t("All changes"), {}], [t("Settings"), { operation: "change_merchant" }], [t("New API keys"), { operation: "rotate_key" }]];

/** @param {string} [part] of the address: `?operation=change_merchant` filters */
export const audit = (place, merchant, part) =>
  fill(place, listing({ name: "audit", merchant, path: "/v1/audit", label: t("Changes"), known: columns(), filters: filters(), given: given(), part, nothing }));

const nothing = (isFiltered) => (isFiltered ? t("No change fits. Take a filter away above, or look at a longer time.") : [t("No changes yet."), " ", h("a", { href: "#settings" }, t("Change the settings"))]);

const columns = () => ({
  when: { always: true, column: [t("When"), (row) => h("button", { class: "link", type: "button", "data-opens": row.audit_id, onclick: () => one(row) }, time(row.at)), "lead"] },
  outcome: { column: [t("Outcome"), (row) => status(row.outcome), "side"] },
  who: { column: [t("Who"), (row) => row.actor_name || h("code", {}, shortened(row.actor)), "wrap"] },
  what: { always: true, column: [t("What"), (row) => words(row.operation)] },
  of: { column: [t("Of"), (row) => row.object_id && h("code", {}, shortened(row.object_id))] },
  from: { column: [t("From where"), (row) => row.source_ip] },
  request: { more: true, column: [t("Request"), (row) => row.method && `${row.method} ${row.path}`, "wrap"] },
  client: { more: true, column: [t("Client"), (row) => row.agent, "wrap"] },
});
const shortened = (text) => (text.length > 18 ? `${text.slice(0, 16)}…` : text);

const one = (row) => openDrawer(words(row.operation), row.audit_id, async () => [
  facts([[t("When"), time(row.at)], [t("Outcome"), status(row.outcome)], [t("Who"), h("span", {}, row.actor_name, " ", identifier(row.actor))], [t("Of"), row.object_id && identifier(row.object_id)],
    [t("Request"), row.method && `${row.method} ${row.path}`], [t("Request id"), row.request_id && identifier(row.request_id)], [t("Session"), row.session_id && identifier(row.session_id)],
    [t("From where"), row.source_ip], [t("Client"), row.agent]]),
  part(t("Asked"), row.asked), part(t("Before"), row.before), part(t("After"), row.after),
  h("h3", {}, t("Chain")), facts([[t("Number"), String(row.seq)], [t("Hash"), identifier(row.hash, { short: true })], [t("Hash before"), identifier(row.prev_hash, { short: true })]]),
]);

/** JSON as lines of a table: one for each field. */
function part(title, text) {
  if (!text) return null;
  const content = JSON.parse(text);
  const lines = Object.entries(content !== null && typeof content === "object" && !Array.isArray(content) ? content : { value: content });
  return [h("h3", {}, title), facts(lines.map(([name, value]) => [words(name), h("code", {}, typeof value === "string" ? value : JSON.stringify(value))]))];
}
