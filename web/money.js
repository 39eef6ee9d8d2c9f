/** Amounts are decimal strings from the server and stay strings: no number type touches money. */

import { locale, t } from "./texts.js";

const mark = (type) => new Intl.NumberFormat(locale()).formatToParts(1234567.8).find((part) => part.type === type).value;

/** Group the digits the way the currency's readers do: lakhs and crores for rupees. */
function grouped(digits, currency) {
  const pattern = currency === "INR" ? /\B(?=(\d{2})*\d{3}$)/g : /\B(?=(\d{3})+$)/g;
  return digits.replace(pattern, mark("group"));
}

/** "123456.70", "INR" → "₹1,23,456.70". @param {string} amount @param {string} currency */
export function money(amount, currency) {
  const [, sign, whole, , fraction] = /^(-?)(\d+)(\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined) return `${amount} ${currency}`;
  return `${sign ? "−" : ""}${symbol(currency)}${grouped(whole, currency)}${fraction ? mark("decimal") + fraction : ""}`;
}

function symbol(currency) {
  const part = new Intl.NumberFormat(locale(), { style: "currency", currency, currencyDisplay: "narrowSymbol" }).formatToParts(0);
  const found = part.find((each) => each.type === "currency")?.value ?? currency;
  return /^[A-Z]/.test(found) ? `${found} ` : found;
}

/** "0.9876" → "98.76 %", by moving the point in the text. */
export function percent(rate) {
  if (rate === null) return "–";
  const digits = rate.replace(".", "").replace(/^0+(?=\d{3})/, "");
  return `${digits.slice(0, -2)}${mark("decimal")}${digits.slice(-2)} %`;
}

/** What is left of an amount, "250.75" less "0.50": whole minor units, never a fraction. */
export function less(amount, taken) {
  const [, fraction = ""] = amount.split(".");
  const left = (BigInt(amount.replace(".", "")) - BigInt(taken.replace(".", ""))).toString().padStart(fraction.length + 1, "0");
  return fraction ? `${left.slice(0, -fraction.length)}.${left.slice(-fraction.length)}` : left;
}

/** The sum of two amounts with as many decimals, "250.75" and "0.50". */
export const plus = (one, other) => less(one, other.startsWith("-") ? other.slice(1) : `-${other}`);

/** A mark on an axis: "₹1.2L", "$120K": English readers count in lakhs for rupees only. */
export const compact = (value, currency) =>
  new Intl.NumberFormat(currency === "INR" || locale() !== "en-IN" ? locale() : "en", { notation: "compact", style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: 1 }).format(value);

/** A coordinate for a chart: pixels may be inexact, what is read is the text. */
export const height = (amount) => Number(amount);

const whole = (amount) => BigInt(amount.replace(".", ""));
const signed = (number, scale) => {
  const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, "0");
  return `${number < 0n ? "−" : "+"}${digits.slice(0, -scale)}${mark("decimal")}${digits.slice(-scale)}`;
};

/** "110.00" against "100.00" → "+10.0 %"; null where there was nothing before. @param {string} now @param {string | null} before of the same currency */
export function change(now, before) {
  if (before === null || whole(before) <= 0n) return null;
  return `${signed(((whole(now) - whole(before)) * 1000n) / whole(before), 1)} %`;
}

/** "0.9000" against "0.9500" → "−5.00 points", in the reader's language; null where one is not known. */
export const points = (now, before) => (now === null || before === null ? null : t("{difference} points", { difference: signed(whole(now) - whole(before), 2) }));

/** The largest of payments in one currency. @param {{amount: string}[]} payments @param {number} count */
export const largest = (payments, count) => payments.toSorted((one, other) => (whole(other.amount) > whole(one.amount) ? 1 : -1)).slice(0, count);
