/** Live and test mode: a coloured bar wherever no real money moves, and the way from one to the other in the same session. */

import { enterBySession, may, open, patch, person, post } from "./api.js";
import { ask } from "./ask.js";
import { fill, h } from "./dom.js";
import { doing } from "./forms.js";
import { t } from "./texts.js";
import { mayLeave } from "./unsaved.js";

const LIVE = "live", TEST = "test";
const bar = document.getElementById("bar");
const way = document.getElementById("mode");

/** Show which mode the page is in. @param {object | null} merchant of whom the page is @param {(signedIn: object) => void} entered goes on in the other mode */
export function showMode(merchant, entered) {
  const isTest = merchant?.mode === TEST;
  document.body.classList.toggle("test", isTest);
  bar.hidden = !isTest;
  fill(bar, isTest && [h("strong", {}, t("Test mode")), h("span", {}, t("No real money moves here."))]);
  const session = merchant && person();
  const other = session && (isTest ? session.modes.includes(LIVE) && LIVE : (session.modes.includes(TEST) || may("merchant:write")) && TEST);
  way.hidden = !other;
  way.textContent = other === LIVE ? t("Go to live mode") : t("Go to test mode");
  way.onclick = doing(async () => {
    if (!await mayLeave() || !await isThere(other)) return;
    await patch("/v1/console/session", { mode: other });
    const { signed_in: signedIn } = await open("GET", "/v1/console/session");
    // The record that the page shows is not there in the other mode.
    history.replaceState(null, "", "#overview");
    enterBySession(signedIn);
    await entered(signedIn);
  });
}

/** Whether there is the other mode, or it was made just now. */
async function isThere(mode) {
  if (mode === LIVE || person().modes.includes(TEST)) return true;
  const text = t("A test merchant is made beside yours, with payments, API keys and webhooks of its own. It has the sandbox, and no real money.");
  if (!await ask({ title: t("Make test mode?"), act: t("Make it"), text })) return false;
  await post("/v1/test");
  return true;
}
