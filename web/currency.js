/** Currencies to choose from, by the names that the reader's language has for them. */

import { currencies } from "./contract.js";
import { locale } from "./texts.js";

// What most merchants here take stands first.
const COMMON = ["INR", "USD", "EUR", "GBP", "AED", "SGD"];

/** Options of a select. @param {string | null} any what no choice is called; null where there must be one */
export function currencyOptions(any = null) {
  const names = new Intl.DisplayNames([locale()], { type: "currency" });
  const all = [...COMMON, ...Object.keys(currencies).filter((each) => !COMMON.includes(each))];
  return [...(any === null ? [] : [["", any]]), ...all.map((each) => [each, `${each} · ${names.of(each)}`])];
}

/** How many decimals a currency has. */
export const decimalsOf = (currency) => currencies[currency] ?? 2;
