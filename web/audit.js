/** The audit log: who changed what, from where, before and after. */

import { download } from "./api.js";
import { action, card, facts, fill, h, identifier, status } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { words } from "./names.js";
import { table } from "./table.js";
import { time } from "./time.js";

const PATH = "/v1/audit";

export function audit(place) {
  const list = h("div", {});
  let query = {};
  const show = () => fill(list, table({ path: PATH, query, label: "Changes", none: "No change fits. Take a filter away, or look at a longer time.", columns }));
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
  }, field("Who", "actor", { placeholder: "usr_… or key_…", spellcheck: "false" }), field("What was changed", "object_id", { placeholder: "An id", spellcheck: "false" }),
  field("Operation", "operation", { placeholder: "change_merchant", pattern: "[a-z_]+", spellcheck: "false" }), field("From", "from", { type: "date" }), field("To", "to", { type: "date" }),
  h("div", { class: "buttons" }, h("button", {}, "Filter"), action("CSV", doing(() => download(PATH, query, "audit.csv")))));
  fill(place, card("Filter", filter), card("Changes", list));
  show();
}

const columns = [
  ["When", (row) => h("button", { class: "link", type: "button", "data-opens": row.audit_id, onclick: () => one(row) }, time(row.at)), "lead"],
  ["Outcome", (row) => status(row.outcome), "side"],
  ["Who", (row) => row.actor_name || h("code", {}, shortened(row.actor)), "wrap"], ["What", (row) => words(row.operation)],
  ["Of", (row) => row.object_id && h("code", {}, shortened(row.object_id))], ["From", (row) => row.source_ip],
];
const shortened = (text) => (text.length > 18 ? `${text.slice(0, 16)}…` : text);

const one = (row) => openDrawer(words(row.operation), row.audit_id, async () => [
  facts([["When", time(row.at)], ["Outcome", status(row.outcome)], ["Who", h("span", {}, row.actor_name, " ", identifier(row.actor))], ["Of", row.object_id && identifier(row.object_id)],
    ["Request", row.method && `${row.method} ${row.path}`], ["Request id", row.request_id && identifier(row.request_id)], ["Session", row.session_id && identifier(row.session_id)],
    ["From", row.source_ip], ["Client", row.agent]]),
  part("Asked", row.asked), part("Before", row.before), part("After", row.after),
  h("h3", {}, "Chain"), facts([["Number", String(row.seq)], ["Hash", identifier(row.hash, { short: true })], ["Hash before", identifier(row.prev_hash, { short: true })]]),
]);

/** JSON as lines of a table: one for each field. */
function part(title, text) {
  if (!text) return null;
  const content = JSON.parse(text);
  const lines = Object.entries(content !== null && typeof content === "object" && !Array.isArray(content) ? content : { value: content });
  return [h("h3", {}, title), facts(lines.map(([name, value]) => [words(name), h("code", {}, typeof value === "string" ? value : JSON.stringify(value))]))];
}
