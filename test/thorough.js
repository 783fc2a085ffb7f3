// Runs what takes too long for `npm test`: all 200 random tenants, every file and needed property of the sample removed, every report concealed, every column of every dataset removed, long samples of damaged records. With --short some of it, which CI runs behind `npm test`. Other options go to vitest.
import { runVitest } from "./vitest.js";

const given = process.argv.slice(2);
const isShort = given.includes("--short");
const files = [
  "test/database/foreign-changes",
  "test/database/lock",
  "test/database/places",
  "test/database/wal",
  "test/recompute",
  "test/handoff/verify",
  "test/ledger/exports",
  "test/ledger/format",
  "test/ledger/lists",
  "test/ledger/records",
  "test/ledger/repeats",
  "test/ledger/tenant",
  "test/ledger/whole",
  "test/cli/diff",
  "test/cli/explain",
  "test/cli/export",
  "test/cli/forget",
  "test/cli/installation",
  "test/cli/odd",
  "test/cli/rejects",
  "test/cli/snapshots-golden",
  "test/models/newest",
  "test/models/output_status",
  "test/read/sign-in-status",
  "test/read/texts",
  "test/served",
  "test/source/hash.test",
  "test/detect/shapes",
  "test/wasm-reader/cells",
  "test/outputs/missing-",
  "test/outputs/column",
  "test/outputs/export-held",
  "test/outputs/export-thread",
  "test/transform/as-of",
  "test/transform/materialize",
  "test/transform/template",
  "test/wasm-reader/differential",
  "test/wasm-reader/mutations",
];
runVitest(files, {
  options: given.filter((word) => word !== "--short"),
  thorough: isShort ? "short" : "all",
});
