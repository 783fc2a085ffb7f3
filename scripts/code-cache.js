// Runs the program once and writes down what V8 compiled on the way, so that it need not when the program starts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { keepCode, loadProgram } from "../dist/start.js";

const sample = fileURLToPath(new URL("../samples/contoso", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "m365-offline-build-"));
const db = join(folder, "tenant.duckdb");
const code = loadProgram();
// An import prints its answer by the program that was started.
process.argv[1] = fileURLToPath(new URL("../bin/m365-offline.js", import.meta.url));
try {
  for (const given of [
    ["import", sample, "--db", db, "--quiet"],
    ["query", "from license_summary", "--db", db],
    ["export", "--db", db, "--out", join(folder, "out"), "--quiet"],
    ["status", "--db", db],
  ])
    await code.program.main(given);
  // What is compiled under other flags is not taken; the program has asked for this one to collect garbage.
  setFlagsFromString("--no-expose-gc");
  keepCode(code);
} finally {
  rmSync(folder, { recursive: true });
}
