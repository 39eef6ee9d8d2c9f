/** Building elements: text is always text, so nothing that a payer wrote can become markup. */

import { words } from "./names.js";
import { t } from "./texts.js";

/** @param {string} tag @param {Record<string, any>} [props] @param {...any} children @returns {HTMLElement} */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...content(children));
  return element;
}

/** Replace an element's content. */
export function fill(element, ...children) {
  element.replaceChildren(...content(children));
  return element;
}

const content = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);

/** One of the three states that are not content. */
export const loading = () => h("p", { class: "state loading", role: "status" }, t("Loading…"));
export const empty = (text) => h("p", { class: "state" }, text);
export const failure = (error, retry) =>
  h("div", { class: "state error", role: "alert" }, h("p", {}, error.message), error.requestId && h("p", { class: "hint" }, t("Request {id}", { id: error.requestId })),
    retry && h("button", { class: "quiet", type: "button", onclick: retry }, t("Try again")));

const place = document.getElementById("toast");

/** A short message for eyes and screen readers: in the drawer while one is open, because nothing else is there for anybody then. */
export function toast(text) {
  const message = h("p", {}, text);
  const around = document.querySelector("dialog[open]") ?? document.body;
  if (place.parentNode !== around) around.append(place);
  fill(place, message);
  setTimeout(() => message.remove(), 6000);
}

export const status = (name, called = words(name)) => h("span", { class: `status ${name}` }, called);
export const card = (title, ...children) => h("section", { class: "card" }, title && h("h2", {}, title), children);
export const facts = (lines) => h("dl", {}, lines.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
export const rows = (lines) => h("ul", { class: "rows" }, lines.map((line) => h("li", {}, line)));
export const action = (label, act, props = {}) => h("button", { class: "quiet small", type: "button", onclick: act, ...props }, label);

/** An id, whole or shortened, with a button that copies it where the browser lets a page do that. */
export function identifier(text, { short = false } = {}) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast(t("Copied."));
  };
  return h("span", { class: "identifier" }, h("code", { title: text }, short ? `${text.slice(0, 12)}…` : text),
    navigator.clipboard && h("button", { class: "copy", type: "button", "aria-label": t("Copy {text}", { text }), title: t("Copy"), onclick: () => copy().catch((error) => toast(error.message)) }));
}
