// The table of cases against a running platform: node test/cases.mjs URL KEY SECRET. Prints how many it ran.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ApiError, codes, Content, PayCoreX, Pages } from "../dist/index.js";

const [baseUrl, apiKey, secret] = process.argv.slice(2);
const { cases } = JSON.parse(readFileSync(new URL("../../cases.json", import.meta.url), "utf8"));
const client = new PayCoreX({ baseUrl, apiKey, secret, retryForMs: 0 });
const kept = {};

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const at = (body, place) => place.split(".").reduce((found, part) => found[part], body);
const fill = (value) =>
  typeof value === "string" ? value.replace(/\$\{(\w+)\}/g, (_, name) => kept[name])
  : Array.isArray(value) ? value.map(fill)
  : typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([name, content]) => [name, fill(content)]))
  : value;
const picked = (answer, wanted) => Object.fromEntries(Object.keys(wanted).map((place) => [place, at(answer, place)]));

/** What the case's method answers; of a list, all its objects. */
async function run({ call, path = {}, query, body, key }) {
  let [resource, method] = call.split(".").map(camel);
  if (query?.format === "csv") method += "Csv";
  const { dry_run: dry, ...rest } = body ?? {};
  if (dry) method += "DryRun";
  const target = client[resource][method];
  const options = key === undefined ? {} : { idempotencyKey: key };
  const given = [...Object.values(path), ...(body === undefined ? [] : [rest]), ...(query === undefined ? [] : [query])];
  // A list takes its query before the options, also when there is none.
  const answer = target.call(client[resource], ...given, ...(Object.keys(options).length ? [options] : []));
  return answer instanceof Pages ? answer.all() : answer;
}

for (const each of cases) {
  const wanted = fill(each);
  if (wanted.error) {
    await assert.rejects(run(wanted), (error) => {
      assert.deepEqual({ status: error.status, code: error.code }, wanted.error, each.name);
      assert.ok(error instanceof ApiError && error.constructor === codes.BY_CODE[wanted.error.code] && error.requestId, each.name);
      return true;
    });
    continue;
  }
  const answer = await run(wanted);
  if (answer instanceof Content) {
    assert.equal(answer.mediaType, wanted.media_type, each.name);
    assert.ok(answer.body.length > 0);
  } else if (Array.isArray(answer)) {
    if (wanted.count !== undefined) assert.equal(answer.length, wanted.count, each.name);
    (wanted.items ?? []).forEach((item, number) => assert.deepEqual(picked(answer[number], item), item, each.name));
  } else {
    assert.deepEqual(picked(answer, wanted.expect), wanted.expect, each.name);
  }
  for (const [name, place] of Object.entries(each.keep ?? {})) kept[name] = at(answer, place);
}
console.log(`${cases.length} cases`);
