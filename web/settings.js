/** Settings that a merchant changes by hand. Each card saves what was changed in it. */

import { get, patch, post } from "./api.js";
import { ask } from "./ask.js";
import { action, card, facts, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { method, network, networks, words } from "./names.js";
import { table } from "./table.js";
import { exactMoment, time } from "./time.js";

const SIGNATURES = [["any", "v1 and v2"], ["v2_only", "v2 only"]];
const PERCENT = "A deposit that is short by up to this much still pays.";
const RULES = "JSON. The first rule that matches decides.";
const NOTHING_KNOWN = "Nothing yet. It is counted where payments could go to more than one connector.";
const SEGMENTS = [
  ["Connector", (each) => words(each.connector), "lead"], ["Success", (each) => `${(100 * each.success_rate).toFixed(1)} % of ${each.samples}`, "num side"],
  ["Payments", (each) => [method(each.method), each.currency, each.brand && words(each.brand)].filter(Boolean).join(", "), "meta"],
];
const CREDENTIALS = 'JSON, as {"razorpay": {"key_id": "…"}}; null removes one. Sealed at once and never shown again.';

export async function settings(place) {
  let now = await get("/v1/merchants/me");
  /** Send what differs from what is stored. */
  const save = async (wanted) => {
    const changed = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now[name])));
    if (!Object.keys(changed).length) return toast("Nothing changed.");
    now = await patch("/v1/merchants/me", changed);
    const held = now.money_under_way.map((each) => ` ${each.connector} still holds ${each.payments} payments and ${each.refunds} refunds: configure it again to end them.`);
    toast(`Saved. Acts everywhere from ${exactMoment(now.settings_effective_at)} on.${held.join("")}`);
  };
  /** A card that is drawn again once it is saved; what was typed into the others meanwhile stays. */
  const kept = (make) => {
    const draw = () => make(now, async (wanted) => {
      await save(wanted);
      const again = draw();
      shown.replaceWith(again);
      shown = again;
    });
    let shown = draw();
    return shown;
  };
  fill(place, account(now), h("div", { class: "grid wide" }, [profile, signing, accountKeys, routing].map(kept)));
}

const account = (now) => card(null, facts([["Merchant", identifier(now.merchant_id)], ["E-mail", now.email], ["Currency", now.currency], ["Status", status(now.status)], ["Since", time(now.created_at)]]));
const text = (made, name) => values(made)[name] ?? null;
const stack = (title, work, ...content) => card(title, form({ class: "stack" }, work, content, h("div", { class: "buttons" }, h("button", {}, "Save"))));

const profile = (now, save) => stack("Profile", (made) => save({ name: text(made, "name"), payee_vpa: text(made, "payee_vpa"), payee_name: text(made, "payee_name"), merchant_category_code: text(made, "merchant_category_code") }),
  field("Name", "name", { value: now.name, required: true }), field("UPI address", "payee_vpa", { value: now.payee_vpa ?? "", placeholder: "name@bank", autocomplete: "off" }),
  field("Name shown to payers", "payee_name", { value: now.payee_name ?? "" }), field("Merchant category code", "merchant_category_code", { value: now.merchant_category_code ?? "", pattern: "[0-9]{4}", inputmode: "numeric" }));

const signing = (now, save) => stack("Signatures and ledger", (made) => save({ signature_policy: text(made, "signature_policy"), ledger_lanes: Number(text(made, "ledger_lanes")) }),
  field("Accepted signatures", "signature_policy", { options: SIGNATURES, value: now.signature_policy }),
  field("Ledger lanes at most", "ledger_lanes", { type: "number", min: "1", max: "64", required: true, value: String(now.ledger_lanes), hint: lanesHint(now) }));

const lanesHint = ({ open_ledger_lanes: open }) => `The most there may be, 1 to 64. Lanes are opened while payments wait for each other; ${open} ${open === 1 ? "is" : "are"} open now.`;

function accountKeys(now, save) {
  const shown = h("div", {});
  const preview = (name) => doing(async () => {
    const xpub = text(made.querySelector("form"), name);
    if (!xpub) return toast("There is no key to preview.");
    const { addresses } = await post("/v1/crypto/xpub/preview", { network: name, xpub });
    fill(shown, h("p", { class: "hint" }, `First addresses on ${network(name)}:`), h("ul", { class: "rows" }, addresses.map((each) => h("li", {}, `${each.index}`, identifier(each.address)))));
  });
  const made = stack("Crypto", (own) => save({ crypto_tolerance_percent: text(own, "crypto_tolerance_percent") ?? "0", xpubs: keysOf(own, now) }),
    networks.map((name) => h("div", { class: "with-action" }, field(`Account key (xpub), ${network(name)}`, name, { value: now.xpubs[name] ?? "", spellcheck: "false", autocomplete: "off" }), action("Preview", preview(name)))),
    shown, field("Tolerance in percent", "crypto_tolerance_percent", { value: now.crypto_tolerance_percent, inputmode: "decimal", hint: PERCENT }));
  return made;
}

/** What is stored, but for the networks that were changed; an emptied one is removed. */
function keysOf(made, now) {
  const changed = networks.filter((name) => text(made, name) !== (now.xpubs[name] ?? null));
  return changed.length ? Object.fromEntries(changed.map((name) => [name, text(made, name)])) : now.xpubs;
}

const routing = (now, save) => stack("Connectors and routing", async (made) => {
  const credentials = parsed(text(made, "connectors") ?? "{}", "Credentials");
  const removed = Object.keys(credentials ?? {}).filter((name) => credentials[name] === null);
  if (removed.length && !await ask(removing(removed))) return;
  await save({ routing_rules: parsed(text(made, "routing_rules") ?? "[]", "Routing rules"), ...(Object.keys(credentials).length && { connectors: credentials }) });
}, facts([["Configured", Object.keys(now.connectors).join(", ") || "none"]]),
field("Credentials to store", "connectors", { lines: 3, spellcheck: "false", autocomplete: "off", hint: CREDENTIALS }),
field("Routing rules", "routing_rules", { lines: 6, spellcheck: "false", value: JSON.stringify(now.routing_rules, null, 2), hint: RULES }),
h("h3", {}, "What is known of connectors"), table({ path: "/v1/routing/segments", label: "What is known of connectors", none: NOTHING_KNOWN, columns: SEGMENTS }));

const removing = (names) => ({
  title: `Remove ${names.join(", ")}?`, act: "Remove", lines: [["Connectors", names.join(", ")]],
  text: "The stored credentials are deleted, also those that payments and refunds under way still need. This cannot be undone.",
});

function parsed(json, what) {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error(`${what} are not JSON.`);
  }
}
