"use strict";
const main = document.querySelector("main");
const ways = document.getElementById("ways");
const trouble = document.getElementById("trouble");
const countdown = document.getElementById("countdown");
const kept = "paycorex." + main.dataset.session;

const language = document.documentElement.lang;

function format(text, currency) {
  const digits = (text.split(".")[1] || "").length;
  const shown = { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: digits, maximumFractionDigits: digits };
  // Given as text, so that no digit of it passes through a floating-point number.
  return new Intl.NumberFormat(currency === "INR" || language !== "en" ? language + "-IN" : undefined, shown).format(text);
}

// The shop's word for who is here: in the fragment, which no server is sent. Kept for this tab, so that the payer may come back.
function customerToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("customer_token");
  if (given) {
    sessionStorage.setItem(kept, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(kept);
}

// The API speaks English; another language has a sentence of its own for each code.
const problem = (error) => JSON.parse(main.dataset.problems)[error.code] || error.message;

function post(path, body) {
  return fetch(location.pathname + path + token(), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

function token() {
  return "?t=" + encodeURIComponent(new URLSearchParams(location.search).get("t") || "");
}

async function choose(button, choice) {
  const vouched = customerToken();
  for (const each of ways.querySelectorAll("button")) each.disabled = true;
  trouble.textContent = "";
  try {
    const answer = await post("/pay", vouched && choice.customer ? { ...choice.body, customer_token: vouched } : choice.body);
    const said = await answer.json();
    if (answer.ok) { location.assign(said.url); return; }
    trouble.textContent = problem(said.error);
  } catch (error) {
    trouble.textContent = "{{There is no connection. Try again.}}";
  }
  for (const each of ways.querySelectorAll("button")) each.disabled = false;
  button.focus();
}

// A page that was opened by the shop's button: the shop's own page gets the outcome, and no other.
function tell(status) {
  if (window.opener && main.dataset.opener) window.opener.postMessage({ paycorex: "checkout", session_id: main.dataset.session, status }, main.dataset.opener);
}

function listen(button, body, customer) {
  button.addEventListener("click", () => choose(button, { body, customer }));
}

function add(title, note, body, asksCode) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "choice";
  const name = document.createElement("b");
  name.textContent = title;
  const more = document.createElement("span");
  more.textContent = note;
  button.append(name, more);
  if (asksCode) button.addEventListener("click", () => askCode(button, body));
  else listen(button, body, true);
  ways.prepend(button);
}

// Most processors want the code with a card that is stored here: it goes along with this one choice, and no one keeps it.
function askCode(button, body) {
  const before = document.getElementById("code");
  if (before) before.remove();
  const form = document.createElement("form");
  form.id = "code";
  const label = document.createElement("label");
  label.className = "field";
  label.textContent = "{{Security code}}";
  const input = document.createElement("input");
  Object.assign(input, { required: true, inputMode: "numeric", autocomplete: "cc-csc", pattern: "[0-9]{3,4}", maxLength: 4 });
  label.append(input);
  const pay = document.createElement("button");
  pay.type = "submit";
  pay.textContent = "{{Pay}}";
  form.append(label, pay);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(pay, { body: { ...body, security_code: input.value }, customer: true });
  });
  button.after(form);
  input.focus();
}

async function known() {
  const vouched = customerToken();
  if (!vouched || main.dataset.customer === "") return;
  const answer = await post("/customer", { customer_token: vouched });
  if (!answer.ok) { sessionStorage.removeItem(kept); return; }
  const said = await answer.json();
  for (const card of said.cards) add((card.brand || "card").replace(/^./, (letter) => letter.toUpperCase()) + " ···· " + card.last4, "{{Your saved card}}", { method: "tokenized", token_id: card.token_id }, card.asks_code);
  if (said.wallet !== null) add("{{Wallet}}", "{{{amount} available}}".replace("{amount}", format(said.wallet.available, said.wallet.currency)), { method: "wallet" });
}

// Who goes back without paying ends the checkout: nothing that was chosen can be paid after it.
const back = document.getElementById("back");
if (back && main.dataset.status === "open") back.addEventListener("click", async (event) => {
  event.preventDefault();
  if (back.dataset.busy) return;
  back.dataset.busy = "1";
  try {
    const answer = await fetch(location.pathname + token(), { method: "DELETE" });
    const said = await answer.json();
    if (answer.ok) { tell(said.status); location.assign(said.url); return; }
    trouble.textContent = problem(said.error);
  } catch (error) {
    trouble.textContent = "{{There is no connection. Try again.}}";
  }
  delete back.dataset.busy;
});

let end = main.dataset.left === "" ? null : Date.now() + Number(main.dataset.left) * 1000;
function tick() {
  if (end === null) return;
  const left = Math.max(0, Math.round((end - Date.now()) / 1000));
  if (left === 0) { end = null; setTimeout(() => location.reload(), 2000); return; }
  const hours = Math.floor(left / 3600);
  const parts = [Math.floor(left / 60) % 60, left % 60].map((part) => String(part).padStart(2, "0"));
  countdown.textContent = "{{{time} left}}".replace("{time}", (hours ? hours + ":" : "") + parts.join(":"));
}

for (const button of ways.querySelectorAll("[data-choice]")) listen(button, JSON.parse(button.dataset.choice), false);
const amount = document.getElementById("amount");
amount.textContent = format(amount.dataset.amount, amount.dataset.currency);
const pdf = document.getElementById("pdf");
if (pdf) pdf.href = location.pathname + "/receipt.pdf" + token();
if (main.dataset.status !== "open") document.title = document.querySelector(".outcome").textContent;
if (main.dataset.status !== "open") tell(main.dataset.status);
setInterval(tick, 1000);
tick();
known().catch(() => {});
// A page that the browser kept shows what was before.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
