/** Forms: labelled fields, and work that a button starts: it waits, says what went wrong beside itself, and keeps what was typed. */

import { fill, h, toast } from "./dom.js";

/** A labelled field. @param {{options?: [string, string][], hint?: string, lines?: number}} props */
export function field(label, name, props = {}) {
  const { options, hint, lines, value, ...rest } = props;
  const input = options ? h("select", { name, ...rest }, options.map(([each, text]) => h("option", { value: each }, text))) : h(lines ? "textarea" : "input", { name, rows: lines, ...rest });
  if (value !== undefined) input.value = value;
  return h("label", {}, h("span", {}, label), input, hint && h("span", { class: "hint" }, hint));
}

/** The filled fields of a form. */
export const values = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));

/** A form that does something. @param {(form: HTMLFormElement) => Promise<any>} work @param {any[]} content */
export function form(props, work, ...content) {
  const problem = h("p", { class: "problem", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    fill(problem);
    const buttons = made.querySelectorAll("button");
    const before = document.activeElement;
    buttons.forEach((each) => { each.disabled = true; });
    try {
      await work(made);
    } catch (error) {
      fill(problem, error.message);
    }
    buttons.forEach((each) => { each.disabled = false; });
    giveBack(before);
  };
  const made = h("form", { ...props, onsubmit: submit }, content, problem);
  return made;
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
