// Writes the golden outputs of the sample tenant anew, of one month and of two; look at the difference before you commit it. CI never runs this.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readGolden } from "./golden-files.js";
import { secondDay, writeMonthLater } from "./month-later.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "m365-offline-golden-"));
const db = join(folder, "tenant.duckdb");
const sample = join(root, "samples/contoso");

/** @param {string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, [join(root, "bin/m365-offline.js"), ...args, "--db", db], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {string} name @param {string[]} args */
function writeGolden(name, ...args) {
  const golden = join(root, "test/golden", name);
  const bundle = join(folder, name);
  run("export", "--out", bundle, ...args);
  rmSync(golden, { recursive: true, force: true });
  mkdirSync(golden);
  for (const [file, text] of Object.entries(readGolden(bundle))) writeFileSync(join(golden, file), text);
}

run("import", sample);
writeGolden("contoso");
writeMonthLater(sample, join(folder, "second"));
run("import", join(folder, "second"), "--as-of", secondDay);
for (const day of ["2026-11-01", secondDay]) writeGolden(`contoso-${day.slice(0, 7)}`, "--as-of", day);
rmSync(folder, { recursive: true });
