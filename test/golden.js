// Writes the golden outputs of the sample tenant anew; look at the difference before you commit it. CI never runs this.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "m365-offline-golden-"));
const db = join(folder, "tenant.duckdb");
const golden = join(root, "test/golden/contoso");

/** @param {string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, [join(root, "bin/m365-offline.js"), ...args, "--db", db], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

run("import", join(root, "samples/contoso"));
rmSync(golden, { recursive: true, force: true });
run("export", "--out", golden);
rmSync(folder, { recursive: true });
