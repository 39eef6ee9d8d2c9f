/** Endpoints of webhooks: a new one, what is sent to it, a test with the answer, its secret, off and on, away. */

import { patch, post, remove } from "./api.js";
import { ask } from "./ask.js";
import { byPrefix, choosing } from "./choosing.js";
import { events } from "./contract.js";
import { answered } from "./delivery.js";
import { action, card, facts, fill, h, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, refusal, values } from "./forms.js";
import { words } from "./names.js";
import { secretCard } from "./secrets.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { exactMoment, time } from "./time.js";

const PROVIDER = "/v1/webhooks/provider";
const WRITE = "webhooks:write";
const ALL = "*";
const kinds = () => [["https", t("A URL of yours")], ["eventbridge", t("A bus of Amazon EventBridge")]];
const overlaps = () => [["86400", t("One more day")], ["3600", t("One more hour")], ["604800", t("One more week")], ["0", t("No longer")]];

/** @param {() => void} changed what is done when there are other endpoints than before */
export function endpoints(changed) {
  const shown = h("div", {}), list = h("div", {}), adding = h("div", {});
  const show = () => {
    fill(list, table({ path: PROVIDER, label: t("Endpoints"), none: t("No endpoints yet. The form below adds one."), columns: columns(shown, show) }));
    changed();
  };
  const renew = () => fill(adding, making(shown, () => {
    show();
    renew();
  }));
  renew();
  show();
  return [shown, card(t("Endpoints"), list), card(t("Add an endpoint"), adding)];
}

/** Which events: all, also those that come to be later, or those that are ticked. */
function choice(chosen) {
  const every = chosen.includes(ALL);
  const listed = choosing({
    legend: t("Events"), name: "events", searched: true, chosen: new Set(every ? events : chosen), presets: [[t("All"), () => true], [t("None"), () => false]],
    groups: byPrefix(events.filter((each) => each !== "webhook.test"), ".").map(([prefix, all]) => [words(prefix), all.map((each) => [each, each])]),
  });
  const draw = () => { listed.hidden = mode.querySelector("select").value === "every"; };
  const mode = field(t("Which events"), "mode", { options: [["every", t("All events, later ones too")], ["some", t("The ones that I tick")]], value: every ? "every" : "some", onchange: () => draw() });
  draw();
  return { shown: [mode, listed], chosen: () => (mode.querySelector("select").value === "every" ? [ALL] : listed.chosen()) };
}

function making(shown, made) {
  const wanted = choice([ALL]);
  const url = field(t("New endpoint"), "url", { type: "url", required: true, placeholder: "https://", autocomplete: "off" });
  const bus = field(t("The bus's ARN"), "bus_arn", { placeholder: "arn:aws:events:…", pattern: "arn:.+", spellcheck: "false", autocomplete: "off", hint: t("Events are put on it. A rule of the bus decides who gets them; there is no secret.") });
  const draw = () => {
    const isBus = kind.querySelector("select").value === "eventbridge";
    [url.hidden, bus.hidden] = [isBus, !isBus];
    [url.querySelector("input").required, bus.querySelector("input").required] = [!isBus, isBus];
  };
  const kind = field(t("Send to"), "kind", { options: kinds(), onchange: () => draw() });
  draw();
  return form({ class: "stack", watched: true, needs: WRITE }, async (filled) => {
    const given = values(filled), chosen = some(wanted), isBus = given.kind === "eventbridge";
    const endpoint = await post(PROVIDER, { ...(isBus ? { kind: "eventbridge", bus_arn: given.bus_arn } : { url: given.url }), events: chosen });
    if (endpoint.secret) fill(shown, secretCard(t("The endpoint's secret"), [[t("Secret"), endpoint.secret]]));
    else toast(t("Added."));
    made();
  }, h("div", { class: "pair" }, kind, url, bus), wanted.shown, h("div", { class: "buttons" }, h("button", {}, t("Add"))));
}

function some(wanted) {
  const chosen = wanted.chosen();
  if (!chosen.length) throw new Error(t("Tick an event at least."));
  return chosen;
}

const summary = (row) => {
  if (row.events.includes(ALL)) return t("All events");
  return row.events.length > 3 ? t("{count} events", { count: row.events.length }) : row.events.join(", ");
};

