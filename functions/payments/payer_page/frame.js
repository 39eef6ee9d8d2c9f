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
  const parts = /^([0-9]{2}) ?\/? ?(?:20)?([0-9]{2})$/.exec(text.trim());
  if (!parts || Number(parts[1]) < 1 || Number(parts[1]) > 12) return false;
  return new Date(2000 + Number(parts[2]), Number(parts[1]), 1) > new Date();
}

function problem() {
  if (!isNumber(digits(number))) return [number, "Check the card number."];
  if (!isInFuture(expiry.value)) return [expiry, "Check the expiry date."];
  if (!/^[0-9]{3,4}$/.test(code.value)) return [code, "Check the security code."];
  return null;
}

// Of what was typed only the name of the test card leaves this frame.
function read() {
  const found = problem();
  for (const field of [number, expiry, code]) field.setAttribute("aria-invalid", String(found !== null && found[0] === field));
  if (found !== null) { found[0].focus(); return { message: found[1] }; }
  return { card: CARDS[digits(number)] || "approve" };
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
