/** Crypto deposits: what the monitor found, and the watch list. */

import { post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, fill, h, identifier, status, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { choices, network, networks } from "./names.js";
import { table } from "./table.js";
import { time } from "./time.js";

export function deposits(place) {
  const watched = h("div", {});
  const show = () => fill(watched, table({ path: "/v1/crypto/addresses", label: "Watched addresses", none: "No address is watched.", columns: addressColumns(show) }));
  const watch = form({ class: "line" }, async (made) => {
    await post("/v1/crypto/address", values(made));
    made.reset();
    show();
  }, field("Address", "address", { required: true, size: "30", spellcheck: "false", autocomplete: "off" }), field("Network", "network", { options: choices(networks, network) }),
  field("Label", "label", { size: "12" }), h("button", {}, "Watch"));
  fill(place, card("Deposits", table({ path: "/v1/crypto/transactions", label: "Deposits", none: "No deposits yet.", columns: DEPOSITS })),
    card("Watched addresses", watch, watched));
  show();
}

const DEPOSITS = [
  ["Transaction", (row) => identifier(row.tx_hash, { short: true }), "lead"], ["Amount", (row) => `${row.amount} ${row.asset}`, "num side strong"],
  ["Status", (row) => status(row.status), "lead"], ["Network", (row) => network(row.network), "side"],
  ["Found", (row) => time(row.detected_at), "meta"], ["Confirmations", (row) => String(row.confirmations), "num"],
];

const addressColumns = (changed) => [
  ["Address", (row) => identifier(row.address), "lead wrap"], ["Network", (row) => network(row.network), "side"],
  ["Label", (row) => row.label, "meta"], ["Payment", (row) => row.payment_id && identifier(row.payment_id, { short: true }), "side"],
  // A payment's own deposit address stays watched, so that late money is not lost.
  ["", (row) => !row.payment_id && action("Stop watching", doing(async () => { if (!await ask(stopping(row))) return; await remove(`/v1/crypto/addresses/${row.address_id}`); toast("No longer watched."); changed(); })), "actions"],
];

const stopping = (row) => ({
  title: "Stop watching this address?", act: "Stop watching", lines: [["Address", row.address], ["Network", network(row.network)]],
  text: "What arrives there from now on is not seen, also not when it is watched again.",
});
