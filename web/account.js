/** What is one's own: passkeys, recovery codes, sessions. */

import { open, person, post, refresh, remove } from "./api.js";
import { approvals } from "./approvals.js";
import { ask } from "./ask.js";
import { action, card, facts, fill, h, rows, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { words } from "./names.js";
import { create } from "./passkeys.js";
import { listSessions } from "./people.js";
import { codesCard } from "./secrets.js";
import { t } from "./texts.js";
import { time } from "./time.js";

export async function account(place) {
  const shown = h("div", {}), waiting = h("div", {}), keys = h("div", {}), codes = h("div", {}), sessions = h("div", {});
  const show = () => {
    const self = person().person;
    fill(keys, rows(self.passkeys.map((each) => [h("span", {}, each.name), h("span", { class: "hint" }, t("added {when}", { when: time(each.created_at) })), each.last_used_at && h("span", { class: "hint" }, t("used {when}", { when: time(each.last_used_at) })),
      self.passkeys.length > 1 && h("span", { class: "end" }, action(t("Remove"), doing(async () => {
        if (!await ask({ title: t("Remove this passkey?"), act: t("Remove"), lines: [[t("Passkey"), each.name]], text: t("It signs in no more. This cannot be undone.") })) return;
        await remove(`/v1/console/users/me/passkeys/${each.passkey_id}`);
        await changed();
      })))])));
    fill(codes, h("p", { class: "hint" }, t("{count} left. Each adds a passkey once, if you lose yours.", { count: self.recovery_codes_left })), action(t("New recovery codes"), doing(async () => {
      if (!await ask({ title: t("Make new recovery codes?"), act: t("New codes"), text: t("The older ones end.") })) return;
      fill(shown, codesCard((await post("/v1/console/users/me/recovery_codes")).recovery_codes, "h2"));
      await changed();
    })));
  };
  const changed = async () => {
    refresh(await open("GET", "/v1/console/session"));
    show();
  };
  const add = form({ class: "line" }, async (made) => {
    const credential = await create(await post("/v1/console/users/me/passkeys/challenge"));
    await post("/v1/console/users/me/passkeys", { credential, name: values(made).name });
    toast(t("Added."));
    await changed();
  }, field(t("Name"), "name", { value: t("Another device"), required: true, maxlength: 80 }), h("button", { class: "quiet" }, t("Add a passkey")));
  const self = person();
  fill(place, shown, waiting, card(t("You"), facts([[t("Name"), self.person.name], [t("E-mail"), self.person.email], [t("Role"), words(self.person.role)], [t("Merchant"), self.merchant_name]])),
    card(t("Passkeys"), keys, add), card(t("Recovery codes"), codes), card(t("Sessions"), sessions));
  show();
  await approvals(waiting);
  await listSessions(sessions);
}
