// Stops an import at one place of its way until a program has run there: `node --import pause.js tool`. PAUSE_AT is
// "sync" (before it looks at the old file the last time), "before" or "after" the new file takes its place, or "held" for the moment before the old one is held; PAUSE_RUN the
// program with its arguments as JSON.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DuckDBInstance } from "@duckdb/node-api";

const at = process.env["PAUSE_AT"];
/** @type {string[]} */
const [program = "", ...args] = JSON.parse(process.env["PAUSE_RUN"] ?? "[]");
const { renameSync, linkSync, fsyncSync } = fs;
const create = DuckDBInstance.create.bind(DuckDBInstance);
let isDone = false;

function pause() {
  if (isDone) return;
  isDone = true;
  spawnSync(program, args, { stdio: "inherit" });
}

/** @param {(from: fs.PathLike, to: fs.PathLike) => void} replace */
const around = (replace) => (/** @type {fs.PathLike} */ from, /** @type {fs.PathLike} */ to) => {
  if (!String(from).includes(".importing")) return replace(from, to);
  if (at === "before") pause();
  replace(from, to);
  if (at === "after") pause();
};
fs.fsyncSync = (file) => {
  if (at === "sync") pause();
  fsyncSync(file);
};
fs.renameSync = around(renameSync);
fs.linkSync = around(linkSync);
DuckDBInstance.create = async (path, config) => {
  if (at === "held" && config?.["access_mode"] === "READ_ONLY") pause();
  return await create(path, config);
};
syncBuiltinESMExports();
