"use strict";
const card = document.getElementById("card");
const question = document.getElementById("question");
const [number, expiry, code] = ["number", "expiry", "code"].map((id) => document.getElementById(id));

function digits(field) { return field.value.replace(/[ -]/g, ""); }

// ISO/IEC 7812-1 annex B.
function isNumber(text) {
  if (!/^[0-9]{12,19}$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function isInFuture(text) {
  const parts = /^([0-9]{2}) ?\/? ?([0-9]{2})$/.exec(text.trim());
  if (!parts || Number(parts[1]) < 1 || Number(parts[1]) > 12) return false;
  return new Date(2000 + Number(parts[2]), Number(parts[1]), 1) > new Date();
}

function problem() {
  if (!isNumber(digits(number))) return [number, "{{Check the card number.}}"];
  if (!isInFuture(expiry.value)) return [expiry, "{{Check the expiry date.}}"];
  if (!/^[0-9]{3,4}$/.test(code.value)) return [code, "{{Check the security code.}}"];
  return null;
}

function brandOf(text) {
  const brands = [["visa", /^4/], ["mastercard", /^(5[1-5]|2[2-7])/], ["amex", /^3[47]/], ["rupay", /^(508|60|65|81|82)/]];
  const found = brands.find(([, range]) => range.test(text));
  return found ? found[0] : "other";
}

// Of what was typed the name of the test card leaves this frame, and what may be shown of a card that is kept.
function read() {
  const found = problem();
  for (const field of [number, expiry, code]) field.setAttribute("aria-invalid", String(found !== null && found[0] === field));
  if (found !== null) { found[0].focus(); return { message: found[1] }; }
  const [month, year] = expiry.value.match(/[0-9]{2}/g);
  const kept = { brand: brandOf(digits(number)), last4: digits(number).slice(-4), expiry_month: Number(month), expiry_year: 2000 + Number(year) };
  return { card: CARDS[digits(number)] || "approve", kept };
}

function asking(on) { card.hidden = on; question.hidden = !on; }

addEventListener("message", (event) => {
  if (event.source !== parent) return;
  if (event.data === "card") parent.postMessage(read(), "*");
  if (event.data === "question") { asking(true); question.querySelector("button").focus(); }
});
for (const button of question.querySelectorAll("button")) {
  button.addEventListener("click", () => { asking(false); parent.postMessage({ answer: button.dataset.answer }, "*"); });
}
card.addEventListener("submit", (event) => { event.preventDefault(); parent.postMessage({ submit: true }, "*"); });
number.addEventListener("input", () => { number.value = digits(number).replace(/(.{4})(?=.)/g, "$1 "); });
expiry.addEventListener("input", (event) => {
  if (/^[0-9]{2}$/.test(expiry.value) && event.inputType !== "deleteContentBackward") expiry.value += " / ";
});
new ResizeObserver(() => parent.postMessage({ height: document.documentElement.offsetHeight }, "*")).observe(document.documentElement);