const columns = (shown, changed) => [
  ["URL", (row) => h("button", { class: "link", type: "button", "data-opens": row.endpoint_id, onclick: () => one(row, shown, changed) }, row.url), "lead wrap"],
  [t("State"), (row) => [status(row.is_active ? "active" : "failed", row.is_active ? t("Active") : t("Off")), row.disabled_reason && h("span", { class: "hint" }, ` ${words(row.disabled_reason)}`)], "side"],
  [t("Events"), summary, "wrap"],
  ["", (row) => !refusal(WRITE) && [
    action(t("Test"), doing(() => testing(row))),
    action(row.is_active ? t("Turn off") : t("Turn on"), doing(async () => {
      if (row.is_active && !await ask(turningOff(row))) return;
      await patch(`${PROVIDER}/${row.endpoint_id}`, { is_active: !row.is_active });
      changed();
    }))], "actions"],
];

/** Send the test event, and show the answer whole. */
async function testing(row) {
  const sent = await post(`${PROVIDER}/${row.endpoint_id}/test`), last = sent.attempts.at(-1);
  openDrawer(t("Test event"), `${row.endpoint_id}-test`, async () => [
    facts([[t("Endpoint"), h("code", {}, row.url)], [t("Status"), status(sent.status)], [t("Answer"), last && answered(last)], [t("Time"), last && t("{duration} ms", { duration: last.duration_ms })], [t("Event"), h("code", {}, sent.event)]]),
    h("h3", {}, t("What it answered")), last?.response ? h("pre", { class: "scroll", tabindex: "0" }, last.response) : h("p", { class: "hint" }, t("No content.")),
    last && !last.status_code && h("p", { class: "problem" }, t("The endpoint could not be reached. Check the address, its certificate, and that it answers within ten seconds.")),
  ]);
}

/** One endpoint: changed, its secret rotated, removed. */
function one(row, shown, changed) {
  openDrawer(t("Endpoint"), row.endpoint_id, async () => {
    const wanted = choice(row.events), isBus = row.kind === "eventbridge";
    const close = () => document.querySelector("dialog[open]")?.close();
    const done = () => {
      close();
      changed();
    };
    const edit = form({ class: "stack", needs: WRITE }, async (filled) => {
      const given = values(filled);
      await patch(`${PROVIDER}/${row.endpoint_id}`, { ...(isBus ? { bus_arn: given.bus_arn } : { url: given.url }), events: some(wanted) });
      toast(t("Saved."));
      done();
    }, isBus ? field(t("The bus's ARN"), "bus_arn", { value: row.bus_arn, required: true, spellcheck: "false" }) : field("URL", "url", { type: "url", value: row.url, required: true }),
    wanted.shown, h("div", { class: "buttons" }, h("button", {}, t("Save"))));
    return [facts([[t("State"), status(row.is_active ? "active" : "failed", row.is_active ? t("Active") : t("Off"))], [t("Since"), time(row.created_at)]]), h("h3", {}, t("What is sent")), edit,
      !isBus && !refusal(WRITE) && [h("h3", {}, t("Secret")), rotating(row, shown, close)],
      !refusal(WRITE) && [h("h3", {}, t("Remove")), action(t("Remove endpoint"), doing(async () => {
        if (!await ask(removing(row))) return;
        await remove(`${PROVIDER}/${row.endpoint_id}`);
        done();
      }))]];
  });
}

const rotating = (row, shown, close) => form({ class: "line" }, async (filled) => {
  if (!await ask(renewing(row))) return;
  const rotated = await post(`${PROVIDER}/${row.endpoint_id}/rotate`, { overlap_seconds: Number(values(filled).overlap) });
  const until = rotated.previous_secret_expires_at;
  close();
  fill(shown, secretCard(t("The endpoint's new secret"), [[t("Secret"), rotated.secret]]), until && h("p", { class: "hint" }, t("The secret before it signs too until {moment}.", { moment: exactMoment(until) })));
  shown.scrollIntoView({ block: "nearest" });
}, field(t("The secret of now signs for"), "overlap", { options: overlaps() }), h("button", { class: "quiet" }, t("Rotate secret")));

const turningOff = (row) => ({
  title: t("Turn this endpoint off?"), act: t("Turn off"), lines: [["URL", row.url]],
  text: t("New events are not sent to it. Turning it on again does not send them; a replay does."),
});
const renewing = (row) => ({
  title: t("Rotate this endpoint's secret?"), act: t("Rotate secret"), lines: [["URL", row.url]],
  text: t("Deliveries are signed with a new secret, which the receiver must know. This cannot be undone."),
});
const removing = (row) => ({
  title: t("Remove this endpoint?"), act: t("Remove"), lines: [["URL", row.url]],
  text: t("Nothing is sent to it any more, and what is still to be sent ends as failed. This cannot be undone."),
});
