// Writes down how long the tool works from its first look for a place for the database to its end: CLOCK_LOG.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** @type {number | undefined} */
let started;
const { openSync } = fs;
fs.openSync = (path, flags, mode) => {
  if (String(path).endsWith(".importing.probe")) started ??= performance.now();
  return openSync(path, flags, mode);
};
syncBuiltinESMExports();
process.on("exit", () => {
  if (started === undefined) return;
  fs.appendFileSync(
    process.env["CLOCK_LOG"] ?? "",
    `${process.pid} ${Math.round(performance.now() - started)}\n`,
  );
});
