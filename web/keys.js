/** API keys: what each may do, a new one, revoke. */

import { enterByKey, isOwn, may, person, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { choosing } from "./choosing.js";
import { action, card, facts, fill, h, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, refusal, values } from "./forms.js";
import { scopeGroups } from "./scopes.js";
import { secretCard } from "./secrets.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { exactMoment, time } from "./time.js";

const WRITE = "merchant:write";
const overlaps = () => [["86400", t("One more day")], ["3600", t("One more hour")], ["604800", t("One more week")], ["0", t("No longer")]];

export function keys(place) {
  const shown = h("div", {}), list = h("div", {}), adding = h("div", {});
  const show = () => fill(list, table({ path: "/v1/merchants/apikeys", label: t("API keys"), none: t("No keys. The form above makes one."), columns: columns(show) }));
  const renew = () => fill(adding, making(shown, () => {
    show();
    renew();
  }));
  fill(place, shown, card(person() ? t("Add") : t("Rotate"), adding), card(t("Keys"), list));
  renew();
  show();
}

/** The form of a new key: scopes that one has oneself, an end, and for how long the key of this tab goes on. */
function making(shown, made) {
  const own = person()?.scopes;
  const offered = choosing({
    legend: t("What it may do"), name: "scopes", groups: scopeGroups((each) => may(each)), chosen: new Set(own ? own.filter((each) => each.endsWith(":read")) : []),
    presets: [[t("Read only"), (each) => each.endsWith(":read")], [t("Everything"), () => true], [t("Nothing"), () => false]],
  });
  const work = async (filled) => {
    const { overlap, expires } = values(filled), chosen = offered.chosen();
    if (!chosen.length && own) throw new Error(t("Tick what the key may do."));
    if (!own && !await ask(renewing(overlap))) return;
    const issued = await post("/v1/merchants/apikey", {
      ...(overlap && { overlap_seconds: Number(overlap) }), ...(chosen.length && { scopes: chosen }), ...(expires && { expires_at: new Date(`${expires}T23:59:59`).toISOString() }),
    });
    if (!own) await enterByKey(issued.api_key, issued.secret);
    fill(shown, secretCard(t("New key"), [[t("API key"), issued.api_key], [t("Secret"), issued.secret]]));
    shown.scrollIntoView({ block: "nearest" });
    made();
  };
  return form({ class: "stack", watched: true, needs: WRITE }, work, offered,
    !own && h("p", { class: "hint" }, t("With nothing ticked it gets the scopes of the key of this tab.")),
    h("div", { class: "pair" }, field(t("Ends after (never when empty)"), "expires", { type: "date", min: today() }), !own && field(t("The key of this tab goes on working"), "overlap", { options: overlaps() })),
    h("p", { class: "hint" }, own ? t("At most the scopes of your role can be given. The other keys go on.") : t("This tab goes on with the new key.")),
    h("div", { class: "buttons" }, h("button", {}, t("New key"))));
}

const today = () => new Date().toISOString().slice(0, 10);

const columns = (changed) => [
  [t("Key"), (row) => [h("code", {}, `${row.prefix}…`), isOwn(row.prefix) && h("span", { class: "hint" }, " ", t("this tab"))], "lead"],
  [t("Status"), (row) => status(row.status), "side"],
  [t("Created"), (row) => time(row.created_at)], [t("Expires"), (row) => time(row.expires_at)], [t("Last used"), (row) => time(row.last_used_at)],
  [t("Scopes"), (row) => h("button", { class: "link", type: "button", "data-opens": row.key_id, onclick: () => one(row) }, String(row.scopes.length))],
  ["", (row) => row.status === "active" && !refusal(WRITE) && action(t("Revoke"), doing(async () => {
    if (!await ask(revoking(row))) return;
    const revoked = await remove(`/v1/merchants/apikeys/${row.key_id}`);
    toast(t("Revoked. Refused everywhere from {moment} on.", { moment: exactMoment(revoked.accepted_until) }));
    changed();
  })), "actions"],
];

/** What a key may do, in words. */
const one = (row) => openDrawer(t("API key"), row.key_id, async () => [
  facts([[t("Key"), h("code", {}, `${row.prefix}…`)], [t("Status"), status(row.status)], [t("Created"), time(row.created_at)], [t("Expires"), time(row.expires_at)], [t("Last used"), time(row.last_used_at)]]),
  ...scopeGroups((each) => row.scopes.includes(each)).map(([title, all]) => [h("h3", {}, title), h("ul", { class: "rows" }, all.map(([scope, , means]) => h("li", {}, h("code", {}, scope), h("span", { class: "hint" }, means))))]),
]);

const revoking = (row) => ({
  title: t("Revoke this key?"), act: t("Revoke"), lines: [[t("Key"), `${row.prefix}…`], [t("Last used"), time(row.last_used_at)]],
  text: isOwn(row.prefix) ? t("Requests signed with it are refused a minute or so later, those of this tab too. This cannot be undone.") : t("Requests signed with it are refused a minute or so later. This cannot be undone."),
});
const renewing = (overlap) => ({
  title: t("Make a new key?"), act: t("New key"), lines: [[t("Old key works"), overlaps().find(([seconds]) => seconds === overlap)[1].toLowerCase()]],
  text: t("Whatever signs with the key of this tab needs the new one by then. This cannot be undone."),
});
