// Ends the tool when it touches the bytes of a file that the engine has open in this process, which would drop the
// engine's lock on it: `node --import bytes.js tool`.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DuckDBInstance } from "@duckdb/node-api";

/** @type {Map<string, number>} Numbers of files that are open, and how often. */
const open = new Map();
const create = DuckDBInstance.create.bind(DuckDBInstance);
const numberOf = (/** @type {fs.PathLike | number} */ path) => {
  const stats = typeof path === "number" ? fs.fstatSync(path) : fs.statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
};

/** @param {string} what @param {fs.PathLike | number} path */
function refuse(what, path) {
  const number = numberOf(path);
  if (number === undefined || !open.get(number)) return;
  fs.writeSync(2, `TOUCHED: ${what} of ${String(path)}, which the engine has open\n${new Error().stack}\n`);
  process.exit(99);
}

DuckDBInstance.create = async (path, config) => {
  if (path !== undefined && path !== ":memory:" && fs.existsSync(path)) refuse("a second opening", path);
  const instance = await create(path, config);
  const number = path === undefined || path === ":memory:" ? undefined : numberOf(path);
  if (number === undefined) return instance;
  open.set(number, 1);
  const close = instance.closeSync.bind(instance);
  instance.closeSync = () => {
    close();
    open.delete(number);
  };
  return instance;
};

const names = /** @type {const} */ ([
  "openSync",
  "open",
  "readFileSync",
  "readFile",
  "writeFileSync",
  "writeFile",
  "appendFileSync",
  "createReadStream",
  "createWriteStream",
  "truncateSync",
  "copyFileSync",
  "copyFile",
]);
for (const name of names) {
  const original = /** @type {(...args: unknown[]) => unknown} */ (fs[name]);
  Object.assign(fs, {
    [name]: (/** @type {unknown[]} */ ...args) => {
      refuse(name, /** @type {fs.PathLike | number} */ (args[0]));
      if (name.startsWith("copy")) refuse(name, /** @type {fs.PathLike} */ (args[1]));
      return original(...args);
    },
  });
}
const promised = fs.promises.open;
fs.promises.open = async (path, ...rest) => {
  refuse("promises.open", path);
  return await promised(path, ...rest);
};
syncBuiltinESMExports();
process.on("exit", () => {
  if (process.env["BYTES_LOG"]) fs.appendFileSync(process.env["BYTES_LOG"], "watched\n");
});
