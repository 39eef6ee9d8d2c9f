/** Files that are read into the books: a provider's report, a bank's statement. Announced, put to the link of the answer, and followed to its end. */

import { get, post } from "./api.js";
import { fill, h, rows, status, toast } from "./dom.js";
import { field, form, values } from "./forms.js";
import { choices } from "./names.js";
import { number, plural, t } from "./texts.js";

const PATH = "/v1/settlements";
const READY = ["stripe", "razorpay", "adyen", "paypal", "cashfree"];
const bank = () => [["camt053", t("camt.053 (XML)")], ["mt940", "MT940"], ["bai2", "BAI2"], ["ofx", "OFX"], ["csv", t("CSV, by a mapping")]];
const mappingHint = () => t("A JSON object that names the columns. Leave it empty for the one that was given last.");
const LOOKS = 200, LOOK_MS = 3000;

/** @param {any} merchant @param {() => void} changed what to do when something was read */
export const uploads = (merchant, changed) => h("div", { class: "grid wide" },
  upload(t("Upload a provider's report"), t("A file as the provider wrote it. What was read already is not booked again."), changed,
    field(t("Provider"), "source", { options: choices(Object.keys(merchant.connectors ?? {}).concat("sandbox")) }),
    field(t("Format"), "format", { options: [...choices(READY), ["csv", t("CSV, by a mapping")]] })),
  upload(t("Upload a bank statement"), t("Its lines are matched with what providers paid out."), changed, field(t("Format"), "format", { options: bank() })));

function upload(title, hint, changed, ...fields) {
  const shown = h("div", { "aria-live": "polite" });
  const input = h("input", { type: "file", name: "file", required: true });
  const drop = h("label", { class: "drop" }, h("span", {}, t("File")), input, h("span", { class: "hint" }, t("Choose a file, or drop one here.")));
  for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length === 1) input.files = event.dataTransfer.files;
  });
  const made = form({ class: "stack" }, async (filled) => {
    const { source = "bank", format, mapping, file } = values(filled);
    await send(file, { source, format, ...(mapping && { mapping: parsed(mapping) }) }, shown, changed);
  }, fields, h("details", {}, h("summary", {}, t("Mapping of a CSV")), field(t("Mapping"), "mapping", { lines: 4, hint: mappingHint() })), drop, h("div", { class: "buttons" }, h("button", {}, t("Upload"))));
  return h("section", { class: "card" }, h("h2", {}, title), h("p", { class: "hint" }, hint), made, shown);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(t("The mapping is no JSON."));
  }
}

async function send(file, about, shown, changed) {
  if (!file.size) throw new Error(t("The file is empty."));
  fill(shown, bar(t("Reading the file"), 0));
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const { import_id: id, upload: link } = await post(`${PATH}/import`, { ...about, size: file.size, sha256 });
    await put(link, file, (part) => fill(shown, bar(t("Uploading"), part)));
    toast(t("Uploaded. It is being read."));
    await watch(id, shown, changed, file.size);
  } catch (error) {
    fill(shown);
    throw error;
  }
}

/** Put a file to a signed link, and say how far it is: fetch cannot. */
const put = (link, file, step) => new Promise((done, fail) => {
  const request = new XMLHttpRequest();
  request.open(link.method, link.url);
  for (const [name, value] of Object.entries(link.headers)) if (name !== "Content-Length") request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && step(event.loaded / event.total));
  const lost = () => fail(new Error(t("The file could not be uploaded. Try again.")));
  request.addEventListener("error", lost);
  request.addEventListener("load", () => (request.status >= 200 && request.status < 300 ? done() : lost()));
  request.send(file);
});

const bar = (text, part) => h("label", { class: "progress" }, h("span", {}, `${text}, ${number(Math.round(part * 100))} %`), h("progress", { max: "1", value: String(part) }));

/** Say how far an import is until it is over, or the section was left. @param {string} id @param {HTMLElement} place @param {() => void} changed */
export async function watch(id, place, changed) {
  for (let look = 0; look < LOOKS && (look === 0 || place.isConnected); look += 1) {
    const found = await get(`${PATH}/imports/${id}`);
    fill(place, progress(found));
    if (found.status === "done" || found.status === "failed") return changed();
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** The counts of an import, and its wrong lines by number. */
const progress = (found) => [
  rows([[status(found.status), h("span", {}, counts(found))], found.problem && [h("span", { class: "problem" }, found.problem)]].filter(Boolean)),
  found.errors.length > 0 && [h("h3", {}, t("Lines that were not read")),
    rows(found.errors.map((each) => [h("span", { class: "num" }, t("Line {number}", { number: each.line })), h("span", { class: "quiet" }, each.reason)])),
    found.rejected > found.errors.length && h("p", { class: "hint" }, t("The first {count} of {all}.", { count: found.errors.length, all: found.rejected }))],
];

const counts = ({ read, accepted, known, rejected }) =>
  [plural(read, "{count} line read", "{count} lines read"), t("{count} new", { count: accepted }), known && t("{count} known before", { count: known }), rejected && t("{count} wrong", { count: rejected })].filter(Boolean).join(", ");
