/** API keys: list, rotate, revoke. */

import { post, remove, signIn } from "./api.js";
import { field, fill, h, status, time, toast, values } from "./dom.js";
import { secretCard } from "./secrets.js";
import { table } from "./table.js";

export function keys(place) {
  const told = h("div", {}), list = h("div", {});
  const show = () => fill(list, table({ path: "/v1/merchants/apikeys", paged: false, label: "API keys", none: "No keys.", columns: columns(show) }));
  const rotate = async (event) => {
    event.preventDefault();
    try {
      const made = await post("/v1/merchants/apikey", { overlap_seconds: Number(values(event.target).overlap) });
      await signIn(made.api_key, made.secret);
      fill(told, secretCard("New key", [["API key", made.api_key], ["Secret", made.secret]]));
      show();
    } catch (error) {
      toast(error.message);
    }
  };
  fill(place, told, h("div", { class: "card" }, h("h2", {}, "Rotate"), h("form", { onsubmit: rotate },
    field("The old key works for", "overlap", { options: [["86400", "one more day"], ["3600", "one more hour"], ["604800", "one more week"], ["0", "no longer"]] }), h("button", {}, "New key")),
    h("p", { class: "hint" }, "This tab goes on with the new key.")), h("div", { class: "card" }, list));
  show();
}

const columns = (changed) => [
  ["Key", (row) => h("code", {}, `${row.prefix}…`)], ["Status", (row) => status(row.status)], ["Made", (row) => time(row.created_at)],
  ["Expires", (row) => time(row.expires_at)], ["Last used", (row) => time(row.last_used_at)], ["Scopes", (row) => String(row.scopes.length), "num"],
  ["", (row) => row.status === "active" && h("button", { class: "quiet", onclick: async () => {
    if (!confirm("Revoke this key? Requests signed with it are refused within a minute.")) return;
    await remove(`/v1/merchants/apikeys/${row.key_id}`).then(changed, (error) => toast(error.message));
  } }, "Revoke")],
];
