/** What a line of a price list takes of an amount: exact in whole numbers, rounded once, as the server does it. */

import { decimalsOf } from "./currency.js";

// Rates have at most four decimals: a percent is so many of these.
const RATE = 1_000_000n;
const CONDITIONS = ["method", "brand", "currency"];
const FREE_METHODS = ["upi_intent"], FREE_BRANDS = ["rupay"];

/** The line that counts; null where India's rules make it free, undefined where none fits. @param {object[]} schedules */
export function lineFor(schedules, connector, asked) {
  const own = schedules.filter((each) => each.connector === connector && !(each.from && new Date(each.from) > new Date()));
  const fit = own.filter((each) => CONDITIONS.every((name) => !each[name] || each[name] === asked[name]));
  const best = fit.toSorted((one, other) => precision(other) - precision(one) || begins(other) - begins(one))[0];
  const named = best && (best.method || best.brand);
  if (own.length && !named && (FREE_METHODS.includes(asked.method) || FREE_BRANDS.includes(asked.brand))) return null;
  return best;
}

const precision = (line) => CONDITIONS.filter((name) => line[name]).length;
// A line without a day begins when it is saved, so after all others.
const begins = (line) => (line.from ? new Date(line.from).getTime() : Number.MAX_SAFE_INTEGER);

/** "12.5" with 2 decimals → 1250n; null for what is no such number. */
function scaled(text, decimals) {
  const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text ?? "") ?? [];
  return whole === undefined || fraction.length > decimals ? null : BigInt(whole + fraction.padEnd(decimals, "0"));
}

const shown = (minor, decimals) => {
  if (minor < 0n) return `-${shown(-minor, decimals)}`;
  const digits = minor.toString().padStart(decimals + 1, "0");
  return decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
};

const halfUp = (value, unit) => (2n * value + unit) / (2n * unit);
const up = (value, unit) => (value + unit - 1n) / unit;

/**
 * Fee without tax, tax, and what is left, as decimal text; null while something is no number.
 * @param {object} line @param {string} amount @param {string} currency
 */
export function costOf(line, amount, currency) {
  const decimals = decimalsOf(currency), minor = scaled(amount, decimals);
  const percent = scaled(line.percent, 4), tax = scaled(line.tax_percent ?? "0", 4);
  const [fixed, minimum, cap] = ["fixed", "minimum", "cap"].map((name) => (line[name] ? scaled(line[name], decimals) : undefined));
  if (minor === null || percent === null || tax === null || [fixed, minimum, cap].includes(null)) return null;
  // In parts of RATE of the smallest unit.
  let exact = minor * percent + (fixed ?? 0n) * RATE;
  if (minimum !== undefined && exact < minimum * RATE) exact = minimum * RATE;
  if (cap !== undefined && exact > cap * RATE) exact = cap * RATE;
  const [fee, taxed] = minor === 0n ? [0n, 0n] : line.rounding === "up" ? roundedUp(exact, tax) : roundedOnce(exact, tax);
  return { fee: shown(fee, decimals), tax: shown(taxed, decimals), net: shown(minor - fee - taxed, decimals) };
}

function roundedUp(exact, tax) {
  const taxed = up(exact * tax, RATE * RATE);
  return [up(exact * (RATE + tax), RATE * RATE) - taxed, taxed];
}

function roundedOnce(exact, tax) {
  const fee = halfUp(exact, RATE);
  return [fee, halfUp(fee * tax, RATE)];
}
