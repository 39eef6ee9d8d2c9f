/** Amounts are decimal strings from the server and stay strings: no number type touches money. */

const separators = new Intl.NumberFormat().formatToParts(1234567.8);
const group = separators.find((part) => part.type === "group")?.value ?? "";
const decimal = separators.find((part) => part.type === "decimal")?.value ?? ".";

/** Group the digits the way the currency's readers do: lakhs and crores for rupees. */
function grouped(digits, currency) {
  const pattern = currency === "INR" ? /\B(?=(\d{2})*\d{3}$)/g : /\B(?=(\d{3})+$)/g;
  return digits.replace(pattern, group || ",");
}

/** "123456.70", "INR" → "₹1,23,456.70". @param {string} amount @param {string} currency */
export function money(amount, currency) {
  const [, sign, whole, , fraction] = /^(-?)(\d+)(\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined) return `${amount} ${currency}`;
  return `${sign ? "−" : ""}${symbol(currency)}${grouped(whole, currency)}${fraction ? decimal + fraction : ""}`;
}

function symbol(currency) {
  const part = new Intl.NumberFormat(undefined, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).formatToParts(0);
  const found = part.find((each) => each.type === "currency")?.value ?? currency;
  return /^[A-Z]/.test(found) ? `${found} ` : found;
}

/** "0.9876" → "98.76 %", by moving the point in the text. */
export function percent(rate) {
  if (rate === null) return "–";
  const digits = rate.replace(".", "").replace(/^0+(?=\d{3})/, "");
  return `${digits.slice(0, -2)}${decimal}${digits.slice(-2)} %`;
}

/** What is left of an amount, "250.75" less "0.50": whole minor units, never a fraction. */
export function less(amount, taken) {
  const [, fraction = ""] = amount.split(".");
  const left = (BigInt(amount.replace(".", "")) - BigInt(taken.replace(".", ""))).toString().padStart(fraction.length + 1, "0");
  return fraction ? `${left.slice(0, -fraction.length)}.${left.slice(-fraction.length)}` : left;
}

/** A mark on an axis: "₹1.2L". */
export const compact = (value, currency) =>
  new Intl.NumberFormat(undefined, { notation: "compact", style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: 1 }).format(value);

/** A coordinate for a chart: pixels may be inexact, what is read is the text. */
export const height = (amount) => Number(amount);
