/** API keys: list, rotate, revoke. */

import { enterByKey, isOwn, person, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, fill, h, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { secretCard } from "./secrets.js";
import { table } from "./table.js";
import { exactMoment, time } from "./time.js";

const OVERLAPS = [["86400", "One more day"], ["3600", "One more hour"], ["604800", "One more week"], ["0", "No longer"]];

export function keys(place) {
  const shown = h("div", {}), list = h("div", {});
  const show = () => fill(list, table({ path: "/v1/merchants/apikeys", label: "API keys", none: "No keys.", columns: columns(show) }));
  const rotate = form({ class: "line" }, async (made) => {
    const { overlap } = values(made);
    if (!person() && !await ask(renewing(overlap))) return;
    const issued = await post("/v1/merchants/apikey", overlap ? { overlap_seconds: Number(overlap) } : {});
    if (!person()) await enterByKey(issued.api_key, issued.secret);
    fill(shown, secretCard("New key", [["API key", issued.api_key], ["Secret", issued.secret]]));
    show();
  }, !person() && field("The key of this tab goes on working", "overlap", { options: OVERLAPS }), h("button", {}, "New key"),
  h("p", { class: "hint" }, person() ? "It gets the scopes of your role. The others go on." : "This tab goes on with the new key."));
  fill(place, shown, card(person() ? "Add" : "Rotate", rotate), card("Keys", list));
  show();
}

const columns = (changed) => [
  ["Key", (row) => [h("code", {}, `${row.prefix}…`), isOwn(row.prefix) && h("span", { class: "hint" }, " this tab")], "lead"],
  ["Status", (row) => status(row.status), "side"],
  ["Created", (row) => time(row.created_at)], ["Expires", (row) => time(row.expires_at)], ["Last used", (row) => time(row.last_used_at)],
  ["Scopes", (row) => h("details", {}, h("summary", {}, String(row.scopes.length)), h("span", { class: "hint" }, row.scopes.join(", "))), "wrap"],
  ["", (row) => row.status === "active" && action("Revoke", doing(async () => {
    if (!await ask(revoking(row))) return;
    const revoked = await remove(`/v1/merchants/apikeys/${row.key_id}`);
    toast(`Revoked. Refused everywhere from ${exactMoment(revoked.accepted_until)} on.`);
    changed();
  })), "actions"],
];

const revoking = (row) => ({
  title: "Revoke this key?", act: "Revoke", lines: [["Key", `${row.prefix}…`], ["Last used", time(row.last_used_at)]],
  text: `Requests signed with it are refused a minute or so later${isOwn(row.prefix) ? ", those of this tab too" : ""}. This cannot be undone.`,
});
const renewing = (overlap) => ({
  title: "Make a new key?", act: "New key", lines: [["Old key works", OVERLAPS.find(([seconds]) => seconds === overlap)[1].toLowerCase()]],
  text: "Whatever signs with the key of this tab needs the new one by then. This cannot be undone.",
});
