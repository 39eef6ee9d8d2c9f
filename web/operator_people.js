/** Operators as people, and their audit log. */

import { may, patch, person as self, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, facts, fill, h, identifier, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { words } from "./names.js";
import { fresh } from "./operator_acts.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const V1 = "/operator/v1";
const roles = () => [["read", t("Read · looks at everything, changes nothing")], ["operate", t("Operate · merchants, fees, what waits")], ["admin", t("Admin · operators too")]];
const administers = () => may("operator:admin");

export function operators(place) {
  const shown = h("div", {}), list = h("div", {});
  const show = () => fill(list, table({ path: `${V1}/operators`, label: t("Operators"), none: t("There is no operator."), columns: columns(shown, show) }));
  const invite = form({ class: "line" }, async (made) => {
    handOver(shown, await fresh(() => post(`${V1}/operators`, values(made))));
    made.reset();
    show();
  }, field(t("Name"), "name", { required: true, maxlength: 80, autocomplete: "off" }), field(t("E-mail"), "email", { type: "email", required: true, autocomplete: "off" }),
  field(t("Role"), "role", { options: roles() }), h("button", {}, t("Invite")));
  fill(place, shown, administers() && card(t("Invite"), invite), card(t("Operators"), list));
  show();
}

const handOver = (shown, invited) => fill(shown, h("section", { class: "card once", role: "alert" }, h("h2", {}, t("{name} is invited", { name: invited.name })),
  h("p", { class: "hint" }, t("Hand this link over yourself: it adds a passkey once, within seven days, and is shown only now.")), facts([[t("Link"), identifier(invited.invitation_url)]])));

const columns = (shown, changed) => [
  [t("Name"), (row) => h("button", { class: "link", type: "button", "data-opens": row.person_id, onclick: () => one(row, changed) }, row.name), "lead"],
  [t("Status"), (row) => status(row.status), "side"], [t("E-mail"), (row) => row.email, "wrap"], [t("Role"), (row) => words(row.role)], [t("Last signed in"), (row) => time(row.last_signed_in_at)],
  ["", (row) => administers() && row.status === "invited" && action(t("New link"), doing(async () => handOver(shown, await fresh(() => post(`${V1}/operators/${row.person_id}/invitation`))))), "actions"],
];

const one = (row, changed) => openDrawer(row.name, row.person_id, async () => {
  const path = `${V1}/operators/${row.person_id}`;
  const isSelf = self()?.operator.person_id === row.person_id;
  const done = async (work) => {
    await fresh(work);
    toast(t("Changed. It acts with the next request."));
    document.querySelector("dialog[open]")?.close();
    changed();
  };
  const role = form({ class: "line" }, (made) => done(() => patch(path, values(made))), field(t("Role"), "role", { options: roles(), value: row.role }), h("button", { class: "quiet" }, t("Change")));
  const lock = action(row.status === "active" ? t("Lock out") : t("Let in again"), doing(() => done(() => patch(path, { status: row.status === "active" ? "disabled" : "active" }))));
  const away = action(t("Remove"), doing(async () => {
    const question = { title: t("Remove {name}?", { name: row.name }), act: t("Remove"), lines: [[t("E-mail"), row.email]], text: t("Passkeys and sessions end at once. Who it was stays in the audit log.") };
    if (await ask(question)) await done(() => remove(path));
  }));
  return [facts([[t("E-mail"), row.email], [t("Status"), status(row.status)], [t("Operator"), identifier(row.person_id)], [t("Invitation ends"), time(row.invitation_expires_at)], [t("Last signed in"), time(row.last_signed_in_at)],
    [t("Passkeys"), String(row.passkeys.length)]]), administers() && !isSelf && [h("h3", {}, t("Role")), role, h("div", { class: "buttons" }, row.status !== "invited" && lock, away)]];
});

export function audit(place) {
  fill(place, card(t("What operators did"), table({ path: `${V1}/audit`, label: t("What operators did"), none: t("Nothing yet."), columns: auditColumns() })));
}

const auditColumns = () => [
  [t("When"), (row) => h("button", { class: "link", type: "button", "data-opens": row.audit_id, onclick: () => entry(row) }, time(row.at)), "lead"],
  [t("Outcome"), (row) => status(row.outcome), "side"], [t("Who"), (row) => row.actor_name || h("code", {}, shortened(row.actor)), "wrap"],
  [t("What"), (row) => words(row.operation.replace(/^operator_/, "")), "wrap"], [t("Of"), (row) => row.object_id && h("code", {}, shortened(row.object_id))], [t("From"), (row) => row.source_ip],
];
const shortened = (text) => (text.length > 18 ? `${text.slice(0, 16)}…` : text);

const entry = (row) => openDrawer(words(row.operation.replace(/^operator_/, "")), row.audit_id, async () => [
  facts([[t("When"), time(row.at)], [t("Outcome"), status(row.outcome)], [t("Who"), h("span", {}, row.actor_name, " ", identifier(row.actor))], [t("Of"), row.object_id && identifier(row.object_id)],
    [t("Request"), row.method && `${row.method} ${row.path}`], [t("From"), row.source_ip], [t("Client"), row.agent]]),
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
