// A scanner that looks at each file just when the tool wants it, as on Windows: `node --import refuse.js tool`. Of every
// opening, renaming and removing of a path in REFUSE_IN the first REFUSE_FIRST calls are refused, in turn with each code
// that Windows gives; REFUSE_LOG gets a line for each. With REFUSE_CALLS only the calls named there are. The engine is
// refused what is there in its words, every other time with the name of the scanner. Waiting between two tries takes no time.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
// The engine's library is chosen by the platform: it must be there before that is another.
import { DuckDBInstance } from "@duckdb/node-api";

const { REFUSE_IN = "", REFUSE_FIRST = "1", REFUSE_LOG = "", REFUSE_CALLS = "" } = process.env;
const only = REFUSE_CALLS.split(" ").filter((name) => name !== "");
const codes = ["EBUSY", "EPERM", "EACCES"];
/** @type {Map<string, number>} */
const counts = new Map();
let refused = 0;
const { appendFileSync, existsSync } = fs;

/** @param {string} name @param {string} path @returns {NodeJS.ErrnoException | undefined} */
function maybeRefusal(name, path) {
  if (only.length > 0 && !only.includes(name)) return undefined;
  if (name === "rmSync" && !existsSync(path)) return undefined;
  const key = `${name} ${path.replaceAll(/\d+-\w+/g, "N")}`;
  const count = (counts.get(key) ?? 0) + 1;
  if (!path.startsWith(REFUSE_IN) || count > Number(REFUSE_FIRST)) return undefined;
  counts.set(key, count);
  const code = codes[(refused += 1) % codes.length];
  if (REFUSE_LOG !== "") appendFileSync(REFUSE_LOG, `${name} ${path}\n`);
  return Object.assign(new Error(`${code}: refused, ${name} '${path}'`), { code, syscall: name, path });
}

/** @param {"openSync" | "open" | "renameSync" | "linkSync" | "rmSync" | "rmdirSync" | "unlinkSync"} name @param {number} paths */
function watch(name, paths = 1) {
  const original = /** @type {(...args: unknown[]) => unknown} */ (fs[name]);
  const replaced = (/** @type {unknown[]} */ ...args) => {
    const given = args.slice(0, paths).map((path) => resolve(String(path)));
    const error = given.map((path) => maybeRefusal(name, path)).find(Boolean);
    if (error === undefined) return original(...args);
    const done = args.at(-1);
    if (typeof done !== "function") throw error;
    setImmediate(() => done(error));
    return undefined;
  };
  Object.assign(fs, { [name]: replaced });
}
watch("openSync");
watch("open");
watch("renameSync", 2);
watch("linkSync", 2);
watch("rmSync");
watch("rmdirSync");
watch("unlinkSync");
const create = DuckDBInstance.create.bind(DuckDBInstance);
DuckDBInstance.create = async (path = "", config = {}) => {
  const isThere = path !== "" && existsSync(path);
  if (!isThere || maybeRefusal("create", path) === undefined) return await create(path, config);
  const end =
    refused % 2 === 0 ? "" : "\r\n\r\nFile is already open in \nC:\\Defender\\MsMpEng.exe (PID 4242)";
  throw new Error(`IO Error: Cannot open file "${path}": Zugriff verweigert${end}`);
};
// Waiting takes no time, but the clock sees it.
let waited = 0;
const now = performance.now.bind(performance);
performance.now = () => now() + waited;
Atomics.wait = (_array, _index, _value, ms = 0) => {
  waited += ms;
  return "timed-out";
};
Object.defineProperty(process, "platform", { value: "win32" });
syncBuiltinESMExports();
