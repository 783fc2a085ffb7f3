// Runs the campaigns of faults at full size, all or those that are named: npm run faults [-- NAME…] [SEED=n]
// With --short they are tests of a minute together, which CI runs behind `npm test`; other options go to vitest.
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { runVitest } from "../vitest.js";

/** @typedef {import("./tools.js").Campaign} Campaign */

const folder = new URL("campaigns/", import.meta.url);
const names = readdirSync(fileURLToPath(folder))
  .filter((name) => name.endsWith(".js"))
  .map((name) => basename(name, ".js"))
  .toSorted();
const given = process.argv.slice(2);
const wanted = given.filter((word) => !word.startsWith("-"));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`there is no campaign ${unknown.join(", ")}. The campaigns are: ${names.join(", ")}`);
  process.exit(2);
}
const chosen = wanted.length === 0 ? names : wanted;
if (given.includes("--short"))
  runVitest(
    chosen.map((name) => `test/faults/${name}.test.ts`),
    { options: given.filter((word) => word.startsWith("-") && word !== "--short"), thorough: "short" },
  );
else await runWhole();

async function runWhole() {
  const seed = Number(process.env["SEED"] ?? 1);
  let failed = 0;
  for (const name of chosen) {
    const started = Date.now();
    const { run } = /** @type {Campaign} */ (await import(new URL(`${name}.js`, folder).href));
    const { figures, failures } = await run({ scale: 1, seed });
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(
      `${failures.length === 0 ? "held  " : "FAILED"}  ${name}  ${figures}  (${seconds} s, seed ${seed})`,
    );
    for (const failure of failures.slice(0, 20)) console.log(`        ${failure}`);
    failed += failures.length === 0 ? 0 : 1;
  }
  process.exitCode = failed === 0 ? 0 : 1;
}
