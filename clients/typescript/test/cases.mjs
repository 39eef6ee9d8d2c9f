// The table of cases against a running platform: node test/cases.mjs URL KEY SECRET. Prints how many it ran.
import { readFileSync } from "node:fs";
import { runTable } from "./table.mjs";

const [baseUrl, apiKey, secret] = process.argv.slice(2);
const { cases } = JSON.parse(readFileSync(new URL("../../cases.json", import.meta.url), "utf8"));
console.log(`${await runTable(cases, { baseUrl, apiKey, secret })} cases`);
