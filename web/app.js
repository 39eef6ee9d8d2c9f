/** The frame: sign-in, navigation by the address's fragment, and one section at a time. */

import { get, isSignedIn, signIn, signOut } from "./api.js";
import { failure, field, fill, h, loading, values } from "./dom.js";
import { deposits } from "./crypto.js";
import { keys } from "./keys.js";
import { ledger } from "./ledger.js";
import { overview } from "./overview.js";
import { payments } from "./payments.js";
import { settings } from "./settings.js";
import { webhooks } from "./webhooks.js";

const SECTIONS = { overview, payments, ledger, webhooks, crypto: deposits, keys, settings };
const main = document.getElementById("main");
const nav = document.getElementById("nav");
const leave = document.getElementById("leave");
let merchant = null;

function signInForm(problem) {
  fill(nav);
  leave.hidden = true;
  const form = h("form", { class: "stack", onsubmit: enter },
    field("API key", "key", { autocomplete: "off", required: true, spellcheck: "false" }),
    field("Secret", "secret", { type: "password", autocomplete: "off", required: true }),
    problem && h("p", { class: "state error", role: "alert" }, problem), h("button", {}, "Sign in"));
  fill(main, h("section", { class: "card signin" }, h("h1", {}, "Sign in"), form,
    h("p", { class: "hint" }, "Key and secret stay in the memory of this tab: requests are signed here, and only signatures are sent. Reloading signs you out.")));
}

async function enter(event) {
  event.preventDefault();
  const { key, secret } = values(event.target);
  event.target.querySelector("button").disabled = true;
  await signIn(key.trim(), secret.trim());
  try {
    merchant = await get("/v1/merchants/me");
  } catch (error) {
    signOut();
    return signInForm(error.message);
  }
  leave.hidden = false;
  show();
}

function show() {
  if (!isSignedIn() || !merchant) return signInForm();
  const name = location.hash.slice(1) in SECTIONS ? location.hash.slice(1) : "overview";
  fill(nav, Object.keys(SECTIONS).map((each) =>
    h("a", { href: `#${each}`, "aria-current": each === name ? "page" : null }, each[0].toUpperCase() + each.slice(1))));
  document.title = `${name} · PayCoreX`;
  const section = h("section", {}, loading());
  fill(main, h("h1", {}, name[0].toUpperCase() + name.slice(1)), section);
  Promise.resolve(SECTIONS[name](section, merchant)).catch((error) => fill(section, failure(error, show)));
}

leave.addEventListener("click", () => { signOut(); merchant = null; signInForm(); });
addEventListener("hashchange", () => { show(); if (isSignedIn()) main.focus(); });
show();
