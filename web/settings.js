/** Settings that a merchant changes by hand. */

import { get, patch } from "./api.js";
import { field, fill, h, toast, values } from "./dom.js";

export async function settings(place) {
  const now = await get("/v1/merchants/me");
  const save = async (event) => {
    event.preventDefault();
    const changed = Object.fromEntries(Object.entries(values(event.target)).filter(([name, value]) => value !== String(now[name] ?? "")));
    if (changed.ledger_lanes) changed.ledger_lanes = Number(changed.ledger_lanes);
    if (!Object.keys(changed).length) return toast("Nothing changed.");
    await patch("/v1/merchants/me", changed).then((after) => { Object.assign(now, after); toast("Saved."); }, (error) => toast(error.message));
  };
  fill(place, h("div", { class: "card" }, h("dl", {}, [["Merchant", h("code", {}, now.merchant_id)], ["E-mail", now.email], ["Currency", now.currency], ["Status", now.status], ["Connectors", Object.keys(now.connectors).join(", ") || "none"]]
    .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))),
  h("form", { class: "stack card", onsubmit: save },
    field("Name", "name", { value: now.name, required: true }), field("Payee VPA (UPI)", "payee_vpa", { value: now.payee_vpa ?? "" }), field("Payee name (UPI)", "payee_name", { value: now.payee_name ?? "" }),
    signatures(now), field("Ledger lanes (1 to 64)", "ledger_lanes", { type: "number", min: "1", max: "64", value: String(now.ledger_lanes) }), h("button", {}, "Save")));
}

function signatures(now) {
  const label = field("Accepted signatures", "signature_policy", { options: [["any", "v1 and v2"], ["v2_only", "v2 only"]] });
  label.querySelector("select").value = now.signature_policy;
  return label;
}
