// Whether the synthesised stack has everything that the template has: `npm run check`.
import { readFileSync } from "node:fs";
import { strict as assert } from "node:assert";

const made = JSON.parse(readFileSync("cdk.out/PayCoreX.template.json", "utf8"));
const source = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ids = Object.keys(source.Resources);
const lacking = ids.filter((id) => !(id in made.Resources));
assert.ok(ids.length > 100, `only ${ids.length} resources were read`);
assert.deepEqual(lacking, []);
assert.ok(!Object.values(made.Resources).some((one) => one.Type.startsWith("AWS::Serverless::")), "a resource was not translated");
assert.ok(!("Stage" in made.Parameters), "a parameter that the app fixes is no parameter any more");
console.log(`${ids.length} resources, all of them in cdk.out/PayCoreX.template.json`);
