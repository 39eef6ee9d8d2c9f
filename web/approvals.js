/** Acts that wait for a second person: who asked for what, and the buttons that decide. And which acts those are, as a form. */

import { get, patch, person } from "./api.js";
import { ask } from "./ask.js";
import { action, card, empty, fill, h, status, toast } from "./dom.js";
import { doing, field, tick, values } from "./forms.js";
import { stack } from "./merchant_settings.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/v1/approvals";
const KINDS = {
  refunds: () => t("Large refunds"), keys: () => t("New API keys"), connectors: () => t("Connectors"), bank_details: () => t("Where money goes: UPI address, account keys"),
  roles: () => t("Invitations and roles"), write_offs: () => t("Write-offs of the reconciliation"), rules: () => t("These rules"),
};
const STATES = { asked: () => t("Waits"), approved: () => t("Approved"), rejected: () => t("Rejected"), withdrawn: () => t("Withdrawn"), used: () => t("Done"), expired: () => t("Over") };
const LOOKS = { asked: "pending", approved: "active", used: "success" };

/** A card with what waits; nothing where there is nothing to see. */
export function approvals(place) {
  const show = async () => {
    const { data } = await get(PATH, { limit: "20" });
    const list = data.length ? data.map((each) => line(each, show)) : empty(t("Nothing waits for a second person."));
    fill(place, card(t("Two people"), h("div", { class: "rows approvals" }, list)));
  };
  return show();
}

function line(each, changed) {
  const own = each.asked_by === person().person.person_id, open = each.status === "asked" || each.status === "approved";
  const decide = (decision, title, text) => doing(async () => {
    if (!await ask({ title, act: title.replace("?", ""), text, lines: [[t("Act"), kinds(each)], [t("Asked by"), each.asked_name], [t("Request"), h("code", {}, each.method, " ", each.path)]] })) return;
    await patch(`${PATH}/${each.approval_id}`, { decision });
    toast(t("Decided."));
    changed();
  });
  return h("article", { class: "approval" },
    h("p", { class: "lead" }, kinds(each), " ", status(LOOKS[each.status] ?? "failed", STATES[each.status]())),
    h("p", { class: "hint" }, t("{name}, {when}", { name: each.asked_name, when: time(each.asked_at) }), open && [" · ", t("until {when}", { when: time(each.ends_at) })], each.decided_name && [" · ", t("decided by {name}", { name: each.decided_name })]),
    h("details", {}, h("summary", {}, t("What was asked")), h("p", {}, h("code", {}, each.method, " ", each.path)), h("pre", {}, pretty(each.asked))),
    own && each.status === "approved" && h("p", {}, t("Approved: do it again in the same way, and it is carried out.")),
    h("div", { class: "buttons" },
      !own && each.status === "asked" && action(t("Approve"), decide("approve", t("Approve?"), t("It is carried out when the person who asked does it again."))),
      !own && open && action(t("Reject"), decide("reject", t("Reject?"), t("The person who asked may ask again."))),
      own && open && action(t("Withdraw"), decide("withdraw", t("Withdraw?"), t("You may ask again.")))));
}

const kinds = (each) => each.kinds.map((kind) => KINDS[kind]()).join(", ");

function pretty(text) {
  return text ? JSON.stringify(JSON.parse(text), null, 1) : "";
}

/** Which acts are dangerous, and which need a second person. */
export const dangerousActs = (now, save) => stack(t("Dangerous acts"), (made) => {
  const chosen = new FormData(made).getAll("two_people");
  return save({ dangerous_acts: { refund_above: values(made).refund_above ?? null, two_people: chosen } });
}, h("p", { class: "hint" }, t("Keys, connectors, roles, write-offs and where money goes ask people for a passkey that was just used. So does a refund above the amount, a wallet's top-up, the acceptance of a dispute and a new secret of a webhook.")),
field(t("A refund is large above ({currency})", { currency: now.currency }), "refund_above", { inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", autocomplete: "off", value: now.dangerous_acts.refund_above ?? "", hint: t("Empty: no refund is large.") }),
h("fieldset", {}, h("legend", {}, t("A second person approves")), h("p", { class: "hint" }, t("Where any is chosen, new keys, invitations and roles, and these rules need a second person as well: one alone could make a second one.")), Object.entries(KINDS).filter(([kind]) => kind !== "rules").map(([kind, label]) => tick(label(), "two_people", { value: kind, checked: now.dangerous_acts.two_people.includes(kind) }))));
