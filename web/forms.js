/** Forms: labelled fields, and work that a button starts: it waits, says what went wrong at the field where it is wrong, and keeps what was typed. */

import { may, person } from "./api.js";
import { fill, h, toast } from "./dom.js";
import { words } from "./names.js";
import { t } from "./texts.js";
import { watch, watches } from "./unsaved.js";

/** A labelled field. @param {{options?: [string, string][], hint?: string, lines?: number}} props */
export function field(label, name, props = {}) {
  const { options, hint, lines, value, ...rest } = props;
  const input = options ? h("select", { name, ...rest }, options.map(([each, text]) => h("option", { value: each }, text))) : h(lines ? "textarea" : "input", { name, rows: lines, ...rest });
  if (value !== undefined) input.value = value;
  return h("label", {}, h("span", {}, label), input, hint && h("span", { class: "hint" }, hint));
}

/** A check box with what it means beside it. */
export const tick = (label, name, { hint, ...rest } = {}) =>
  h("label", { class: "tick" }, h("input", { type: "checkbox", name, ...rest }), h("span", {}, label, hint && h("span", { class: "hint" }, hint)));

/** The filled fields of a form. */
export const values = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));

/** Why one who is signed in may not do this; null when one may. @param {string} scope */
export const refusal = (scope) => (may(scope) ? null : t("Your role, {role}, may not change this. An owner or an admin can.", { role: words(person().person.role) }));

/**
 * A form that does something. `watched`: one is asked before what was typed is lost. `needs`: the scope without which it is shown and not used.
 * @param {(form: HTMLFormElement) => Promise<any>} work @param {any[]} content
 */
export function form({ watched = false, needs = null, ...props }, work, ...content) {
  const problem = h("p", { class: "problem", role: "alert" });
  const why = needs && refusal(needs);
  let busy = false;
  const submit = async (event) => {
    event.preventDefault();
    if (busy || why) return;
    busy = true;
    forget(made, problem);
    const before = document.activeElement;
    const buttons = [...made.querySelectorAll("button")].filter((each) => !each.disabled);
    buttons.forEach((each) => { each.disabled = true; });
    let wrong = null;
    try {
      await work(made);
      if (watches(made)) watch(made);
    } catch (error) {
      wrong = show(made, problem, error);
    }
    buttons.forEach((each) => { each.disabled = false; });
    busy = false;
    if (wrong) wrong.focus();
    else giveBack(before);
  };
  const made = h("form", { ...props, onsubmit: submit }, why ? [h("p", { class: "hint" }, why), h("fieldset", { class: "plain", disabled: true }, content)] : content, problem);
  // What is wrong in a folded part could not be seen, and a browser would say nothing of it.
  made.addEventListener("invalid", (event) => unfold(event.target), true);
  if (watched && !why) queueMicrotask(() => watch(made));
  return made;
}

const unfold = (element) => element.closest("details:not([open])")?.setAttribute("open", "");

function forget(made, problem) {
  fill(problem);
  made.querySelectorAll(".problem.at").forEach((each) => each.remove());
  made.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
}

/** Say each problem at its field, and the others at the end. @returns the first wrong field, which gets the focus */
function show(made, problem, error) {
  const found = error.details?.fields ?? (error.details?.field ? [{ field: error.details.field, problem: error.message }] : []);
  const placed = found.map((each) => [fieldOf(made, each.field), each]).filter(([element]) => element);
  for (const [element, each] of placed) {
    const said = h("span", { class: "problem at" }, each.problem);
    unfold(element);
    if (element.matches("input, select, textarea")) {
      element.setAttribute("aria-invalid", "true");
      element.closest("label").append(said);
    } else element.append(said);
  }
  fill(problem, placed.length && placed.length === found.length ? t("Nothing was saved. See the marked fields.") : error.message);
  return placed.find(([element]) => element.matches("input, select, textarea"))?.[0] ?? null;
}

/** The element of a place such as `billing.tax_id`: one of that name, one that ends so, or what is around it. */
function fieldOf(made, place) {
  const all = [...made.querySelectorAll("[name], [data-field]")].filter((each) => each.type !== "hidden" || each.dataset.field);
  const named = (each) => each.dataset.field ?? each.getAttribute("name");
  const around = all.filter((each) => place.startsWith(`${named(each)}.`)).sort((one, other) => named(other).length - named(one).length);
  return all.find((each) => named(each) === place) ?? all.find((each) => place.endsWith(`.${named(each)}`)) ?? around[0] ?? null;
}

/** What a lone button does: disabled meanwhile, trouble said aloud. */
export const doing = (work) => async (event) => {
  const button = event.currentTarget;
  const before = document.activeElement;
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    toast(error.message);
  }
  button.disabled = false;
  giveBack(before);
};

/** A button that is disabled loses the focus, and a question that it asked cannot give it back. */
function giveBack(element) {
  if (element?.isConnected && (document.activeElement === document.body || document.activeElement?.matches("dialog"))) element.focus();
}
