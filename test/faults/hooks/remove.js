// Removes a folder while the tool is at work, as somebody else may: REMOVE is the folder, REMOVE_AT "load" (when the
// engine has opened the new file) or "sync" (when the first file of an export is down).
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DuckDBInstance } from "@duckdb/node-api";

const { REMOVE = "", REMOVE_AT } = process.env;
const create = DuckDBInstance.create.bind(DuckDBInstance);
const { fsync, fsyncSync } = fs;
const remove = () => fs.rmSync(REMOVE, { recursive: true, force: true });

DuckDBInstance.create = async (path, config) => {
  const instance = await create(path, config);
  if (REMOVE_AT === "load" && path?.endsWith(".importing")) remove();
  return instance;
};
fs.fsyncSync = (file) => {
  fsyncSync(file);
  if (REMOVE_AT === "sync") remove();
};
Object.assign(fs, {
  fsync(/** @type {number} */ file, /** @type {fs.NoParamCallback} */ done) {
    fsync(file, (error) => {
      if (REMOVE_AT === "sync") remove();
      done(error);
    });
  },
});
syncBuiltinESMExports();
