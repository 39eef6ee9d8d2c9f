/** What is one's own: passkeys, recovery codes, sessions. */

import { open, person, post, refresh, remove } from "./api.js";
import { ask } from "./ask.js";
import { action, card, facts, fill, h, rows, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { words } from "./names.js";
import { create } from "./passkeys.js";
import { listSessions } from "./people.js";
import { codesCard } from "./secrets.js";
import { time } from "./time.js";

export async function account(place) {
  const shown = h("div", {}), keys = h("div", {}), codes = h("div", {}), sessions = h("div", {});
  const show = () => {
    const self = person().person;
    fill(keys, rows(self.passkeys.map((each) => [h("span", {}, each.name), h("span", { class: "hint" }, "added ", time(each.created_at)), each.last_used_at && h("span", { class: "hint" }, "used ", time(each.last_used_at)),
      self.passkeys.length > 1 && h("span", { class: "end" }, action("Remove", doing(async () => {
        if (!await ask({ title: "Remove this passkey?", act: "Remove", lines: [["Passkey", each.name]], text: "It signs in no more. This cannot be undone." })) return;
        await remove(`/v1/console/users/me/passkeys/${each.passkey_id}`);
        await changed();
      })))])));
    fill(codes, h("p", { class: "hint" }, `${self.recovery_codes_left} left. Each adds a passkey once, if you lose yours.`), action("New recovery codes", doing(async () => {
      if (!await ask({ title: "Make new recovery codes?", act: "New codes", text: "The older ones end." })) return;
      fill(shown, codesCard((await post("/v1/console/users/me/recovery_codes")).recovery_codes));
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
    toast("Added.");
    await changed();
  }, field("Name", "name", { value: "Another device", required: true, maxlength: 80 }), h("button", { class: "quiet" }, "Add a passkey"));
  const self = person();
  fill(place, shown, card("You", facts([["Name", self.person.name], ["E-mail", self.person.email], ["Role", words(self.person.role)], ["Merchant", self.merchant_name]])),
    card("Passkeys", keys, add), card("Recovery codes", codes), card("Sessions", sessions));
  show();
  await listSessions(sessions);
}
