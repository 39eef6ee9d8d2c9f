/** What an operator does: it asks for a reason first, and for the passkey again where that has to be fresh. */

import { post } from "./api.js";
import { facts, h } from "./dom.js";
import { field, form, values } from "./forms.js";
import { sign } from "./passkeys.js";
import { t } from "./texts.js";

const V1 = "/operator/v1";

/** Do it; where it asks for a fresh passkey, use that and do it again. @param {() => Promise<any>} work */
export async function fresh(work) {
  try {
    return await work();
  } catch (error) {
    if (!error.details?.step_up) throw error;
  }
  const challenge = await post(`${V1}/session/step_up/challenge`);
  await post(`${V1}/session/step_up`, { credential: await sign(challenge) });
  return work();
}

/**
 * A dialog that asks for a reason, and for more where `fields` are given; it stays open while the work fails, and says why.
 * @param {{title: string, text: string, act: string, lines?: [string, any][], fields?: any[], grave?: boolean, merchant?: boolean}} question `merchant`: one reads it too
 * @param {(filled: Record<string, string>) => Promise<any>} work with what was filled in, `reason` among it
 * @returns {Promise<any>} what the work gave; undefined when it was left
 */
export function because({ title, text, act, lines = [], fields = [], grave = false, merchant = false }, work) {
  let result;
  const made = form({ class: "stack" }, async (filled) => {
    result = await fresh(() => work(values(filled)));
    dialog.close();
  }, fields, field(t("Reason"), "reason", { required: true, maxlength: 200, autocomplete: "off", hint: merchant ? t("Stands in the audit log, where the merchant reads it too.") : t("Stands in the operators' audit log.") }),
  h("div", { class: "buttons" }, h("button", { class: "quiet", type: "button", onclick: () => dialog.close() }, t("Cancel")), h("button", { class: grave ? "grave" : "" }, act)));
  const dialog = h("dialog", { class: "ask", "aria-labelledby": "because-title" }, h("h2", { id: "because-title" }, title), facts(lines), h("p", {}, text), made);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => {
    dialog.remove();
    answer(result);
  }));
}
