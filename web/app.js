/** The frame: sign-in, navigation by the address's fragment, and one section at a time. */

import { get, isSignedIn, signIn, signOut } from "./api.js";
import { failure, fill, h, loading } from "./dom.js";
import { deposits } from "./crypto.js";
import { disputes } from "./disputes.js";
import { field, form, values } from "./forms.js";
import { keys } from "./keys.js";
import { ledger } from "./ledger.js";
import { words } from "./names.js";
import { overview } from "./overview.js";
import { payments } from "./payments.js";
import { reconciliation } from "./reconciliation.js";
import { settings } from "./settings.js";
import { settlements } from "./settlements.js";
import { webhooks } from "./webhooks.js";

const SECTIONS = { overview, payments, disputes, settlements, reconciliation, ledger, webhooks, crypto: deposits, keys, settings };
const main = document.getElementById("main");
const nav = document.getElementById("nav");
const who = document.getElementById("who");
const leave = document.getElementById("leave");
let merchant = null;

function signInForm() {
  fill(nav);
  fill(who);
  leave.hidden = true;
  document.title = "Sign in · PayCoreX";
  fill(main, h("section", { class: "card signin" }, h("h1", {}, "Sign in"), form({ class: "stack" }, enter,
    field("API key", "key", { autocomplete: "off", required: true, spellcheck: "false" }),
    field("Secret", "secret", { type: "password", autocomplete: "off", required: true }), h("button", {}, "Sign in")),
  h("p", { class: "hint" }, "Key and secret stay in the memory of this tab: requests are signed here, and only signatures are sent. Reloading signs you out.")));
}

async function enter(made) {
  const { key, secret } = values(made);
  await signIn(key.trim(), secret.trim());
  try {
    merchant = await get("/v1/merchants/me");
  } catch (error) {
    signOut();
    throw error.status === 401 ? new Error(`${error.message} Check key and secret, and that this device's clock is right.`) : error;
  }
  leave.hidden = false;
  fill(who, merchant.name);
  show();
}

function show() {
  if (!isSignedIn() || !merchant) return signInForm();
  const name = location.hash.slice(1) in SECTIONS ? location.hash.slice(1) : "overview";
  fill(nav, Object.keys(SECTIONS).map((each) => h("a", { href: `#${each}`, "aria-current": each === name ? "page" : null }, words(each))));
  nav.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
  document.title = `${words(name)} · PayCoreX`;
  const section = h("div", {}, loading());
  fill(main, h("h1", {}, words(name)), section);
  Promise.resolve(SECTIONS[name](section, merchant)).catch((error) => fill(section, failure(error, show)));
}

leave.addEventListener("click", () => {
  signOut();
  merchant = null;
  signInForm();
});
addEventListener("hashchange", () => {
  show();
  if (isSignedIn()) main.focus();
});
show();
