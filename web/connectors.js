/** Connectors: how each stands, its test, a new one by the fields of its provider, and away with a question. */

import { get, patch, post } from "./api.js";
import { ask } from "./ask.js";
import { action, card, facts, fill, h, status, toast } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { doing, field, form, refusal, values } from "./forms.js";
import { stillHolds, WRITE } from "./merchant_settings.js";
import { abilities, everyProcessor, fieldsOf, titled } from "./processors.js";
import { table } from "./table.js";
import { t } from "./texts.js";
import { exactMoment, time } from "./time.js";

const ME = "/v1/merchants/me";
const PATH = "/v1/merchants/connectors";

export async function show(place) {
  const [processors, merchant] = await Promise.all([everyProcessor(), get(ME)]);
  const byName = new Map(processors.map((each) => [each.name, each]));
  const list = h("div", {}), adding = h("div", {});
  const draw = () => fill(list, table({ path: PATH, label: t("Connectors"), none: t("No connectors yet. Choose a provider below."), columns: columns(byName, merchant, changed) }));
  const changed = async () => {
    Object.assign(merchant, await get(ME));
    draw();
  };
  const renew = (chosen) => fill(adding, making(processors, chosen, async (name) => {
    await changed();
    renew();
    await test(name);
    draw();
  }));
  draw();
  renew();
  fill(place, card(t("Connectors"), list), card(t("Add a connector"), adding));
}

/** Save credentials; what was stored of the connector before is replaced. */
async function store(name, processor, filled) {
  const given = values(filled), own = fieldsOf(processor);
  const wanted = Object.fromEntries(own.filter((each) => given[each.name] !== undefined).map((each) => [each.name, given[each.name]]));
  const saved = await patch(ME, { connectors: { [name]: wanted } });
  toast(t("Saved. Acts everywhere from {moment} on.", { moment: exactMoment(saved.settings_effective_at) }));
}

function making(processors, chosen, done) {
  const body = h("div", { class: "stack" });
  const certified = processors.filter((each) => each.certified), others = processors.filter((each) => !each.certified);
  const options = (all) => all.map((each) => h("option", { value: each.name }, titled(each.name)));
  const select = h("select", { name: "provider", required: true, onchange: () => draw() }, h("option", { value: "" }, t("Choose a provider")),
    h("optgroup", { label: t("Tested as their documents say") }, options(certified)), h("optgroup", { label: t("Others of the library") }, options(others)));
  const draw = () => {
    const found = processors.find((each) => each.name === select.value);
    fill(body, found && [abilities(found), credentials(found, null), h("div", { class: "buttons" }, h("button", {}, t("Save and test")))]);
  };
  const made = form({ class: "stack", watched: true, needs: WRITE }, async (filled) => {
    const found = processors.find((each) => each.name === select.value);
    await store(found.name, found, filled);
    await done(found.name);
  }, h("label", {}, h("span", {}, t("Provider")), select), body);
  if (chosen) select.value = chosen;
  draw();
  return made;
}

/** A field for each of the processor's credentials. A stored value is never shown: only that there is one. */
function credentials(processor, stored) {
  return h("div", { class: "pair" }, fieldsOf(processor).map((each) => {
    const isSet = stored?.includes(each.name) ?? false;
    const label = each.required ? each.label : t("{name} (optional)", { name: each.label });
    return field(label, each.name, {
      type: each.secret && !each.lines ? "password" : "text", lines: each.lines, required: each.required, autocomplete: "off", spellcheck: "false", "data-secret": each.secret,
      hint: [isSet && `${t("Set. Type it anew.")} `, each.help].filter(Boolean).join(""),
    });
  }));
}

async function test(name) {
  try {
    const said = await post(`${PATH}/${name}/verify`);
    toast(said.accepted ? t("{connector} accepts the credentials.", { connector: titled(name) }) : t("{connector} refuses the credentials: {reason}", { connector: titled(name), reason: said.reason }));
  } catch (error) {
    toast(error.message);
  }
}

/** How it stands, worst first. */
function state(row) {
  if (row.breaker === "open") return status("failed", t("Held back"));
  if (!row.verification) return row.built_in ? status("active", t("Ready")) : status("pending", t("Not tested"));
  return row.verification.accepted ? status("success", t("Verified")) : status("failed", t("Refused"));
}

const detail = (row) => {
  if (row.breaker === "open") return t("Calls failed. Tried again at {moment}.", { moment: exactMoment(row.open_until) });
  return row.verification && [row.verification.reason && `${row.verification.reason} `, time(row.verification.checked_at)];
};

const rulesOf = (merchant, name) => merchant.routing_rules.map((rule, at) => [at + 1, rule]).filter(([, rule]) => (rule.among ?? rule.use).some((each) => each.connector === name)).map(([at]) => at);

const columns = (byName, merchant, changed) => [
  [t("Connector"), (row) => h("button", { class: "link", type: "button", "data-opens": row.connector, onclick: () => one(row, byName.get(row.connector), changed) }, titled(row.connector)), "lead"],
  [t("State"), state, "side"], [t("Last said"), detail, "wrap"],
  [t("Rules"), (row) => rulesOf(merchant, row.connector).join(", ")],
  ["", (row) => !refusal(WRITE) && [
    action(t("Test"), doing(async () => {
      await test(row.connector);
      await changed();
    })),
    !row.built_in && action(t("Remove"), doing(async () => {
      if (!await ask(removing(row.connector, rulesOf(merchant, row.connector)))) return;
      const left = (await patch(ME, { connectors: { [row.connector]: null } })).money_under_way;
      toast(left.length ? stillHolds(left[0]) : t("Removed."));
      await changed();
    }))], "actions"],
];

const removing = (name, rules) => ({
  title: t("Remove {connector}?", { connector: titled(name) }), act: t("Remove"), lines: [[t("Connector"), name], [t("Rules"), rules.join(", ")]],
  text: t("The stored credentials are deleted, also those that payments and refunds under way still need. This cannot be undone."),
});

/** One connector: what it can do, and other credentials. */
const one = (row, processor, changed) => openDrawer(titled(row.connector), row.connector, async () => [
  facts([[t("State"), state(row)], [t("Last said"), detail(row)], [t("Stored"), row.fields?.length && row.fields.join(", ")]]),
  processor && abilities(processor), processor && [h("h3", {}, t("Other credentials")), h("p", { class: "hint" }, t("All fields are given anew: what is stored is not shown, and what you leave empty is removed.")),
    form({ class: "stack", needs: WRITE }, async (filled) => {
      await store(row.connector, processor, filled);
      document.querySelector("dialog[open]")?.close();
      await test(row.connector);
      await changed();
    }, credentials(processor, row.fields), h("div", { class: "buttons" }, h("button", {}, t("Save and test"))))],
]);
