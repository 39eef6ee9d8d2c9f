/** Experiments: two lists of rules side by side, and how the payments of each went. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { action, card, facts, h, rows, status } from "./dom.js";
import { doing, refusal } from "./forms.js";
import { WRITE } from "./merchant_settings.js";
import { money, percent } from "./money.js";
import { t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/v1/routing/experiments";

/** A card with the newest experiments; nothing where there is none. @param {() => void} changed */
export async function experiments(changed) {
  const { data } = await get(PATH, { limit: 5 });
  if (!data.length) return null;
  const whole = await Promise.all(data.map((each) => get(`${PATH}/${each.experiment_id}`)));
  return card(t("Experiments"), whole.map((each) => one(each, changed)));
}

const volume = (arm) => Object.entries(arm.volume).map(([currency, amount]) => money(amount, currency)).join(", ");
const line = (name, arm) => [h("strong", {}, name), h("span", {}, t("{approved} of {decided} approved", { approved: String(arm.approved), decided: String(arm.decided) })), arm.success_rate && h("span", {}, percent(arm.success_rate)), h("span", { class: "end num" }, volume(arm))];

const one = (each, changed) => h("div", { class: "inset" }, facts([[t("Status"), status(each.ended_at ? "done" : "active", each.ended_at ? t("Ended") : t("Runs"))], [t("Begun"), time(each.started_at)], [t("Ended"), time(each.ended_at)], [t("Share"), `${each.share} %`]]),
  rows([line(t("Saved rules"), each.arms.a), line(t("Other rules"), each.arms.b)]),
  !each.ended_at && !refusal(WRITE) && action(t("End the experiment"), doing(async () => {
    if (!await ask({ title: t("End the experiment?"), act: t("End"), lines: [[t("Begun"), time(each.started_at)]], text: t("The saved rules decide again. It cannot be begun again; a new one can.") })) return;
    await post(`${PATH}/${each.experiment_id}/end`);
    changed();
  })));
