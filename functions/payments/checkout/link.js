"use strict";
const form = document.getElementById("form");
const pay = document.getElementById("pay");
const typed = document.getElementById("typed");
const asked = document.querySelectorAll("[data-ask]");
const trouble = document.getElementById("trouble");
const amount = document.getElementById("amount");

const language = document.documentElement.lang;

function format(text, currency) {
  const digits = (text.split(".")[1] || "").length;
  const shown = { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(currency === "INR" || language !== "en" ? language + "-IN" : undefined, shown).format(text);
}

if (amount) amount.textContent = format(amount.dataset.amount, amount.dataset.currency);
for (const button of document.querySelectorAll("[data-amount]")) {
  if (button !== amount) button.addEventListener("click", () => { typed.value = button.dataset.amount; typed.focus(); });
}

// The API speaks English; another language has a sentence of its own for each code.
const problem = (error) => JSON.parse(form.dataset.problems)[error.code] || error.message;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (pay.disabled) return;
  pay.disabled = true;
  trouble.textContent = "";
  const body = {};
  if (typed) body.amount = typed.value.trim();
  for (const field of asked) {
    const value = field.type === "tel" ? field.value.replace(/[\s().-]/g, "") : field.value.trim();
    if (field.required && !value) { trouble.textContent = "{{Fill in every field.}}"; field.focus(); pay.disabled = false; return; }
    if (value) body[field.name] = value;
  }
  try {
    const answer = await fetch(location.pathname + "/pay", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const said = await answer.json();
    if (answer.ok) { location.assign(said.url); return; }
    trouble.textContent = problem(said.error);
  } catch (error) {
    trouble.textContent = "{{There is no connection. Try again.}}";
  }
  pay.disabled = false;
});
