/** The operators' page: its frame, navigation by the address's fragment, and one section at a time. */

import { may, person, remove } from "./api.js";
import { failure, fill, h, loading, toast } from "./dom.js";
import { audit, operators } from "./operator_people.js";
import { ledger } from "./operator_ledger.js";
import { merchants } from "./operator_merchants.js";
import { platform } from "./operator_platform.js";
import { signIn } from "./operator_signin.js";
import { work } from "./operator_work.js";
import { words } from "./names.js";
import { begin, choose, spoken, t } from "./texts.js";

const SECTIONS = { merchants, platform, work, ledger, operators, audit };
const main = document.getElementById("main");
const nav = document.getElementById("nav");
const who = document.getElementById("who");
const leave = document.getElementById("leave");
const language = document.getElementById("language");
let inside = false;

function signInForm() {
  inside = false;
  fill(nav);
  fill(who);
  leave.hidden = true;
  signIn(main, enter);
}

async function enter(signedIn) {
  inside = true;
  if (location.hash === "#leave") {
    // Back from a merchant's page.
    await remove("/operator/v1/view").catch((error) => toast(error.message));
    history.replaceState(null, "", location.pathname);
  }
  leave.hidden = false;
  fill(who, `${signedIn.operator.name} · ${words(signedIn.operator.role)}`);
  show();
}

function show() {
  if (!inside || !may("operator:read")) return signInForm();
  const name = Object.hasOwn(SECTIONS, location.hash.slice(1)) ? location.hash.slice(1) : "merchants";
  const links = Object.keys(SECTIONS).map((each) => h("a", { href: `#${each}` }, words(each)));
  const current = links[Object.keys(SECTIONS).indexOf(name)];
  current.setAttribute("aria-current", "page");
  fill(nav, links);
  current.scrollIntoView({ block: "nearest", inline: "center" });
  document.title = `${words(name)} · ${t("PayCoreX operators")}`;
  const section = h("div", {}, loading());
  fill(main, h("h1", {}, words(name)), section);
  Promise.resolve(SECTIONS[name](section)).catch((error) => fill(section, failure(error, show)));
}

leave.addEventListener("click", async () => {
  if (person()) await remove("/operator/v1/session").catch(() => null);
  signInForm();
});
document.addEventListener("signed-out", () => {
  if (!inside) return;
  document.querySelectorAll("dialog[open]").forEach((each) => each.close());
  signInForm();
});
document.addEventListener("language", () => {
  // What is shown once would be lost when the page is drawn anew.
  if (document.querySelector(".once")) toast(t("The page changes its language when you go on."));
  else show();
});
addEventListener("hashchange", () => {
  show();
  if (inside) main.focus();
});
await begin();
language.value = spoken();
language.addEventListener("change", () => choose(language.value));
show();
