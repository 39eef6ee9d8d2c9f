/** Signing in: with a passkey, with an invitation or a recovery code that adds one, or with an API key where that is offered. */

import { enterByKey, enterBySession, open } from "./api.js";
import { failure, fill, h, loading } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { areKnown, create, sign } from "./passkeys.js";
import { codesCard } from "./secrets.js";
import { t } from "./texts.js";

const WELCOME = "#welcome=";
/** An invitation that is shown: the page can be drawn anew, in another language. */
let invitation = null;

/** Show the way in, and call `entered` when someone is. @param {(signedIn: object | null) => void} entered */
export async function signIn(place, entered) {
  document.title = `${t("Sign in")} · PayCoreX`;
  if (location.hash.startsWith(WELCOME)) {
    invitation = location.hash.slice(WELCOME.length);
    // The link works once; it shall not stay in the address either.
    history.replaceState(null, "", location.pathname);
  }
  if (invitation) return welcome(place, entered, invitation);
  fill(place, loading());
  try {
    const { signed_in: person, key_sign_in: keys } = await open("GET", "/v1/console/session");
    if (!person) return ways(place, entered, keys);
    enterBySession(person);
    await entered(person);
  } catch (error) {
    fill(place, failure(error, () => signIn(place, entered)));
  }
}

function ways(place, entered, keys) {
  const byPasskey = form({ class: "stack" }, async () => {
    const credential = await sign(await open("POST", "/v1/console/sessions/challenge"));
    const person = await open("POST", "/v1/console/sessions", { credential });
    enterBySession(person);
    await entered(person);
  }, h("button", { disabled: !areKnown() }, t("Continue with a passkey")));
  const byCode = form({ class: "stack" }, async (made) => welcome(place, entered, values(made).code),
    field(t("Recovery code"), "code", { required: true, autocomplete: "off", spellcheck: "false", placeholder: "xxxxx-xxxxx-xxxxx-xxxxx" }), h("button", { class: "quiet" }, t("Add a new passkey")));
  fill(place, h("section", { class: "card signin" }, h("h1", {}, t("Sign in")), byPasskey,
    !areKnown() && h("p", { class: "hint" }, t("This browser knows no passkeys here: they need HTTPS, or localhost.")),
    h("details", {}, h("summary", {}, t("I lost my passkey")), byCode),
    keys && h("details", { open: true }, h("summary", {}, t("Sign in with an API key")), keyForm(entered))));
}

const keyForm = (entered) => [form({ class: "stack" }, async (made) => {
  const { key, secret } = values(made);
  await enterByKey(key.trim(), secret.trim());
  await entered(null);
}, field(t("API key"), "key", { autocomplete: "off", required: true, spellcheck: "false" }),
field(t("Secret"), "secret", { type: "password", autocomplete: "off", required: true }), h("button", {}, t("Sign in"))),
h("p", { class: "hint" }, t("For development. Key and secret stay in the memory of this tab: requests are signed here, and only signatures are sent. Reloading signs you out."))];

async function welcome(place, entered, ticket) {
  invitation = ticket;
  fill(place, loading());
  let challenge;
  try {
    challenge = await open("POST", "/v1/console/passkeys/challenge", { ticket });
  } catch (error) {
    return fill(place, h("section", { class: "card signin" }, h("h1", {}, t("Add a passkey")), failure(error),
      h("button", { class: "quiet", type: "button", onclick: () => leave(place, entered) }, t("Go to sign-in"))));
  }
  const add = form({ class: "stack" }, async (made) => {
    const credential = await create(challenge);
    const person = await open("POST", "/v1/console/passkeys", { ticket, credential, name: values(made).name });
    invitation = null;
    enterBySession(person);
    if (!person.recovery_codes.length) return entered(person);
    fill(place, h("div", { class: "signin" }, codesCard(person.recovery_codes), h("button", { type: "button", onclick: doing(() => entered(person)) }, t("I have stored them"))));
  }, field(t("Name of this passkey"), "name", { value: t("My device"), required: true, maxlength: 80 }), h("button", { disabled: !areKnown() }, t("Add a passkey")));
  fill(place, h("section", { class: "card signin" }, h("h1", {}, t("Welcome, {name}", { name: challenge.name })),
    h("p", {}, t("{merchant} lets {email} into its console. Your device keeps a passkey: there is no password.", { merchant: challenge.merchant_name, email: challenge.email })), add));
}

/** Away from an invitation that no longer works. */
function leave(place, entered) {
  invitation = null;
  return signIn(place, entered);
}
