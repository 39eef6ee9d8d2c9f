/** Forms that hold what was typed and not saved: one is asked before it is lost. */

import { ask } from "./ask.js";
import { t } from "./texts.js";

const watched = new Map();

/** What a form says now; a file counts by its name and size. @param {HTMLFormElement} form */
const said = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? [value.name, value.size] : value]));

/** Watch a form from now on: what it says now is what is stored. @param {HTMLFormElement} form */
export const watch = (form) => watched.set(form, said(form));
export const watches = (form) => watched.has(form);

/** Whether something typed would be lost. Forms that are gone from the page are forgotten. */
export function isUnsaved() {
  for (const form of [...watched.keys()]) if (!form.isConnected) watched.delete(form);
  return [...watched].some(([form, before]) => said(form) !== before);
}

/** True when nothing would be lost, or one agrees. */
export async function mayLeave() {
  const goes = !isUnsaved() || await ask({ title: t("Leave without saving?"), act: t("Leave"), text: t("What you typed on this page is not saved yet.") });
  if (goes) watched.clear();
  return goes;
}

addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});
