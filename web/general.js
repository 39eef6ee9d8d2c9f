/** Who the merchant is, how requests are signed, crypto, limits, and what invoices and exports say. */

import { person, post } from "./api.js";
import { dangerousActs } from "./approvals.js";
import { action, card, facts, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, values } from "./forms.js";
import { accountNames, billing, cardStorage, limits, reportDays } from "./general_parts.js";
import { kept, stack, stored } from "./merchant_settings.js";
import { network, networks } from "./names.js";
import { t } from "./texts.js";
import { time } from "./time.js";

export async function show(place) {
  const held = await stored();
  const cards = [profile, billing, signing, accountKeys, limits, reportDays, accountNames, cardStorage, ...(person() ? [dangerousActs] : [])];
  fill(place, account(held.now), h("div", { class: "grid wide" }, cards.map((make) => kept(held, make))));
}

const account = (now) => card(null, facts([[t("Merchant"), identifier(now.merchant_id)], [t("E-mail"), now.email], [t("Currency"), now.currency], [t("Status"), status(now.status)], [t("Since"), time(now.created_at)]]));
const text = (made, name) => values(made)[name] ?? null;

const profile = (now, save) => stack(t("Profile"), (made) => save({ name: text(made, "name"), payee_vpa: text(made, "payee_vpa"), payee_name: text(made, "payee_name"), merchant_category_code: text(made, "merchant_category_code") }),
  field(t("Name"), "name", { value: now.name, required: true }), field(t("UPI address"), "payee_vpa", { value: now.payee_vpa ?? "", placeholder: "name@bank", autocomplete: "off" }),
  field(t("Name in UPI apps"), "payee_name", { value: now.payee_name ?? "" }), field(t("Merchant category code"), "merchant_category_code", { value: now.merchant_category_code ?? "", pattern: "[0-9]{4}", inputmode: "numeric", hint: t("Four digits (ISO 18245), such as 5411 for groceries.") }));

const signing = (now, save) => stack(t("Signatures and ledger"), (made) => save({ signature_policy: text(made, "signature_policy"), ledger_lanes: Number(text(made, "ledger_lanes")) }),
  field(t("Accepted signatures"), "signature_policy", { options: [["any", t("v1 and v2")], ["v2_only", t("v2 only")]], value: now.signature_policy }),
  field(t("Ledger lanes at most"), "ledger_lanes", { type: "number", min: "1", max: "64", required: true, value: String(now.ledger_lanes), hint: t("1 to 64. Lanes are opened while payments wait for each other; open now: {open}.", { open: now.open_ledger_lanes }) }));

function accountKeys(now, save) {
  const shown = h("div", {});
  const preview = (name) => doing(async () => {
    const xpub = text(made.querySelector("form"), name);
    if (!xpub) {
      toast(t("There is no key to preview."));
      return;
    }
    const { addresses } = await post("/v1/crypto/xpub/preview", { network: name, xpub });
    fill(shown, h("p", { class: "hint" }, t("First addresses on {network}:", { network: network(name) })), h("ul", { class: "rows" }, addresses.map((each) => h("li", {}, `${each.index}`, identifier(each.address)))));
  });
  const made = stack(t("Crypto"), (own) => save({ crypto_tolerance_percent: text(own, "crypto_tolerance_percent") ?? "0", xpubs: keysOf(own, now) }),
    networks.map((name) => h("div", { class: "with-action" }, field(t("Account key (xpub), {network}", { network: network(name) }), name, { value: now.xpubs[name] ?? "", spellcheck: "false", autocomplete: "off" }), action(t("Preview"), preview(name)))),
    shown, field(t("Tolerance in percent"), "crypto_tolerance_percent", { value: now.crypto_tolerance_percent, inputmode: "decimal", hint: t("A deposit that is short by up to this much still pays.") }));
  return made;
}

/** What is stored, but for the networks that were changed; an emptied one is removed. */
function keysOf(made, now) {
  const changed = networks.filter((name) => text(made, name) !== (now.xpubs[name] ?? null));
  return changed.length ? Object.fromEntries(changed.map((name) => [name, text(made, name)])) : now.xpubs;
}
