/** The ledger's proof: verifications, one that is started here, and checkpoints. */

import { get, may, post } from "./api.js";
import { action, card, failure, facts, fill, h, identifier, loading, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { field } from "./forms.js";
import { because } from "./operator_acts.js";
import { table } from "./table.js";
import { number, t } from "./texts.js";
import { time } from "./time.js";

const V1 = "/operator/v1/ledger";

export function ledger(place) {
  const runs = h("div", {});
  const start = action(t("Verify now"), async () => {
    const question = { title: t("Verify the ledger?"), text: t("Every entry is compared with the signed checkpoints, in the background."), act: t("Verify now") };
    const run = await because(question, (body) => post(`${V1}/verifications`, body));
    if (!run) return;
    begun(run, null);
    await verifications(runs);
  });
  const walk = action(t("Verify an audit log"), async () => {
    const merchant = field(t("Merchant"), "merchant_id", { pattern: "mer_[a-z2-7]{26}", autocomplete: "off", spellcheck: "false", placeholder: "mer_…", hint: t("Empty: the operators' own audit log.") });
    const question = { title: t("Verify an audit log?"), text: t("Every entry is compared with the one before it and with the signed seals, in the background."), act: t("Verify now"), fields: [merchant] };
    let wanted = "operators";
    const run = await because(question, ({ merchant_id: id, ...rest }) => {
      wanted = id || wanted;
      return post(`${V1}/verifications`, { ...rest, of: "audit_log", ...(id && { merchant_id: id }) });
    });
    if (!run) return;
    begun(run, wanted);
    await verifications(runs);
  });
  fill(place, card(t("Verifications"), h("p", { class: "hint" }, t("Every entry is compared with the signed checkpoints, in the background.")), runs,
    h("div", { class: "buttons" }, may("operator:operate") && [start, walk], action(t("Look again"), () => verifications(runs)))),
  card(t("Checkpoints"), table({ path: `${V1}/checkpoints`, label: t("Checkpoints"), none: t("There is no checkpoint yet: the first entry makes one within minutes."), columns: columns() })));
  return verifications(runs);
}

/** There is one at a time: where another one runs, that is what is answered. @param {{audit_log: string | null}} answered @param {string | null} wanted */
const begun = (answered, wanted) => toast(answered.audit_log === wanted ? t("The verification runs. Look again in a minute.") : t("Another verification runs. Ask again when it has ended."));

async function verifications(place) {
  fill(place, loading());
  try {
    const { data } = await get(`${V1}/verifications`);
    fill(place, data.length ? data.map(run) : h("p", { class: "state" }, t("None was started yet.")));
  } catch (error) {
    fill(place, failure(error, () => verifications(place)));
  }
}

const run = (each) => h("section", { class: "card" }, facts([
  [t("Verification {number}", { number: each.number }), status(each.status)], [t("Verified"), each.audit_log ? t("Audit log of {whom}", { whom: each.audit_log === "operators" ? t("the operators") : each.audit_log }) : t("The ledger")],
  [t("Started"), time(each.started_at)], [t("Entries"), `${number(each.entries)} / ${number(each.of_entries)}`], [t("Checkpoints"), each.audit_log ? null : `${number(each.checkpoint)} / ${number(each.of_checkpoints)}`], [t("Differences"), number(each.found)], ...each.findings.map((one) => [one.where, one.problem]),
]));

const columns = () => [
  [t("Number"), (row) => h("button", { class: "link", type: "button", "data-opens": `checkpoint-${row.number}`, onclick: () => one(row) }, number(row.number)), "lead"],
  [t("Sealed"), (row) => time(new Date(row.sealed_at_ms).toISOString()), "side"], [t("Entries"), (row) => number(row.total_entries), "num"],
];

const one = (row) => openDrawer(t("Checkpoint {number}", { number: row.number }), `checkpoint-${row.number}`, async () =>
  facts(Object.entries(row).filter(([, value]) => value !== null).map(([name, value]) => [name, identifier(String(value))])));
