/** The people of a merchant: invite, change, remove, and their sessions. */

import { get, patch, person as self, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, facts, fill, h, identifier, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { words } from "./names.js";
import { table } from "./table.js";
import { time } from "./time.js";

const ROLES = ["admin", "developer", "finance", "support", "read_only", "owner"];
const MAY = {
  owner: "Everything; alone makes owners", admin: "Everything but owners", developer: "Keys, settings, webhooks", finance: "Refunds, disputes, settlements",
  support: "Refunds and disputes", read_only: "Reads, changes nothing",
};
const roles = () => ROLES.filter((role) => role !== "owner" || !self() || self().person.role === "owner").map((role) => [role, `${words(role)} · ${MAY[role]}`]);

export function people(place) {
  const shown = h("div", {}), list = h("div", {});
  const show = () => fill(list, table({ path: "/v1/console/users", label: "People", none: "No people yet. Invite yourself first, as owner.", columns: columns(shown, show) }));
  const invite = form({ class: "line" }, async (made) => {
    handOver(shown, await post("/v1/console/users", values(made)));
    made.reset();
    show();
  }, field("Name", "name", { required: true, maxlength: 80, autocomplete: "off" }), field("E-mail", "email", { type: "email", required: true, autocomplete: "off" }),
  field("Role", "role", { options: roles() }), h("button", {}, "Invite"));
  fill(place, shown, card("Invite", invite), card("People", list));
  show();
}

function handOver(shown, invited) {
  fill(shown, h("section", { class: "card once", role: "alert" }, h("h2", {}, `${invited.name} is invited`),
    invited.sent ? h("p", {}, `An e-mail to ${invited.email} carries the link.`) : [
      h("p", { class: "hint" }, "Hand this link over yourself: it adds a passkey once, within seven days, and is shown only now."), facts([["Link", identifier(invited.invitation_url)]])]));
}

const columns = (shown, changed) => [
  ["Name", (row) => h("button", { class: "link", type: "button", "data-opens": row.person_id, onclick: () => one(row, changed) }, row.name), "lead"],
  ["Status", (row) => status(row.status), "side"], ["E-mail", (row) => row.email, "wrap"], ["Role", (row) => words(row.role)],
  ["Last signed in", (row) => time(row.last_signed_in_at)],
  ["", (row) => row.status === "invited" && action("New link", doing(async () => handOver(shown, await post(`/v1/console/users/${row.person_id}/invitation`)))), "actions"],
];

const one = (row, changed) => openDrawer(row.name, row.person_id, async (load) => {
  const shown = await get(`/v1/console/users/${row.person_id}`);
  const sessions = h("div", {});
  const isSelf = self()?.person.person_id === row.person_id;
  const close = () => document.querySelector("dialog[open]").close();
  if (self()) await listSessions(sessions, { person_id: row.person_id });
  return [
    facts([["E-mail", shown.email], ["Status", status(shown.status)], ["Role", `${words(shown.role)}: ${MAY[shown.role].toLowerCase()}`], ["Person", identifier(shown.person_id)],
      ["Invitation ends", time(shown.invitation_expires_at)], ["Last signed in", time(shown.last_signed_in_at)], ["Passkeys", String(shown.passkeys.length)]]),
    h("h3", {}, "Role"), form({ class: "line" }, async (made) => {
      await patch(`/v1/console/users/${row.person_id}`, values(made));
      toast("Changed. It acts with the next request.");
      changed();
      load();
    }, field("Role", "role", { options: roles(), value: shown.role }), h("button", { class: "quiet" }, "Change")),
    self() && h("h3", {}, "Sessions"), self() && sessions,
    h("div", { class: "buttons" }, shown.status !== "invited" && !isSelf && action(shown.status === "active" ? "Lock out" : "Let in again", doing(async () => {
      await patch(`/v1/console/users/${row.person_id}`, { status: shown.status === "active" ? "disabled" : "active" });
      changed();
      load();
    })), action("Remove", doing(async () => {
      if (!await ask({ title: `Remove ${shown.name}?`, act: "Remove", lines: [["E-mail", shown.email]], text: "Passkeys and sessions end at once. Who it was stays in the audit log." })) return;
      await remove(`/v1/console/users/${row.person_id}`);
      close();
      changed();
    }))),
  ];
});

/** A person's sessions, each with a button that ends it. */
export async function listSessions(place, query = {}) {
  const { data } = await get("/v1/console/sessions", query);
  const line = (session) => [h("span", {}, browser(session.agent), session.current && h("span", { class: "hint" }, " this one")), h("span", { class: "hint" }, session.source_ip), time(session.last_seen_at),
    !session.current && h("span", { class: "end" }, action("End", doing(async () => {
      await remove(`/v1/console/sessions/${session.session_id}`);
      await listSessions(place, query);
    })))];
  fill(place, data.length ? rows(data.map(line)) : h("p", { class: "hint" }, "No sessions."));
}

function browser(agent) {
  const name = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "Browser";
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return system ? `${name}, ${system}` : name;
}
