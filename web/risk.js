/** Risk: payments that wait for a person, the rules with what they would have stopped beside, and the blocklist. */

import { post, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, empty, facts, fill, h, identifier, toast } from "./dom.js";
import { doing, field, form, refusal, values } from "./forms.js";
import { kept, stored, WRITE } from "./merchant_settings.js";
import { money } from "./money.js";
import { words } from "./names.js";
import { waiting } from "./reviewing.js";
import { consequences, riskEditor } from "./risk_rules.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const BLOCKLIST = "/v1/blocklist", SHOWN = 10;

export async function risk(place) {
  const held = await stored(), reviews = h("div", {});
  const show = () => fill(reviews, card(t("Waiting for a decision"), table({ path: "/v1/payments", query: { in_review: "true" }, label: t("Payments in review"), none: t("No payment waits. A rule that holds payments for a person brings them here: add one below."), columns: waiting(show) })));
  fill(place, reviews, kept(held, rules), blocklist());
  show();
}

/** The rules as a form, and beside it what they would have stopped. */
function rules(now, save) {
  const answer = h("div", { class: "inset", "aria-live": "polite" }, empty(t("Ask which of the newest payments these rules would have stopped. Nothing is changed by that.")));
  const stale = () => answer.classList.add("quiet");
  const editor = riskEditor(now.risk_rules, now.currency, stale);
  const last = field(t("Newest payments"), "last", { options: [["100", "100"], ["500", "500"], ["2000", "2,000"]], value: "500" });
  const replay = doing(async () => {
    fill(answer, replayed(await post("/v1/risk_replays", { risk_rules: editor.rules(), last: Number(last.querySelector("select").value) })));
    answer.classList.remove("quiet");
  });
  const made = form({ class: "stack", watched: true, needs: WRITE }, async () => save({ risk_rules: editor.rules() }), editor.shown, h("div", { class: "buttons" }, h("button", {}, t("Save"))));
  return h("div", { class: "beside" },
    card(t("Risk rules"), h("p", { class: "hint" }, t("Of several rules of which there is too much, the strictest decides. A wallet's payments pass without them.")), made),
    card(t("What they would have stopped"), h("div", { class: "with-action" }, last, action(t("Try them"), replay)), answer));
}

function replayed(done) {
  if (!done.payments) return h("p", { class: "state" }, t("There is no payment yet before which rules stand."));
  const named = Object.fromEntries(consequences());
  return [facts([[t("Payments"), String(done.payments)], [t("Stopped"), String(done.stopped_count)]]),
    h("ul", { class: "rows" }, done.rules.map((each) => h("li", {}, h("code", {}, each.rule_id), h("span", {}, t("{stopped} stopped, {paid} of them paid", { stopped: String(each.stopped), paid: String(each.paid) })),
      each.unknown > 0 && h("span", { class: "hint" }, t("not known of {unknown}", { unknown: String(each.unknown) }))))),
    done.stopped.length > 0 && h("details", {}, h("summary", {}, t("Payments that would have been stopped")), h("ul", { class: "rows" }, done.stopped.slice(0, SHOWN).map((each) =>
      h("li", {}, h("a", { href: `#payments/${each.payment_id}` }, h("code", {}, `${each.payment_id.slice(0, 14)}…`)), h("span", {}, money(each.amount, each.currency)), h("span", { class: "hint" }, `${words(each.status)} · ${named[each.then]}`))))),
    h("details", {}, h("summary", {}, t("What this cannot know")), h("ul", {}, done.notes.map((each) => h("li", { class: "hint" }, each))))];
}

const kinds = () => [["email", t("E-mail address")], ["customer", t("User")], ["card", t("Card (fingerprint of its token)")], ["ip", t("Address")]];

function blocklist() {
  const list = h("div", {});
  const show = () => fill(list, table({ path: BLOCKLIST, label: t("Blocklist"), none: t("Nothing is blocked. The form above blocks a card, an address, a user or an e-mail address."), columns: columns(show) }));
  const adding = form({ class: "line", needs: "risk:write" }, async (filled) => {
    const { kind, value, reason } = values(filled);
    await post(BLOCKLIST, { kind, value, ...(reason && { reason }) });
    filled.reset();
    toast(t("Blocked."));
    show();
  }, field(t("What is blocked"), "kind", { options: kinds() }), field(t("Value"), "value", { required: true, maxlength: "254", size: "26", autocomplete: "off" }),
  field(t("Reason"), "reason", { maxlength: "200", size: "26", autocomplete: "off" }), h("button", {}, t("Block")));
  show();
  return card(t("Blocklist"), h("p", { class: "hint" }, t("Who is blocked pays nothing by card, and nothing on the payers' pages. Addresses, users and e-mail addresses are kept as hashes: the reason says whom it is about.")), adding, list);
}

const columns = (changed) => [
  [t("Reason"), (row) => row.reason ?? t("Without a reason"), "lead wrap"], [t("What is blocked"), (row) => Object.fromEntries(kinds())[row.kind], "side"], [t("Value"), (row) => row.value && identifier(row.value, { short: true })],
  [t("Until"), (row) => (row.expires_at ? time(row.expires_at) : t("for good"))], [t("Since"), (row) => time(row.created_at), "meta"],
  ["", (row) => !refusal("risk:write") && action(t("Remove"), doing(async () => {
    if (!await ask({ title: t("Remove this entry?"), act: t("Remove"), text: t("Its value may pay again."), lines: [[t("Reason"), row.reason], [t("What is blocked"), Object.fromEntries(kinds())[row.kind]]] })) return;
    await remove(`${BLOCKLIST}/${row.entry_id}`);
    changed();
  }), { "aria-label": t("Remove {reason}", { reason: row.reason ?? row.entry_id }) }), "actions"],
];
