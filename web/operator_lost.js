/** Records that were lost to their functions: what waits, the last runs that handed some over again, and a button that asks for one. */

import { get, may, post } from "./api.js";
import { action, facts, failure, fill, h, loading, status, toast } from "./dom.js";
import { doing } from "./forms.js";
import { words } from "./names.js";
import { because } from "./operator_acts.js";
import { number, t } from "./texts.js";
import { time } from "./time.js";

const PATH = "/operator/v1/lost_records";

export async function showLost(place) {
  const again = () => showLost(place);
  fill(place, loading());
  try {
    const { data, waiting, runs } = await get(PATH);
    fill(place, data.length ? data.map(note) : h("p", { class: "state" }, t("No record was lost.")), waiting > data.length && h("p", { class: "hint" }, t("About {waiting} wait.", { waiting })), runs.map(run),
      h("div", { class: "buttons" }, may("operator:operate") && action(t("Hand over again"), handOver(waiting, again)), action(t("Look again"), again)));
  } catch (error) {
    fill(place, failure(error, again));
  }
}

const note = (each) => h("section", { class: "card" }, facts([[t("Function"), each.function], [t("Stream of"), each.source], [t("Records"), each.records && number(each.records)], [t("Reason"), each.reason && words(each.reason)], [t("First"), each.first_at && time(each.first_at)]]));

const run = (each) => h("section", { class: "card" }, facts([[t("Run {number}", { number: each.number }), each.status === "running" ? status("pending", t("Running")) : status("success", t("Done"))], [t("Started"), time(each.started_at)], [t("Last"), time(each.updated_at)],
  [t("Results"), results(each) || (each.status === "done" && t("There was none."))]]));

const results = (each) => Object.entries(each.results).map(([result, count]) => `${number(count)} ${words(result)}`).join(", ");

const handOver = (waiting, again) => doing(async () => {
  const question = { title: t("Hand lost records over again?"), act: t("Hand over again"), lines: [[t("Waiting"), number(waiting)]], text: t("Each goes to its own function once more, within about five minutes. Functions take a record twice without harm. What fails again stays.") };
  if (!await because(question, (filled) => post(PATH, filled))) return;
  toast(t("The run begins within five minutes. Look again then."));
  again();
});
