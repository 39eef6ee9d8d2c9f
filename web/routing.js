/** Routing rules, built by choosing: the first that matches decides. What they would have done stands beside before they are saved. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { action, card, empty, fill, h, toast } from "./dom.js";
import { doing, field, form, refusal } from "./forms.js";
import { experiments } from "./experiments.js";
import { kept, stored, WRITE } from "./merchant_settings.js";
import { method, words } from "./names.js";
import { titled } from "./processors.js";
import { replayed } from "./replay.js";
import { ruleEditor } from "./rules.js";
import { table } from "./table.js";
import { t } from "./texts.js";

const segments = () => [
  [t("Connector"), (each) => titled(each.connector), "lead"], [t("Success"), (each) => t("{rate} % of {samples}", { rate: (100 * each.success_rate).toFixed(1), samples: each.samples }), "num side"],
  [t("Payments"), (each) => [method(each.method), each.currency, each.brand && words(each.brand)].filter(Boolean).join(", "), "meta"],
];

export async function show(place) {
  const held = await stored();
  const { data } = await get("/v1/merchants/connectors", { limit: 100 });
  const names = data.map((each) => each.connector);
  const tried = h("div", {});
  const make = (now, save) => rules(now, save, names, tried);
  fill(place, kept(held, make), tried,
    card(t("What is known of connectors"), table({ path: "/v1/routing/segments", label: t("What is known of connectors"), none: t("Nothing yet. It is counted where payments could go to more than one connector: add a second one under Connectors."), columns: segments() })));
  fill(tried, await experiments(() => { show(place).catch((error) => toast(error.message)); }));
}

/** The rules as a form, and beside it what they would have done with the newest payments. */
function rules(now, save, names, tried) {
  const answer = h("div", { class: "inset", "aria-live": "polite" }, empty(t("Ask what these rules would have done with the newest payments. Nothing is changed by that.")));
  const raw = h("pre", { class: "scroll", tabindex: "0" });
  const editor = ruleEditor(now.routing_rules, names, now.currency, () => { raw.textContent = JSON.stringify(editor.rules(), null, 2); });
  raw.textContent = JSON.stringify(now.routing_rules, null, 2);
  const last = field(t("Newest payments"), "last", { options: [["100", "100"], ["500", "500"], ["2000", "2,000"]], value: "500" });
  const replay = doing(async () => {
    const done = await post("/v1/routing/replay", { routing_rules: editor.rules(), last: Number(last.querySelector("select").value) });
    fill(answer, replayed(done));
  });
  const share = field(t("Percent of payments"), "share", { type: "number", min: "1", max: "99", value: "10" });
  const begin = doing(async () => {
    const percent = Number(share.querySelector("input").value), b = editor.rules();
    if (!now.routing_rules.length) throw new Error(t("Save rules first: an experiment compares others with them."));
    if (!await ask(starting(percent))) return;
    await post("/v1/routing/experiments", { a: now.routing_rules, b, share: percent });
    toast(t("The experiment runs."));
    fill(tried, await experiments(() => tried.replaceChildren()));
  });
  const made = form({ class: "stack", watched: true, needs: WRITE }, async () => save({ routing_rules: editor.rules() }), editor.shown, h("div", { class: "buttons" }, h("button", {}, t("Save"))));
  return h("div", { class: "beside" },
    card(t("Routing rules"), h("p", { class: "hint" }, t("From above, the first rule that matches a payment decides. Without a rule that matches, a connector that can take it is chosen.")), made,
      h("details", {}, h("summary", {}, t("As JSON")), raw)),
    card(t("What they would have done"), h("div", { class: "with-action" }, last, action(t("Replay"), replay)), answer,
      !refusal(WRITE) && h("details", {}, h("summary", {}, t("Try them on a share of payments")), h("p", { class: "hint" }, t("An experiment: this share goes by the rules as they stand in this form, the others by the saved ones.")), h("div", { class: "with-action" }, share, action(t("Start"), begin)))));
}

const starting = (percent) => ({
  title: t("Start an experiment?"), act: t("Start"), lines: [[t("Percent of payments"), String(percent)]],
  text: t("That share of new payments goes by the rules in the form until the experiment is ended."),
});
