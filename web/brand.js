/** The merchant's face to payers: logo, colour and name, with a preview beside. */

import { getBlob } from "./api.js";
import { action, card, fill, h, toast } from "./dom.js";
import { doing, field, form, values } from "./forms.js";
import { kept, stored, WRITE } from "./merchant_settings.js";
import { t } from "./texts.js";

// What the API takes.
const MAX_BYTES = 32 * 1024, MAX_PIXELS = 512;
const COLOUR = "#1746d1";

export async function show(place) {
  const held = await stored();
  fill(place, kept(held, whole));
}

function whole(now, save) {
  const { brand } = now, preview = previewOf(now);
  // undefined: as it is stored; null: none; else base64 of a new one.
  let logo;
  const chosen = h("input", { type: "hidden", name: "logo_changed" });
  const file = h("input", { type: "file", name: "logo", accept: "image/png,image/jpeg,image/webp", onchange: () => take().catch((error) => toast(error.message)) });
  const take = async () => {
    if (!file.files.length) return;
    const picture = await fitted(file.files[0]);
    logo = picture.base64;
    chosen.value = logo.slice(-40);
    preview.picture(picture.canvas);
  };
  const away = action(t("Take the logo away"), () => {
    [logo, file.value, chosen.value] = [null, "", "none"];
    preview.picture(null);
  });
  const colour = field(t("Colour"), "colour", { type: "color", value: brand.colour ?? COLOUR, hint: t("Of buttons. Texts in it are darkened or lightened until they can be read.") });
  const own = h("input", { type: "checkbox", name: "own", checked: brand.colour !== null });
  const made = form({ class: "stack", watched: true, needs: WRITE, oninput: () => preview.draw(values(made)) }, async (filled) => {
    const given = values(filled);
    await save({ brand: { name: given.name ?? null, colour: given.own ? given.colour : null, ...(logo !== undefined && { logo }) } });
  }, field(t("Name that payers see"), "name", { value: brand.name ?? "", maxlength: "60", placeholder: now.payee_name ?? now.name, autocomplete: "organization" }),
  h("label", { class: "tick" }, own, h("span", {}, t("A colour of our own"))), colour,
  h("label", {}, h("span", {}, t("Logo")), file, h("span", { class: "hint" }, t("PNG, JPEG or WebP. It is made smaller here until it has at most 512 pixels and 32 KiB, and what a camera wrote into it is left out."))), chosen,
  h("div", { class: "buttons" }, h("button", {}, t("Save")), away));
  preview.draw({ name: brand.name, colour: brand.colour ?? COLOUR, own: brand.colour });
  if (brand.logo) doing(async () => preview.picture(await painted(await getBlob("/v1/merchants/me/logo"), MAX_PIXELS)))({ currentTarget: away });
  return h("div", { class: "beside" }, card(t("Brand"), made), card(t("As payers see it"), preview.shown, h("p", { class: "hint" }, t("On payment pages, checkouts and links; a receipt has the name. It acts there within a minute."))));
}

/** A picture on a canvas, at most so many pixels wide and high. */
async function painted(blob, most) {
  const picture = await createImageBitmap(blob).catch(() => { throw new Error(t("This file is no picture that a browser can read.")); });
  const scale = Math.min(1, most / picture.width, most / picture.height);
  const canvas = h("canvas", { role: "img", "aria-label": t("Your logo") });
  [canvas.width, canvas.height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** As large as the API takes it: smaller and smaller, a PNG as long as it can be one. */
async function fitted(blob) {
  for (let most = MAX_PIXELS; most >= 64; most = Math.floor(most * 0.8)) {
    const canvas = await painted(blob, most);
    const content = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (content.size <= MAX_BYTES) return { canvas, base64: await base64(content) };
  }
  throw new Error(t("This picture cannot be made small enough."));
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A small payer's page on a canvas and in text: colours are set by script, because the page's policy knows no style in markup. */
function previewOf(now) {
  const head = h("div", { class: "brand-head" }), name = h("strong", {}), button = h("span", { class: "brand-button" }, t("Pay"));
  const shown = h("div", { class: "inset brand-preview" }, head, name, h("p", { class: "figure" }, "₹1,250.00"), button);
  const draw = (given) => {
    name.textContent = given.name || now.payee_name || now.name;
    const colour = given.own ? given.colour : COLOUR;
    button.style.background = colour;
    button.style.color = onColour(colour);
  };
  return { shown, draw, picture: (canvas) => fill(head, canvas) };
}

const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

/** Black or white, whichever can be read better on a colour (WCAG 2.2). */
function onColour(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}
