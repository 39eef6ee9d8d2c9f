/** The frame: sign-in, navigation by the address's fragment, and one section at a time. */

import { get, isSignedIn, may, person, signOut } from "./api.js";
import { failure, fill, h, loading, toast } from "./dom.js";
import { showMode } from "./modes.js";
import { words } from "./names.js";
import { showView, VIEWER } from "./operator_view.js";
import { search } from "./search.js";
import { signIn } from "./signin.js";
import { begin, choose, spoken, t } from "./texts.js";
import { ownZoneName, showsUtc, showUtc } from "./time.js";
import { isUnsaved, mayLeave } from "./unsaved.js";

// A section's script is fetched when it is opened: signing in waits for none of them.
const SECTIONS = {
  overview: async () => (await import("./overview.js")).overview, payments: async () => (await import("./payments.js")).payments, links: async () => (await import("./links.js")).links,
  customers: async () => (await import("./customers.js")).customers, risk: async () => (await import("./risk.js")).risk,
  disputes: async () => (await import("./disputes.js")).disputes, settlements: async () => (await import("./settlements.js")).settlements, reconciliation: async () => (await import("./reconciliation.js")).reconciliation,
  ledger: async () => (await import("./ledger.js")).ledger, webhooks: async () => (await import("./webhooks.js")).webhooks, crypto: async () => (await import("./crypto.js")).deposits,
  keys: async () => (await import("./keys.js")).keys, settings: async () => (await import("./settings.js")).settings, people: async () => (await import("./people.js")).people,
  audit: async () => (await import("./audit.js")).audit, account: async () => (await import("./account.js")).account,
};
// What a section reads first, where that is not the dashboard's scope.
const NEEDS = { links: "checkout:read", customers: "customers:read", risk: "risk:read", disputes: "disputes:read", settlements: "settlements:read", reconciliation: "settlements:read", webhooks: "webhooks:read", crypto: "crypto:read", keys: "merchant:read", settings: "merchant:read", people: "people:read", audit: "audit:read", account: "console:own" };
// What one record of a section is called, where it has a page of its own.
const PARTS = { payments: () => t("Payment") };
const main = document.getElementById("main");
const nav = document.getElementById("nav");
const who = document.getElementById("who");
const find = document.getElementById("find");
const leave = document.getElementById("leave");
const times = document.getElementById("zone");
const language = document.getElementById("language");
let merchant = null;
// The language in which the search field is written.
let searched = null;

function signInForm() {
  fill(nav);
  fill(find);
  searched = null;
  fill(who);
  leave.hidden = times.hidden = true;
  showMode(null);
  signIn(main, enter);
}

async function enter(signedIn) {
  ahead();
  try {
    merchant = await get("/v1/merchants/me");
  } catch (error) {
    // A session that could not be asked about for a moment is still one.
    if (!signedIn || error.status === 401) await signOut();
    throw error.status === 401 && !signedIn ? new Error(t("{problem} Check key and secret, and that this device's clock is right.", { problem: error.message })) : error;
  }
  leave.hidden = signedIn?.person.role === VIEWER;
  showView(signedIn);
  showMode(merchant, enter);
  fill(who, signedIn ? `${merchant.name} · ${signedIn.person.name}` : merchant.name);
  show();
}

/** The parts of the frame that are written in the reader's language: the search field and the zone of times. */
function head() {
  search(find);
  fill(times, h("option", { value: "own" }, ownZoneName()), h("option", { value: "utc" }, "UTC"));
  times.value = showsUtc() ? "utc" : "own";
  times.hidden = false;
}

/** The script of the section that will be shown is fetched while the merchant is asked for. What goes wrong with it is said when the section is drawn. */
function ahead() {
  const { name } = wanted();
  SECTIONS[name]?.().catch(() => null);
}

/** The section that the address names, else the first, and its part. */
function wanted() {
  const names = sections();
  const [asked, part] = location.hash.slice(1).split("/", 2);
  return { names, name: names.includes(asked) ? asked : names[0], part };
}

/** The sections that the one who is signed in may see. */
const sections = () => Object.keys(SECTIONS).filter((name) => may(NEEDS[name] ?? "dashboard:read") && (name !== "account" || person()));

function show() {
  if (!isSignedIn() || !merchant) return signInForm();
  const { names, name, part } = wanted();
  fill(nav, names.map((each) => h("a", { href: `#${each}`, "aria-current": each === name ? "page" : null }, words(each))));
  nav.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
  if (searched !== spoken()) head();
  searched = spoken();
  document.title = `${words(name)} · PayCoreX`;
  const section = h("div", {}, loading());
  fill(main, h("h1", {}, part && !part.startsWith("?") && PARTS[name] ? PARTS[name]() : words(name)), section);
  const script = SECTIONS[name]().catch(() => { throw new Error(t("The server cannot be reached.")); });
  script.then((draw) => section.isConnected && draw(section, merchant, part)).catch((error) => fill(section, failure(error, show)));
}

leave.addEventListener("click", async () => {
  if (!await mayLeave()) return;
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
/** What is shown once would be lost when the page is drawn anew. */
function anew() {
  if (merchant) showMode(merchant, enter);
  if (document.querySelector(".once") || isUnsaved()) toast(t("The page changes when you go on."));
  else show();
}

document.addEventListener("language", anew);
document.addEventListener("zone", anew);
times.addEventListener("change", () => showUtc(times.value === "utc"));
addEventListener("hashchange", async (event) => {
  if (!await mayLeave()) return history.replaceState(null, "", event.oldURL);
  document.querySelectorAll("dialog[open]").forEach((each) => each.close());
  show();
  if (isSignedIn()) main.focus();
});
/** A link to where one is, from a drawer that lies above it: the address does not change, so nothing else would happen. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a");
  if (link?.closest("dialog") && link.hash && link.hash === location.hash) dispatchEvent(new HashChangeEvent("hashchange", { oldURL: location.href, newURL: location.href }));
});
await begin();
language.value = spoken();
language.addEventListener("change", () => choose(language.value));
show();
