/** Crypto deposits: what the monitor found, and the watch list. */

import { post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { choices, network, networks } from "./names.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

export function deposits(place) {
  const watched = h("div", {});
  const show = () => fill(watched, table({ path: "/v1/crypto/addresses", label: t("Watched addresses"), none: t("No address is watched. The form above watches one."), columns: addressColumns(show) }));
  const watch = form({ class: "line" }, async (made) => {
    await post("/v1/crypto/address", values(made));
    made.reset();
    show();
  }, field(t("Address"), "address", { required: true, size: "30", spellcheck: "false", autocomplete: "off" }), field(t("Network"), "network", { options: choices(networks, network) }),
  field(t("Label"), "label", { size: "12" }), h("button", {}, t("Watch")));
  fill(place, card(t("Deposits"), table({ path: "/v1/crypto/transactions", label: t("Deposits"), none: [t("No deposits yet."), " ", t("Watch an address below, or"), " ", h("a", { href: "#links" }, t("make a payment link")), "."], columns: depositColumns() })),
    card(t("Watched addresses"), watch, watched));
  show();
}

const depositColumns = () => [
  [t("Transaction"), (row) => identifier(row.tx_hash, { short: true }), "lead"], [t("Amount"), (row) => `${row.amount} ${row.asset}`, "num side strong"],
  [t("Status"), (row) => status(row.status), "lead"], [t("Network"), (row) => network(row.network), "side"],
  [t("Found"), (row) => time(row.detected_at), "meta"], [t("Confirmations"), (row) => String(row.confirmations), "num"],
];

const addressColumns = (changed) => [
  [t("Address"), (row) => identifier(row.address), "lead wrap"], [t("Network"), (row) => network(row.network), "side"],
  [t("Label"), (row) => row.label, "meta"], [t("Payment"), (row) => row.payment_id && identifier(row.payment_id, { short: true }), "side"],
  // A payment's own deposit address stays watched, so that late money is not lost.
  ["", (row) => !row.payment_id && action(t("Stop watching"), doing(async () => { if (!await ask(stopping(row))) return; await remove(`/v1/crypto/addresses/${row.address_id}`); toast(t("No longer watched.")); changed(); })), "actions"],
];

const stopping = (row) => ({
  title: t("Stop watching this address?"), act: t("Stop watching"), lines: [[t("Address"), row.address], [t("Network"), network(row.network)]],
  text: t("What arrives there from now on is not seen, also not when it is watched again."),
});
