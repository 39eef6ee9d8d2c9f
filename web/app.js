/** The frame: sign-in, navigation by the address's fragment, and one section at a time. */

import { account } from "./account.js";
import { audit } from "./audit.js";
import { get, isSignedIn, may, person, signOut } from "./api.js";
import { failure, fill, h, loading } from "./dom.js";
import { deposits } from "./crypto.js";
import { disputes } from "./disputes.js";
import { keys } from "./keys.js";
import { ledger } from "./ledger.js";
import { links } from "./links.js";
import { words } from "./names.js";
import { overview } from "./overview.js";
import { payments } from "./payments.js";
import { people } from "./people.js";
import { reconciliation } from "./reconciliation.js";
import { settings } from "./settings.js";
import { settlements } from "./settlements.js";
import { signIn } from "./signin.js";
import { webhooks } from "./webhooks.js";

const SECTIONS = { overview, payments, links, disputes, settlements, reconciliation, ledger, webhooks, crypto: deposits, keys, settings, people, audit, account };
// What a section reads first, where that is not the dashboard's scope.
const NEEDS = { links: "checkout:read", disputes: "disputes:read", settlements: "settlements:read", reconciliation: "settlements:read", webhooks: "webhooks:read", crypto: "crypto:read", keys: "merchant:read", settings: "merchant:read", people: "people:read", audit: "audit:read", account: "console:own" };
const main = document.getElementById("main");
const nav = document.getElementById("nav");
const who = document.getElementById("who");
const leave = document.getElementById("leave");
let merchant = null;

function signInForm() {
  fill(nav);
  fill(who);
  leave.hidden = true;
  signIn(main, enter);
}

async function enter(signedIn) {
  try {
    merchant = await get("/v1/merchants/me");
  } catch (error) {
    await signOut();
    throw error.status === 401 && !signedIn ? new Error(`${error.message} Check key and secret, and that this device's clock is right.`) : error;
  }
  leave.hidden = false;
  fill(who, signedIn ? `${merchant.name} · ${signedIn.person.name}` : merchant.name);
  show();
}

/** The sections that the one who is signed in may see. */
const sections = () => Object.keys(SECTIONS).filter((name) => may(NEEDS[name] ?? "dashboard:read") && (name !== "account" || person()));

function show() {
  if (!isSignedIn() || !merchant) return signInForm();
  const names = sections();
  const name = names.includes(location.hash.slice(1)) ? location.hash.slice(1) : names[0];
  fill(nav, names.map((each) => h("a", { href: `#${each}`, "aria-current": each === name ? "page" : null }, words(each))));
  nav.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
  document.title = `${words(name)} · PayCoreX`;
  const section = h("div", {}, loading());
  fill(main, h("h1", {}, words(name)), section);
  Promise.resolve(SECTIONS[name](section, merchant)).catch((error) => fill(section, failure(error, show)));
}

leave.addEventListener("click", async () => {
  await signOut();
  merchant = null;
  signInForm();
});
document.addEventListener("signed-out", () => {
  if (!merchant) return;
  merchant = null;
  document.querySelectorAll("dialog[open]").forEach((each) => each.close());
  signInForm();
});
addEventListener("hashchange", () => {
  show();
  if (isSignedIn()) main.focus();
});
show();
