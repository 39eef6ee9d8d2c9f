/** Saving settings: only what differs from what is stored is sent, and a card that is saved is drawn again beside the others. */

import { get, patch } from "./api.js";
import { card, h, toast } from "./dom.js";
import { form } from "./forms.js";
import { t } from "./texts.js";
import { exactMoment } from "./time.js";

export const WRITE = "merchant:write";
const ME = "/v1/merchants/me";

/** What a connector that was removed still has under way. */
export const stillHolds = ({ connector, payments, refunds }) => t("{connector} still holds {payments} payments and {refunds} refunds: configure it again to end them.", { connector, payments, refunds });

/** The settings as they stand, with `now` and `save`. */
export async function stored() {
  const held = { now: await get(ME) };
  held.save = async (wanted) => {
    const changed = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(held.now[name])));
    if (!Object.keys(changed).length) {
      toast(t("Nothing changed."));
      return;
    }
    held.now = await patch(ME, changed);
    const left = held.now.money_under_way.map((each) => ` ${stillHolds(each)}`);
    toast(`${t("Saved. Acts everywhere from {moment} on.", { moment: exactMoment(held.now.settings_effective_at) })}${left.join("")}`);
  };
  return held;
}

/** A card that is drawn again once it is saved; what was typed into the others meanwhile stays. @param {(now: object, save: (wanted: object) => Promise<any>) => HTMLElement} make */
export function kept(held, make) {
  const draw = () => make(held.now, async (wanted) => {
    await held.save(wanted);
    const again = draw();
    shown.replaceWith(again);
    shown = again;
  });
  let shown = draw();
  return shown;
}

/** A card with a form that is saved as a whole. */
export const stack = (title, work, ...content) => card(title, form({ class: "stack", watched: true, needs: WRITE }, work, content, h("div", { class: "buttons" }, h("button", {}, t("Save")))));
