/** The texts of the page in the reader's language. The English text is its own key; the catalogue of another language is fetched when it is chosen.
 *  Nothing is translated before `begin`: a text that a module made at once would keep its language when the reader changes it. */

// The languages that there are; numbers are grouped in lakhs and crores in each.
const LOCALES = { en: "en-IN", hi: "hi-IN" };
const COOKIE = "language";
const YEAR_SECONDS = 31_536_000;
const NOTHING = { texts: {}, plurals: {}, words: {}, errors: {} };

let language = null;
let catalogue = NOTHING;

const known = (name) => (Object.hasOwn(LOCALES, name ?? "") ? name : null);
const kept = () => known(document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1));
const preferred = () => navigator.languages.map((each) => known(each.split("-")[0])).find(Boolean) ?? "en";

/** Take the language that the reader chose before, or the browser's. */
export const begin = () => use(kept() ?? preferred());

/** Take the language that the reader chooses now, and remember it. The document gets an event `language`. @param {string} name */
export async function choose(name) {
  document.cookie = `${COOKIE}=${name}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  await use(name);
  document.dispatchEvent(new Event("language"));
}

async function use(name) {
  const found = name === "en" ? NOTHING : await fetched(name);
  // Without its catalogue a language cannot be shown, and English is there always.
  [language, catalogue] = found ? [name, found] : ["en", NOTHING];
  document.documentElement.lang = language;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = t(each.dataset.text);
  for (const each of document.querySelectorAll("[data-label]")) each.setAttribute("aria-label", t(each.dataset.label));
}

const fetched = (name) => fetch(new URL(`texts_${name}.json`, import.meta.url)).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);

/** The reader's language, as `<html lang>` has it, and the locale that numbers and dates are written in. */
export const spoken = () => language;
export const locale = () => LOCALES[language ?? "en"];

/**
 * A text in the reader's language. `{name}` in it takes a value: a number is grouped, and with an element among the values the answer is a list of children.
 * @param {string} text in English, always a literal @param {Record<string, any>} [values]
 */
export function t(text, values = {}) {
  if (language === null) throw new Error(`"${text}" is translated before the language is known: call t() in a function.`);
  return filled(catalogue.texts[text] ?? text, values);
}

/** A text with a count, `{count}` in both forms. @param {number} count @param {string} one @param {string} other @param {Record<string, any>} [values] */
export function plural(count, one, other, values = {}) {
  const forms = catalogue.plurals[other] ?? { one, other };
  return filled(forms[new Intl.PluralRules(locale()).select(count)] ?? forms.other, { count, ...values });
}

/** What a word of the API is called, such as a status: English where the catalogue has none. @param {string} text in English */
export const word = (text) => catalogue.words[text] ?? catalogue.texts[text] ?? text;

/** What went wrong in the reader's language, by the error's code; the API's own English words follow, since they say of what. @param {string} code @param {string} message */
export const explained = (code, message) => (catalogue.errors[code] ? `${catalogue.errors[code]} (${message})` : message);

export const number = (value) => new Intl.NumberFormat(locale()).format(value);

function filled(text, values) {
  const content = text.split(/\{(\w+)\}/).map((part, index) => (index % 2 ? shown(values[part]) : part));
  return content.some((each) => typeof each === "object") ? content.filter((each) => each !== "") : content.join("");
}

const shown = (value) => (typeof value === "number" ? number(value) : value ?? "");
