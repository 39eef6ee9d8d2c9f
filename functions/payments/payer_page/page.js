"use strict";
const main = document.querySelector("main");
const open = document.getElementById("open");
const outcome = document.getElementById("outcome");
const next = document.getElementById("next");
const countdown = document.getElementById("countdown");
const back = document.getElementById("back");
// Of a checkout: the way to its other ways to pay is there all the time.
const stays = back !== null && "stays" in back.dataset;
const final = { success: "{{Paid}}", authorized: "{{Payment approved}}", failed: "{{This payment was not made.}}" };
const failed = { expired: "{{The time to pay is over.}}", canceled: "{{This payment was canceled.}}", payment_declined: "{{This payment was declined.}}", risk_rule: "{{This payment was not accepted. Pay in another way, or ask the shop.}}" };
const thanks = "{{Thank you. You can close this page.}}";
const after = { success: thanks, authorized: thanks, failed: stays ? "{{You were not charged. You may choose another way to pay.}}" : "{{To try again, ask for a new link.}}" };
let end = main.dataset.left === "" ? null : Date.now() + Number(main.dataset.left) * 1000;
// Not for a guess too many or for trouble of the server, which pass.
const closed = [400, 403, 404];
let done = false;
// True once the page has shown what it was opened with.
let opened = false;
// True once the payer's card is at its provider.
let confirmed = main.dataset.sent === "yes";
let timer = null;

function name(amount) {
  const digits = (amount.dataset.amount.split(".")[1] || "").length;
  const language = document.documentElement.lang;
  const locale = amount.dataset.currency === "INR" || language !== "en" ? language + "-IN" : undefined;
  const format = { style: "currency", currency: amount.dataset.currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: digits, maximumFractionDigits: digits };
  // Given as text, so that no digit of it passes through a floating-point number.
  amount.textContent = new Intl.NumberFormat(locale, format).format(amount.dataset.amount);
}

function show(status, code) {
  const ends = !done && status in final;
  done = status in final;
  main.dataset.status = status;
  main.dataset.failure = code || "";
  const seen = confirmed || (status === "processing" && main.dataset.method === "crypto");
  // What was sent must not be sent again.
  open.hidden = done || seen;
  outcome.textContent = done ? (failed[code] || final[status]) : (seen ? (confirmed ? "{{Your payment is being checked.}}" : "{{Your transfer was detected.}}") : "");
  next.textContent = done ? after[status] : (seen ? (confirmed ? "{{Keep this page open.}}" : "{{It is complete when the network has confirmed it.}}") : "");
  if (done) document.title = outcome.textContent;
  if (back) back.hidden = !done && !stays;
  // Only where it ended before the payer's eyes: a page that is opened again stays.
  if (ends && opened && back) setTimeout(() => location.assign(back.href), 2500);
}

function tick() {
  if (done || end === null) { countdown.textContent = ""; return; }
  const left = Math.max(0, Math.round((end - Date.now()) / 1000));
  const hours = Math.floor(left / 3600);
  const parts = [Math.floor(left / 60) % 60, left % 60].map((part) => String(part).padStart(2, "0"));
  countdown.textContent = left === 0 ? "{{Checking…}}" : "{{{time} left}}".replace("{time}", (hours ? hours + ":" : "") + parts.join(":"));
}

async function ask() {
  clearTimeout(timer);
  if (done) return;
  try {
    const answer = await fetch(location.pathname + "/status" + location.search, { cache: "no-store" });
    if (answer.ok) {
      const said = await answer.json();
      if (said.seconds_left !== null) end = Date.now() + said.seconds_left * 1000;
      show(said.status, said.failure_code);
    } else if (closed.includes(answer.status)) {
      // The page says why by itself.
      location.reload();
      return;
    }
  } catch (error) {
    outcome.textContent = "{{Waiting for a connection…}}";
  }
  clearTimeout(timer);
  if (!done) timer = setTimeout(ask, document.hidden ? 15000 : 3000);
}

for (const button of document.querySelectorAll("[data-outcome]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await fetch(location.pathname + "/sandbox" + location.search, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ outcome: button.dataset.outcome }),
      });
    } finally {
      button.disabled = false;
      ask();
    }
  });
}

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "{{Copied}}";
    setTimeout(() => { button.textContent = "{{Copy}}"; }, 2000);
  });
}

name(document.getElementById("amount"));
show(main.dataset.status, main.dataset.failure);
opened = true;
setInterval(tick, 1000);
tick();
timer = setTimeout(ask, 1500);
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
