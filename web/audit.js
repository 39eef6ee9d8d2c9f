/** The audit log: who changed what, from where, before and after. */

import { download } from "./api.js";
import { action, card, facts, fill, h, identifier, status } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { words } from "./names.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/v1/audit";

export function audit(place) {
  const list = h("div", {});
  let query = {};
  const show = () => fill(list, table({ path: PATH, query, label: t("Changes"), none: t("No change fits. Take a filter away, or look at a longer time."), columns: columns() }));
  const day = (text, days) => {
    if (!text) return undefined;
    const begins = new Date(`${text}T00:00:00`);
    begins.setDate(begins.getDate() + days);
    return begins.toISOString();
  };
  const filter = form({ class: "filters" }, async (made) => {
    const { from, to, ...others } = values(made);
    query = { ...others, from: day(from, 0), to: day(to, 1) };
    show();
  }, field(t("Who"), "actor", { placeholder: t("usr_… or key_…"), spellcheck: "false" }), field(t("What was changed"), "object_id", { placeholder: t("An id"), spellcheck: "false" }),
  field(t("Operation"), "operation", { placeholder: "change_merchant", pattern: "[a-z_]+", spellcheck: "false" }), field(t("From"), "from", { type: "date" }), field(t("To"), "to", { type: "date" }),
  h("div", { class: "buttons" }, h("button", {}, t("Filter")), action("CSV", doing(() => download(PATH, query, "audit.csv")))));
  fill(place, card(t("Filter"), filter), card(t("Changes"), list));
  show();
}

const columns = () => [
  [t("When"), (row) => h("button", { class: "link", type: "button", "data-opens": row.audit_id, onclick: () => one(row) }, time(row.at)), "lead"],
  [t("Outcome"), (row) => status(row.outcome), "side"],
  [t("Who"), (row) => row.actor_name || h("code", {}, shortened(row.actor)), "wrap"], [t("What"), (row) => words(row.operation)],
  [t("Of"), (row) => row.object_id && h("code", {}, shortened(row.object_id))], [t("From where"), (row) => row.source_ip],
];
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
