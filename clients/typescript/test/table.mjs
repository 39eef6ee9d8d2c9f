// The table of cases, cases.json, against a running platform, in whatever runtime this is imported into.
import assert from "node:assert/strict";
import { ApiError, codes, Content, PayCoreX, Pages } from "../dist/index.js";

// For a case that says `eventually`: how long what it looks for may take, in milliseconds.
const PATIENCE = 30_000;

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const at = (body, place) => place.split(".").reduce((found, part) => found[part], body);
const picked = (answer, wanted) => Object.fromEntries(Object.keys(wanted).map((place) => [place, at(answer, place)]));

/** A value with what earlier cases kept in place of `${name}`. */
function fill(value, kept) {
  if (typeof value === "string") return value.replace(/\$\{(\w+)\}/g, (_, name) => kept[name]);
  if (Array.isArray(value)) return value.map((each) => fill(each, kept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, fill(content, kept)]));
}

/** What the case's method answers; of a list, all its objects. */
async function run(client, { call, path = {}, query, body, key }) {
  let [resource, method] = call.split(".").map(camel);
  const { dry_run: dry, ...rest } = body ?? {};
  if (dry) method += "DryRun";
  const target = client[resource][method];
  const options = key === undefined ? {} : { idempotencyKey: key };
  const given = [...Object.values(path), ...(body === undefined ? [] : [rest]), ...(query === undefined ? [] : [query])];
  // A list takes its query before the options, also when there is none.
  const answer = target.call(client[resource], ...given, ...(Object.keys(options).length ? [options] : []));
  return answer instanceof Pages ? answer.all() : answer;
}

async function isRefused(client, wanted) {
  await assert.rejects(run(client, wanted), (error) => {
    assert.deepEqual({ status: error.status, code: error.code }, wanted.error, wanted.name);
    assert.ok(error instanceof ApiError && error.constructor === codes.BY_CODE[wanted.error.code] && error.requestId, wanted.name);
    return true;
  });
}

async function isAnswered(client, wanted) {
  const answer = await run(client, wanted);
  if (answer instanceof Content) {
    assert.equal(answer.mediaType, wanted.media_type, wanted.name);
    assert.ok(answer.body.length > 0);
  } else if (Array.isArray(answer)) {
    if (wanted.count !== undefined) assert.equal(answer.length, wanted.count, wanted.name);
    (wanted.items ?? []).forEach((item, number) => assert.deepEqual(picked(answer[number] ?? {}, item), item, wanted.name));
  } else {
    assert.deepEqual(picked(answer, wanted.expect), wanted.expect, wanted.name);
  }
  return answer;
}

async function patiently(client, wanted) {
  for (const end = Date.now() + PATIENCE; ; ) {
    try {
      return await isAnswered(client, wanted);
    } catch (error) {
      if (!wanted.eventually || !(error instanceof assert.AssertionError) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Run them one after another. Returns how many there were; throws for the first that is not as it should be. */
export async function runTable(cases, access) {
  const client = new PayCoreX({ ...access, retryForMs: 0 });
  const kept = {};
  for (const each of cases) {
    const wanted = fill(each, kept);
    if (wanted.error) {
      await isRefused(client, wanted);
      continue;
    }
    const answer = await patiently(client, wanted);
    for (const [name, place] of Object.entries(each.keep ?? {})) kept[name] = at(answer, place);
  }
  return cases.length;
}
