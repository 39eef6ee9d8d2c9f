/** Building elements: text is always text, so nothing that a payer wrote can become markup. */

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
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replace an element's content. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
  return element;
}

/** One of the three states that are not content. */
export const loading = () => h("p", { class: "state", role: "status" }, "Loading…");
export const empty = (text) => h("p", { class: "state" }, text);
export const failure = (error, retry) =>
  h("div", { class: "state error", role: "alert" }, h("p", {}, error.message), retry && h("button", { class: "quiet", onclick: retry }, "Try again"));

/** A short message for eyes and screen readers. */
export function toast(text) {
  const place = document.getElementById("toast");
  fill(place, h("p", {}, text));
  setTimeout(() => place.replaceChildren(), 5000);
}

export const status = (name) => h("span", { class: `status ${name}` }, name.replaceAll("_", " "));
export const time = (text) => (text ? h("time", { datetime: text, title: text }, new Date(text).toLocaleString()) : "–");

/** A labelled form field. */
export function field(label, name, props = {}) {
  const { options, ...rest } = props;
  const input = options
    ? h("select", { name, ...rest }, options.map(([value, text]) => h("option", { value }, text)))
    : h("input", { name, ...rest });
  return h("label", {}, label, input);
}

/** The filled fields of a form. */
export const values = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
