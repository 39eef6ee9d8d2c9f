/** Operators sign in: with a passkey, or with an invitation or a recovery code that adds one. */

import { enterBySession, open } from "./api.js";
import { failure, fill, h, loading } from "./dom.js";
import { field, form, values } from "./forms.js";
import { areKnown, create, sign } from "./passkeys.js";
import { codesCard } from "./secrets.js";
import { t } from "./texts.js";

const V1 = "/operator/v1";
const WELCOME = "#welcome=";
/** An invitation that is shown: the page can be drawn anew, in another language. */
let invitation = null;

/** Show the way in, and call `entered` when an operator is. @param {(signedIn: object) => void} entered */
export async function signIn(place, entered) {
  document.title = `${t("Sign in")} · ${t("PayCoreX operators")}`;
  if (location.hash.startsWith(WELCOME)) {
    invitation = location.hash.slice(WELCOME.length);
    // The link works once; it shall not stay in the address either.
    history.replaceState(null, "", location.pathname);
  }
  if (invitation) return welcome(place, entered);
  fill(place, loading());
  try {
    const { signed_in: operator } = await open("GET", `${V1}/session`);
    if (operator) take(operator, entered);
    else ways(place, entered);
  } catch (error) {
    fill(place, failure(error, () => signIn(place, entered)));
  }
}

function take(operator, entered) {
  enterBySession(operator);
  entered(operator);
}

function ways(place, entered) {
  const byPasskey = form({ class: "stack" }, async () => {
    const credential = await sign(await open("POST", `${V1}/sessions/challenge`));
    take(await open("POST", `${V1}/sessions`, { credential }), entered);
  }, h("button", { disabled: !areKnown() }, t("Continue with a passkey")));
  const byCode = form({ class: "stack" }, async (made) => {
    invitation = values(made).code;
    await welcome(place, entered);
  }, field(t("Recovery code"), "code", { required: true, autocomplete: "off", spellcheck: "false", placeholder: "xxxxx-xxxxx-xxxxx-xxxxx" }), h("button", { class: "quiet" }, t("Add a new passkey")));
  fill(place, h("section", { class: "card signin" }, h("h1", {}, t("Operators")), h("p", { class: "hint" }, t("For who operates this platform. Merchants sign in on their own page.")), byPasskey,
    !areKnown() && h("p", { class: "hint" }, t("This browser knows no passkeys here: they need HTTPS, or localhost.")),
    h("details", {}, h("summary", {}, t("I lost my passkey")), byCode)));
}

async function welcome(place, entered) {
  const ticket = invitation;
  fill(place, loading());
  let challenge;
  try {
    challenge = await open("POST", `${V1}/passkeys/challenge`, { ticket });
  } catch (error) {
    invitation = null;
    return fill(place, h("section", { class: "card signin" }, h("h1", {}, t("Add a passkey")), failure(error),
      h("button", { class: "quiet", type: "button", onclick: () => signIn(place, entered) }, t("Go to sign-in"))));
  }
  const add = form({ class: "stack" }, async (made) => {
    const credential = await create(challenge);
    const operator = await open("POST", `${V1}/passkeys`, { ticket, credential, name: values(made).name });
    invitation = null;
    if (!operator.recovery_codes.length) return take(operator, entered);
    fill(place, h("div", { class: "signin" }, codesCard(operator.recovery_codes), h("button", { type: "button", onclick: () => take(operator, entered) }, t("I have stored them"))));
  }, field(t("Name of this passkey"), "name", { value: t("My device"), required: true, maxlength: 80 }), h("button", { disabled: !areKnown() }, t("Add a passkey")));
  fill(place, h("section", { class: "card signin" }, h("h1", {}, t("Welcome, {name}", { name: challenge.name })),
    h("p", {}, t("{email} becomes an operator of this platform. Your device keeps a passkey: there is no password.", { email: challenge.email })), add));
}
