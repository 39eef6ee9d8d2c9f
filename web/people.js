/** The people of a merchant: invite, change, remove, and their sessions. */

import { get, patch, person as self, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, facts, fill, h, identifier, rows, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, values } from "./forms.js";
import { words } from "./names.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const ROLES = ["admin", "developer", "finance", "support", "read_only", "owner"];
const MAY = {
  owner: () => t("Everything; alone makes owners"), admin: () => t("Everything but owners"), developer: () => t("Keys, settings, webhooks"),
  finance: () => t("Refunds, disputes, settlements"), support: () => t("Refunds and disputes"), read_only: () => t("Reads, changes nothing"),
};
const roles = () => ROLES.filter((role) => role !== "owner" || !self() || self().person.role === "owner").map((role) => [role, `${words(role)} · ${MAY[role]()}`]);

export function people(place) {
  const shown = h("div", {}), list = h("div", {});
  const show = () => fill(list, table({ path: "/v1/console/users", label: t("People"), none: t("No people yet. Invite yourself first with the form above, as owner."), columns: columns(shown, show) }));
  const invite = form({ class: "line" }, async (made) => {
    handOver(shown, await post("/v1/console/users", values(made)));
    made.reset();
    show();
  }, field(t("Name"), "name", { required: true, maxlength: 80, autocomplete: "off" }), field(t("E-mail"), "email", { type: "email", required: true, autocomplete: "off" }),
  field(t("Role"), "role", { options: roles() }), h("button", {}, t("Invite")));
  fill(place, shown, card(t("Invite"), invite), card(t("People"), list));
  show();
}

function handOver(shown, invited) {
  fill(shown, h("section", { class: "card once", role: "alert" }, h("h2", {}, t("{name} is invited", { name: invited.name })),
    invited.sent ? h("p", {}, t("An e-mail to {email} carries the link.", { email: invited.email })) : [
      h("p", { class: "hint" }, t("Hand this link over yourself: it adds a passkey once, within seven days, and is shown only now.")), facts([[t("Link"), identifier(invited.invitation_url)]])]));
}

const columns = (shown, changed) => [
  [t("Name"), (row) => h("button", { class: "link", type: "button", "data-opens": row.person_id, onclick: () => one(row, changed) }, row.name), "lead"],
  [t("Status"), (row) => status(row.status), "side"], [t("E-mail"), (row) => row.email, "wrap"], [t("Role"), (row) => words(row.role)],
  [t("Last signed in"), (row) => time(row.last_signed_in_at)],
  ["", (row) => row.status === "invited" && action(t("New link"), doing(async () => handOver(shown, await post(`/v1/console/users/${row.person_id}/invitation`)))), "actions"],
];

const one = (row, changed) => openDrawer(row.name, row.person_id, async (load) => {
  const shown = await get(`/v1/console/users/${row.person_id}`);
  const sessions = h("div", {});
  const isSelf = self()?.person.person_id === row.person_id;
  const close = () => document.querySelector("dialog[open]").close();
  if (self()) await listSessions(sessions, { person_id: row.person_id });
  return [
    facts([[t("E-mail"), shown.email], [t("Status"), status(shown.status)], [t("Role"), `${words(shown.role)} · ${MAY[shown.role]()}`], [t("Person"), identifier(shown.person_id)],
      [t("Invitation ends"), time(shown.invitation_expires_at)], [t("Last signed in"), time(shown.last_signed_in_at)], [t("Passkeys"), String(shown.passkeys.length)]]),
    h("h3", {}, t("Role")), form({ class: "line" }, async (made) => {
      await patch(`/v1/console/users/${row.person_id}`, values(made));
      toast(t("Changed. It acts with the next request."));
      changed();
      load();
    }, field(t("Role"), "role", { options: roles(), value: shown.role }), h("button", { class: "quiet" }, t("Change"))),
    self() && h("h3", {}, t("Sessions")), self() && sessions,
    h("div", { class: "buttons" }, shown.status !== "invited" && !isSelf && action(shown.status === "active" ? t("Lock out") : t("Let in again"), doing(async () => {
      await patch(`/v1/console/users/${row.person_id}`, { status: shown.status === "active" ? "disabled" : "active" });
      changed();
      load();
    })), action(t("Remove"), doing(async () => {
      if (!await ask({ title: t("Remove {name}?", { name: shown.name }), act: t("Remove"), lines: [[t("E-mail"), shown.email]], text: t("Passkeys and sessions end at once. Who it was stays in the audit log.") })) return;
      await remove(`/v1/console/users/${row.person_id}`);
      close();
      changed();
    }))),
  ];
});

/** A person's sessions, each with a button that ends it. */
export async function listSessions(place, query = {}) {
  const { data } = await get("/v1/console/sessions", query);
  const line = (session) => [h("span", {}, browser(session.agent), session.current && h("span", { class: "hint" }, " ", t("this one"))), h("span", { class: "hint" }, session.source_ip), time(session.last_seen_at),
    !session.current && h("span", { class: "end" }, action(t("End"), doing(async () => {
      await remove(`/v1/console/sessions/${session.session_id}`);
      await listSessions(place, query);
    })))];
  fill(place, data.length ? rows(data.map(line)) : h("p", { class: "hint" }, t("No sessions.")));
}

function browser(agent) {
  const name = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : t("Browser");
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return system ? `${name}, ${system}` : name;
}
