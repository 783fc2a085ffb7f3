import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** What takes too long for `npm test`: test/thorough.js and test/faults/run.js run it. */
const behind = [
  "test/cli/{diff,explain,export,forget,installation,odd,rejects,snapshots-golden}.test.ts",
  "test/database/{foreign-changes,lock,places,wal}.test.ts",
  "test/faults/!(supply).test.ts",
  "test/handoff/{manifest,verify}.test.ts",
  "test/ledger/{format,records,tenant,whole}.test.ts",
  "test/models/{newest,output_status}.test.ts",
  "test/profile/{export,refusals,verify}.test.ts",
  "test/outputs/{columns,export-held,export-thread,missing-names,missing-properties}.test.ts",
  "test/read/sign-in-status.test.ts",
  "test/recompute/{more,multiply}.test.ts",
  "test/served/serve.test.ts",
  "test/transform/{as-of,materialize,template}.test.ts",
];

/** How long a test may take: at full length as long as it needs. */
const patienceMs = process.env["THOROUGH"] === "all" ? 3_600_000 : 180_000;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: process.env["THOROUGH"] === undefined ? behind : [],
    // To load the modules anew for each file takes a second; what they keep they keep for all files.
    isolate: false,
    setupFiles: ["test/setup.ts"],
    testTimeout: patienceMs,
    hookTimeout: patienceMs,
    // A test waits for the program that it runs, and that for the disk: twice as many workers as cores.
    maxWorkers: 2 * availableParallelism(),
  },
});
