/** Crypto deposits: what the monitor found, and the watch list. */

import { fill, h, status, time } from "./dom.js";
import { table } from "./table.js";

export function deposits(place) {
  fill(place,
    h("div", { class: "card" }, h("h2", {}, "Deposits"), table({ path: "/v1/crypto/transactions", label: "Deposits", none: "No deposits yet.", columns: [
      ["Found", (row) => time(row.detected_at)], ["Network", (row) => row.network], ["Status", (row) => status(row.status)], ["Confirmations", (row) => String(row.confirmations), "num"],
      ["Amount", (row) => `${row.amount} ${row.asset}`, "num"], ["Transaction", (row) => h("code", {}, row.tx_hash), "wrap"]] })),
    h("div", { class: "card" }, h("h2", {}, "Watched addresses"), table({ path: "/v1/crypto/addresses", label: "Watched addresses", none: "No addresses watched.", columns: [
      ["Network", (row) => row.network], ["Address", (row) => h("code", {}, row.address), "wrap"], ["Label", (row) => row.label ?? "–"], ["Watched", (row) => (row.is_active ? "yes" : "no")]] })));
}
